import { describe, expect, test } from "vitest";
import { isComplete } from "../../../kernel/language/is-complete.ts";
import { blankMagics, rewriteMagics } from "../../../kernel/language/magics.ts";
import { parses } from "../../../kernel/language/parses.ts";

const rewrite = (code: string, ...names: string[]) =>
  rewriteMagics(code, { parses, inSession: (name) => names.includes(name) });

describe("rewriteMagics()", () => {
  test("makes calls of magics and commands at the beginning of a statement", () => {
    expect(rewrite("%pwd")).toBe('await photonbook$magics.line("pwd", "");');
    expect(rewrite("const a = 1\n  !echo 'hi'\na")).toBe(
      "const a = 1\nawait photonbook$magics.shell(\"echo 'hi'\");\na",
    );
    expect(rewrite("%%bash -e\nls\npwd")).toBe('await photonbook$magics.cell("bash", "-e", "ls\\npwd");');
  });

  test.each([
    ["a remainder over lines", "const m = 17 % 4\nconst r = m\n  %m"],
    ["a remainder after an operator", "const r = 3 *\n%a"],
    ["a template", "const t = `\n%pwd\n!ls\n`"],
    ["a comment", "/*\n%pwd\n!ls\n*/"],
    ["an open parenthesis", "f(\n!a\n)"],
    ["a negation of a name of the cell", "let done = false\n!done && f()"],
    ["a call at once", "!function () {}()"],
    ["a parenthesis", "!(a)"],
    ["inequality over lines", "a\n!= b"],
  ])("leaves %s alone", (_, code) => {
    expect(rewrite(code)).toBe(code);
  });

  test("takes `!name` for a negation where the session has the name, else for a command", () => {
    expect(rewrite("!done && f()", "done")).toBe("!done && f()");
    expect(rewrite("!ls && pwd", "done")).toContain("shell");
    expect(rewrite("!git status", "git")).toContain("shell");
  });

  test("keeps the number of lines, also of a command that goes on after a backslash", () => {
    const code = "!echo a \\\n  b\nconst c = 1";
    expect(rewrite(code).split("\n")).toEqual(['await photonbook$magics.shell("echo a    b");', "", "const c = 1"]);
  });

  test("times expressions by their value and statements where they stand", () => {
    expect(rewrite("%time f(1)")).toBe("await photonbook$magics.time(() => (f(1)));");
    expect(rewrite("%time const a = 1")).toBe("photonbook$magics.start(); const a = 1; photonbook$magics.stop();");
    expect(rewrite("%timeit -n 5 -r 2 await f()")).toBe(
      "await photonbook$magics.timeit({ loops: 5, runs: 2 }, async () => (await f()));",
    );
  });
});

describe("blankMagics()", () => {
  test("keeps the code that is timed, at its columns", () => {
    expect(blankMagics("%time abc.")).toBe("      abc.");
    expect(blankMagics("%%time\nabc.")).toBe("      \nabc.");
    expect(blankMagics("!ls\nabc.")).toBe("   \nabc.");
    expect(blankMagics("%%bash\nfor i in")).toBe("      \n        ");
  });

  test("lets isComplete judge what is left", () => {
    expect(isComplete("%pwd").status).toBe("complete");
    expect(isComplete("%%time\nfunction f() {").status).toBe("incomplete");
    expect(isComplete("!ls (").status).toBe("complete");
  });
});
