/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are code that holds templates */
import { describe, expect, test } from "vitest";
import { isComplete } from "../../../kernel/language/is-complete.ts";
import { scan } from "../../../kernel/language/scan.ts";

const complete = [
  "",
  "  \n",
  "x",
  "x // comment",
  "x /* comment */",
  "x++",
  "a.in",
  "['x'] as const",
  "a.of",
  "let y = /[/(]/;",
  "a / b / c",
  "f(1) / 2",
  "`a ${b ? `${c}` : '}'} d`",
  "function f() {\n  return 1\n}",
  "{ a: 1 }",
  "{ a: 1, 'b': 2 }",
  "if (x) y; else z",
  "for (const a of b) {\n  a\n}",
  "import * as vl from 'vega-lite'",
  "const f = <T,>(x: T): x is T => true",
  "type A = { a: number } | null",
  "await fetch('x')",
  "class A { #x = 1; get y() { return this.#x } }",
  "'it\\'s'.length",
  "%%nocheck\nlet a = 1",
  "@dec class A {}",
];

const incomplete: [string, string][] = [
  ["foo(", "  "],
  ["foo(1,", ""],
  ["let x =", "  "],
  ["x +", ""],
  ["a &&", ""],
  ["a ?", ""],
  ["a?.", ""],
  ["obj.", ""],
  ["const f = () =>", "  "],
  ["if (x)", "  "],
  ["if (x) {", "  "],
  ["if (x) y; else", "  "],
  ["for (const a of b) {\n  x", "  "],
  ["for (const a of b) {\n  if (a) {", "    "],
  ["function f() {", "  "],
  ["class A {\n  m() {\n  }", "  "],
  ["`text", ""],
  ["`a ${b", ""],
  ["/* open", ""],
  ["[1, 2", ""],
  ["@dec", ""],
  ["try { a() }", ""],
  ["'open \\", ""],
  ["type A =", "  "],
  ["interface A {", "  "],
];

const invalid = [
  "a)",
  "foo(]",
  "let 1x",
  "a b",
  "'open",
  "x = 1 2 (",
  "if x { y }",
  "/open",
  "}",
  "foo(1 2",
  "%%nocheck\na b",
];

describe("isComplete()", () => {
  test.each(complete)("%j is complete", (code) => expect(isComplete(code)).toEqual({ status: "complete" }));
  test.each(incomplete)("%j is incomplete", (code, indent) =>
    expect(isComplete(code)).toEqual({ status: "incomplete", indent }),
  );
  test.each(invalid)("%j is invalid", (code) => expect(isComplete(code)).toEqual({ status: "invalid" }));
});

describe("scan()", () => {
  const texts = (code: string) => scan(code).tokens.map(({ kind, text }) => `${kind} ${text}`);

  test("tells division from regular expressions", () => {
    expect(texts("a / b; /c[/]d/g; return /e/")).toEqual([
      ...["word a", "punctuation /", "word b", "punctuation ;", "regex /c[/]d/g"],
      ...["punctuation ;", "word return", "regex /e/"],
    ]);
  });

  test("follows templates into their substitutions", () => {
    expect(texts("`a${ { b: `c` } }d`")).toEqual([
      ...["template `a${", "punctuation {", "word b", "punctuation :", "template `c`", "punctuation }", "template }d`"],
    ]);
  });

  test("says what is open", () => {
    expect(scan("f([`${{").open.map(({ bracket }) => bracket)).toEqual(["(", "[", "${", "{"]);
    expect(scan("f(]").mismatch).toBe(2);
    expect(scan("x /* y").unfinished).toBe("comment");
  });

  test("ends on any text", () => {
    for (const text of [
      "'\\",
      "`\\",
      "/\\",
      '"',
      "#",
      "@",
      "\\u0061",
      "\u2028'",
      "1..e",
      "𝒜 ''`",
      "/*/",
      "${}",
      "?.5",
    ]) {
      const { tokens } = scan(text);
      expect(tokens.every(({ start, end }) => end > start && end <= text.length)).toBe(true);
    }
  });
});
