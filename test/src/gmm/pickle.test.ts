import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PickleError } from "../../../src/gmm/index.ts";
import { readPickle } from "../../../src/gmm/pickle.ts";
import { PickledArray } from "../../../src/gmm/pickled-array.ts";
import { PickledGlobal, PickledObject } from "../../../src/gmm/pickled-object.ts";

type Part = number | string | readonly Part[];

/** A pickle of protocol 4 from operations: numbers are bytes, strings their characters. */
function pickle(...parts: readonly Part[]): Uint8Array {
  const bytes = (part: Part): number[] => {
    if (typeof part === "number") return [part];
    return typeof part === "string" ? Array.from(part, (character) => character.charCodeAt(0)) : part.flatMap(bytes);
  };
  return Uint8Array.from(bytes([0x80, 4, parts]));
}

/** SHORT_BINUNICODE and SHORT_BINBYTES. */
const text = (value: string): Part => [0x8c, value.length, value];
const raw = (...value: number[]): Part => ["C", value.length, value];
const global = (module: string, name: string): Part => `c${module}\n${name}\n`;
/** A dtype with its byte order. */
const dtype = (code: string, order = "<"): Part => [
  [global("numpy", "dtype"), text(code), 0x89, 0x88, 0x87, "R"],
  ["(", "K", 3, text(order), "NNN", "K", 0, "K", 0, "K", 0, "tb"],
];
/** An array of shape (2, 3) of bytes; state given by its parts. */
const array = (shape: Part, type: Part, content: Part, fortran = false): Part => [
  [global("numpy.core.multiarray", "_reconstruct"), global("numpy", "ndarray"), "K", 0, 0x85, raw(98), 0x87, "R"],
  ["(", "K", 1, shape, type, fortran ? 0x88 : 0x89, content, "tb"],
];
const pair = (a: number, b: number): Part => ["K", a, "K", b, 0x86];

const message = (bytes: Uint8Array): string => {
  try {
    readPickle(bytes, { name: "x.pkl" });
  } catch (error) {
    expect(error).toBeInstanceOf(PickleError);
    return (error as PickleError).message;
  }
  throw new Error("it was read");
};

describe("readPickle()", () => {
  it("reads numbers, text, bytes and containers", () => {
    const program = ["}", "(", text("a"), "K", 7, text("b"), "J", [0xfe, 0xff, 0xff, 0xff], text("c"), "M", [1, 2]];
    const more = [
      text("d"),
      "G",
      [0x3f, 0xf8, 0, 0, 0, 0, 0, 0],
      text("e"),
      "N",
      text("f"),
      0x88,
      text("g"),
      raw(1, 2),
    ];
    const last = [text("h"), "]", "(", "K", 1, "K", 2, "e", text("i"), 0x8f, "(", "K", 5, "K", 5, 0x90, "u."];
    expect(readPickle(pickle(program, more, last))).toEqual(
      new Map<string, unknown>([
        ["a", 7],
        ["b", -2],
        ["c", 513],
        ["d", 1.5],
        ["e", null],
        ["f", true],
        ["g", Uint8Array.of(1, 2)],
        ["h", [1, 2]],
        ["i", new Set([5])],
      ]),
    );
  });

  it("reads integers of any length with their sign", () => {
    expect(readPickle(pickle(0x8a, 0, "."))).toBe(0);
    expect(readPickle(pickle(0x8a, 1, 0xff, "."))).toBe(-1);
    expect(readPickle(pickle(0x8a, 5, [0, 0, 0, 0, 0x80], "."))).toBe(-549755813888);
    expect(readPickle(pickle(0x8b, [9, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1], "."))).toBe(2n ** 64n);
  });

  it("takes values back from the memo, and values that hold themselves", () => {
    const list = readPickle(pickle("]", 0x94, "h", 0, "a.")) as unknown[];
    expect(list).toHaveLength(1);
    expect(list[0]).toBe(list);
  });

  it("puts arrays in row-major order, from either order", () => {
    const rows = (fortran: boolean) => {
      const value = readPickle(pickle(array(pair(2, 3), dtype("i1"), raw(1, 2, 3, 4, 5, 255), fortran), "."));
      return Array.from((value as PickledArray).numbers()?.data ?? []);
    };
    expect(rows(false)).toEqual([1, 2, 3, 4, 5, -1]);
    expect(rows(true)).toEqual([1, 3, 5, 2, 4, -1]);
  });

  it("reads scalars in either byte order, and bytes that protocol 2 writes as text", () => {
    const scalar = (order: string, content: Part) =>
      readPickle(pickle(global("numpy._core.multiarray", "scalar"), dtype("u2", order), content, 0x86, "R."));
    expect(scalar("<", raw(1, 2))).toBe(513);
    expect(scalar(">", raw(1, 2))).toBe(258);
    const encoded = [global("_codecs", "encode"), ["X", [3, 0, 0, 0], [0xc3, 0xbf, 1]], text("latin1"), 0x86, "R"];
    expect(scalar("<", encoded)).toBe(511);
  });

  it("keeps names and objects as inert records", () => {
    const value = readPickle(pickle(global("os", "system"), text("echo harm"), 0x85, "R."));
    expect(value).toEqual(new PickledObject("os.system", ["echo harm"]));
    expect(readPickle(pickle(global("builtins", "eval"), "."))).toEqual(new PickledGlobal("builtins.eval"));
    const object = readPickle(
      pickle(global("a", "B"), ")", 0x81, "}", text("__proto__"), "K", 1, "sb."),
    ) as PickledObject;
    expect(object.state).toEqual(new Map([["__proto__", 1]]));
    expect(Object.getPrototypeOf(object)).toBe(PickledObject.prototype);
  });

  it("reads a subarray of a larger buffer", () => {
    const bytes = new Uint8Array(20).fill(0x55);
    bytes.set(pickle("M", [1, 2], "."), 7);
    expect(readPickle(bytes.subarray(7, 13))).toBe(513);
  });

  it("names the file and the byte of what it refuses", () => {
    expect(message(Uint8Array.of())).toBe(
      'Cannot read pickle "x.pkl" (byte 0): the file must hold the 1 bytes that come next: it ends after 0',
    );
    expect(message(pickle("Pid\n."))).toMatch(/\(byte 2\): operations must be those .* plain data: found 0x50$/);
    expect(message(Uint8Array.from("(dp0\n.", (c) => c.charCodeAt(0)))).toMatch(/must begin with byte 0x80/);
    expect(message(Uint8Array.of(0x80, 9, 0x4e, 0x2e))).toMatch(/protocol must be 2 to 5: current value is 9$/);
    expect(message(pickle("K", 1))).toMatch(/\(byte 4\): the file must hold the 1 bytes that come next/);
  });

  it.each<[string, Part, RegExp]>([
    ["text longer than the file", ["X", [255, 255, 255, 255], "abc"], /hold the 4294967295 bytes .* ends after 3$/],
    ["bytes of 2⁶⁴", [0x8e, Array(8).fill(255)], /must hold the 18446744073709552000 bytes/],
    ["a frame past the end", [0x95, Array(8).fill(127), "N."], /it ends after 2$/],
    [
      "a huge integer",
      [0x8b, [0, 1, 0, 0], Array(256).fill(1), "."],
      /integers must have at most 128 bytes: found 256/,
    ],
    ["text that is not UTF-8", [0x8c, 2, 0xc3, 0x28, "."], /text must be UTF-8/],
    ["a memo entry never made", ["h", 9, "."], /value 9 must be remembered/],
    ["a pop below the mark", ["N", "(", 0x85, "."], /must find them: the stack holds 0/],
    ["no mark", ["N", "t."], /there is none/],
    ["an odd dict", ["}", "(", "N", "u."], /pairs of key and value/],
    ["appending to a number", ["K", 1, "K", 1, "a."], /list or a set: found 1$/],
    ["a call of a value", ["K", 1, ")", "R."], /only a global name may be applied: found 1$/],
    ["state of a number", ["K", 1, "N", "b."], /array or a numpy type has a state: found 1$/],
    ["a class that is text", [text("int"), ")", 0x81, "."], /must have a class: found "int"$/],
    ["a global named by numbers", [pair(1, 2), pair(1, 2), 0x93, "."], /two strings: found a list or tuple of 2/],
    ["a name without end", ["cos"], /line feed/],
    ["too few bytes", array(pair(2, 3), dtype("f8"), raw(1, 2, 3)), /shape \(2, 3\) must have 48 bytes: found 3 bytes/],
    ["a negative shape", array([["J", [255, 255, 255, 255]], 0x85], dtype("i1"), raw(1)), /shape .* found a list/],
    ["a shape beyond any file", array(pair(255, 255), dtype("f8"), raw(1)), /must have 520200 bytes/],
    ["a wrong byte order", dtype("f8", "?"), /byte order must be <, >, \| or =: found "\?"$/],
    ["an array of another class", [global("numpy.core.multiarray", "_reconstruct"), text("x"), 0x85, "R."], /ndarray/],
    [
      "wide characters as bytes",
      [global("_codecs", "encode"), [0x8c, 2, 0xc4, 0x80], text("latin1"), 0x86, "R"],
      /U\+00FF/,
    ],
    ["joblib's arrays", [global("joblib.numpy_pickle", "W"), ")", 0x81, "}", "b"], /pickle\.dump: .* joblib\.dump$/],
  ])("refuses %s", (_, program, wanted) => {
    expect(message(pickle(program))).toMatch(wanted);
  });

  it("is bounded in operations and does not reserve what a length promises", () => {
    expect(message(pickle("}".repeat(300_000), "."))).toMatch(/at most 250000 operations/);
    expect(message(pickle("(".repeat(300_000), "."))).toMatch(/at most 250000 operations/);
    expect(readPickle(pickle("K", 1, "r", [255, 255, 255, 255], "j", [255, 255, 255, 255], "."))).toBe(1);
  });

  it("survives lists nested a hundred thousand deep and lists that double", () => {
    expect(readPickle(pickle(")", String.fromCharCode(0x85).repeat(100_000), "."))).toHaveLength(1);
    expect(readPickle(pickle("]", "2\x86".repeat(1000), "."))).toHaveLength(2);
  });

  it("turns text that stands for bytes into bytes once", () => {
    const once = [global("_codecs", "encode"), text("abc"), text("latin1"), 0x86, 0x94, "R"];
    const again = [global("_codecs", "encode"), "h", 0, "R", 0x86, "."];
    const [first, second] = readPickle(pickle(once, again)) as Uint8Array[];
    expect(first).toEqual(Uint8Array.of(97, 98, 99));
    expect(second).toBe(first);
  });

  it("keeps arrays of objects and text without their numbers", () => {
    const names = readPickle(readFileSync(fixture("big-endian-fortran-protocol5"))) as PickledObject;
    const array = (names.state as Map<string, PickledArray>).get("feature_names_in_");
    expect(array).toBeInstanceOf(PickledArray);
    expect(array?.content).toEqual(["hard_hm", "hard_hs", "hard_ms"]);
    expect(array?.numbers()).toBeUndefined();
  });
});

function fixture(name: string): string {
  return join(import.meta.dirname, "../../fixtures/gmm/pickles", `${name}.pkl`);
}
