import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type Column, readFits } from "../../../src/fits/index.ts";
import { sharedData } from "../../shared-data.ts";

type Summary = [values: number, nulls: number, finite: number, min: unknown, max: unknown, sum: unknown];
type Expected = { name: string; kind: string; rows?: number; columns?: [name: string, form: string, ...Summary][] }[];

const expected = JSON.parse(
  readFileSync(new URL("../../fixtures/fits/expected.json", import.meta.url), "utf8"),
) as Record<string, Expected | { error: string }>;

function open(path: string) {
  const bytes = readFileSync(sharedData(path));
  return readFits(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes, { name: path });
}

/** [values, nulls, finite, min, max, sum] as generate.py has them. */
function summarize(column: Column): Summary {
  type Cell = number | bigint | string;
  const cells: Cell[] = column.variable
    ? (column.data as (ArrayLike<Cell> | string)[]).flatMap((cell) =>
        typeof cell === "string" ? cell : Array.from(cell),
      )
    : Array.from(column.data as ArrayLike<Cell>);
  if (cells.length > 0 && typeof cells[0] === "string") {
    const texts = (cells as string[]).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return [texts.length, 0, texts.length, texts[0], texts.at(-1), texts.reduce((sum, text) => sum + text.length, 0)];
  }
  const kept = cells.filter((cell, i) => !column.nulls?.[i] && !(typeof cell === "number" && !Number.isFinite(cell)));
  const sum = kept.every((cell) => typeof cell === "bigint" || Number.isInteger(cell))
    ? kept.reduce((total: bigint, cell) => total + BigInt(cell), 0n)
    : (kept as number[]).reduce((total, cell) => total + cell, 0);
  const sorted = kept.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  // Nulls of variable-length integers have no mask: they are NaN
  const missing = column.variable && /[BIJK]/.test(column.form) ? cells.filter((cell) => Number.isNaN(cell)).length : 0;
  const nulls = column.nulls?.reduce((n, isNull) => n + isNull, missing) ?? missing;
  return [cells.length, nulls, kept.length, sorted[0] ?? null, sorted.at(-1) ?? null, sum];
}

/** Numbers compare to 1e-12 of their size (the order of summation differs), integer strings exactly. */
function agrees(ours: unknown, theirs: unknown, scale: number): boolean {
  if (typeof theirs === "string") return String(ours) === theirs;
  if (theirs === null || ours === null) return ours === theirs;
  return Math.abs(Number(ours) - Number(theirs)) <= 1e-12 * Math.max(scale, Math.abs(Number(theirs)));
}

function differences(path: string, want: Expected): string[] {
  const file = open(path);
  const out: string[] = [];
  if (file.hdus.length !== want.length) out.push(`${file.hdus.length} HDUs instead of ${want.length}`);
  for (const [h, { rows, columns }] of want.entries()) {
    if (columns === undefined) continue;
    const table = file.table(h);
    if (table.numRows !== rows) out.push(`HDU ${h}: ${table.numRows} rows instead of ${rows}`);
    for (const [i, [name, form, ...theirs]] of columns.entries()) {
      if (form.startsWith("error: ") || KNOWN[`${path} ${h} ${name}`]) continue;
      const column = table.column(i);
      const ours = summarize(column);
      const scale = theirs[2] * Math.max(Math.abs(Number(theirs[3])), Math.abs(Number(theirs[4]))) || 0;
      const logical = form.includes("L");
      const same = ours.every((value, k) =>
        k < 3 ? (logical && k > 0) || value === theirs[k] : agrees(value, theirs[k], k === 5 ? scale : 0),
      );
      if (column.name !== name || !same) out.push(`HDU ${h} ${name} ${form}: ${ours.map(String)} instead of ${theirs}`);
    }
  }
  return out;
}

/** Columns in which we differ from astropy on purpose, with the reason. */
const KNOWN: Record<string, string> = {
  "conformance/fits/testprog.std 4 Avalue": "a string ends at its first NUL, also where that is its only character",
};

describe("readFits()", () => {
  const readable = Object.entries(expected).filter((entry): entry is [string, Expected] => Array.isArray(entry[1]));

  it("knows files to compare", () => {
    expect(readable.length).toBeGreaterThan(130);
  });

  it.each(readable)("agrees with astropy on every column of %s", (path, want) => {
    expect(differences(path, want)).toEqual([]);
  });
});
