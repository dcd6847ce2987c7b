import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Rng } from "../../../src/random/index.ts";
import { readVotable, type VotableColumn, type VotableTable, writeVotable } from "../../../src/votable/index.ts";
import { runPython } from "../../python.ts";

type Cell = string | (string | null)[] | null;
interface PeerField {
  name: string;
  datatype: string;
  unit: string | null;
  ucd: string | null;
  description: string | null;
  cells: Cell[];
}
interface PeerTable {
  rows: number;
  fields: PeerField[];
}

const script = resolve(import.meta.dirname, "votable_peer.py");
const folder = mkdtempSync(join(tmpdir(), "photonbook-votable-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether a number is the one in Python's repr; astropy keeps variable arrays of floats as doubles of their text. */
const same = (ours: unknown, theirs: string | null, single: boolean): boolean =>
  theirs === null
    ? ours === null || Number.isNaN(ours)
    : typeof ours === "string"
      ? ours === theirs
      : typeof ours === "bigint" || /^-?\d+$/.test(theirs)
        ? BigInt(ours as number) === BigInt(theirs)
        : Object.is(ours, single ? Math.fround(numberOf(theirs)) : numberOf(theirs));
const numberOf = (text: string) => Number(text.replace("inf", "Infinity"));

/** Rows in which a column differs from astropy's. */
function differences(column: VotableColumn, theirs: PeerField): string[] {
  const out: string[] = [];
  const ascii = (text: unknown) => (typeof text === "string" ? text : "");
  theirs.cells.forEach((cell, row) => {
    const mine = column.data[row] as unknown;
    const isNull = column.nulls?.[row] === 1;
    const flat: unknown[] = typeof mine === "object" && mine !== null ? Array.from(mine as ArrayLike<unknown>) : [mine];
    const wanted = Array.isArray(cell) ? cell : [cell];
    const text = column.datatype === "char" || column.datatype === "unicodeChar";
    const equal = text
      ? (isNull && !cell) || wanted.join("") === flat.map(ascii).join("")
      : isNull
        ? wanted.every((value) => value === null || value === "nan")
        : flat.length === wanted.length &&
          flat.every((value, i) => same(value, wanted[i] as string | null, column.datatype.startsWith("float")));
    if (!equal) out.push(`${column.name} row ${row}: ${isNull ? "null" : flat.map(String)} instead of ${cell}`);
  });
  return out;
}

function compare(path: string, tables: readonly VotableTable[], theirs: PeerTable[]): void {
  expect(tables.map(({ numRows }) => numRows)).toEqual(theirs.map(({ rows }) => rows));
  for (const [t, { fields }] of theirs.entries()) {
    for (const [i, field] of fields.entries()) {
      const column = tables[t]?.columns[i] as VotableColumn;
      expect([column.name, column.datatype, column.unit ?? null, column.ucd ?? null]).toEqual([
        field.name,
        field.datatype,
        field.unit,
        field.ucd,
      ]);
      expect(column.description ?? null).toBe(field.description);
      expect(differences(column, field), path).toEqual([]);
    }
  }
}

describe("VOTables of astropy's", () => {
  let written: Record<string, PeerTable[]> = {};
  beforeAll(() => {
    written = JSON.parse(runPython(script, "write", folder, "7", "12"));
  });

  it("read as astropy reads them: every datatype, array size and serialisation", () => {
    expect(Object.keys(written)).toHaveLength(36);
    for (const [path, theirs] of Object.entries(written)) {
      compare(path, readVotable(readFileSync(path), { name: path }).tables, theirs);
    }
  });
});

describe("writeVotable()", () => {
  it("writes random tables that astropy reads back bit for bit", () => {
    const rng = new Rng(11);
    const files = Array.from({ length: 12 }, (_, i) => {
      const serialization = i % 2 === 0 ? "BINARY2" : "TABLEDATA";
      const table = randomTable(rng, serialization === "BINARY2");
      const path = join(folder, `ours-${i}.vot`);
      writeFileSync(path, writeVotable({ tables: [table] }, { serialization }));
      return { path, table };
    });
    const theirs = JSON.parse(runPython(script, "read", ...files.map(({ path }) => path))) as PeerTable[][];
    files.forEach(({ path, table }, i) => {
      compare(path, [table], theirs[i] as PeerTable[]);
      compare(path, readVotable(readFileSync(path)).tables, theirs[i] as PeerTable[]);
    });
  });
});

/** Columns of every datatype and size; nulls where `nulls` (a TABLEDATA text has none). */
function randomTable(rng: Rng, nulls: boolean): VotableTable {
  const numRows = Math.floor(rng.uniform() * 30);
  const whole = (low: number, high: number) => low + Math.floor(rng.uniform() * (high - low + 1));
  const real = () => rng.normal() * 10 ** whole(-20, 20);
  const fill = <T>(make: () => T): T[] => Array.from({ length: numRows }, make);
  const many = (n: number, make: () => number) => Array.from({ length: n }, make);
  const mask = () => (nulls || rng.uniform() < 0.5 ? { nulls: Uint8Array.from(fill(() => whole(0, 1))) } : {});
  const word = (letters: string) =>
    many(whole(1, 8), () => whole(0, 99))
      .map((k) => letters[k % letters.length])
      .join("");
  const columns: VotableColumn[] = [
    { name: "b", datatype: "boolean", data: Uint8Array.from(fill(() => whole(0, 1))), ...mask() },
    { name: "u", datatype: "unsignedByte", unit: "m", data: Uint8Array.from(fill(() => whole(0, 255))), ...mask() },
    {
      name: "s",
      datatype: "short",
      ucd: "meta.id",
      data: Int16Array.from(fill(() => whole(-32768, 32767))),
      ...mask(),
    },
    { name: "i", datatype: "int", data: Int32Array.from(fill(() => whole(-(2 ** 31), 2 ** 31 - 1))), ...mask() },
    {
      name: "l",
      datatype: "long",
      description: "64 bits <& more>",
      data: BigInt64Array.from(fill(() => BigInt(whole(-(2 ** 31), 2 ** 31)) * 2n ** 31n + 1n)),
      ...mask(),
    },
    { name: "f", datatype: "float", data: Float32Array.from(fill(() => rng.normal() * 1e10)) },
    { name: "d", datatype: "double", unit: "keV", data: Float64Array.from(fill(real)) },
    { name: "c", datatype: "char", arraysize: "*", data: fill(() => word("ab<&>'\"c")) },
    { name: "e", datatype: "unicodeChar", arraysize: "*", data: fill(() => word("aé漢x")) },
    { name: "d3", datatype: "double", arraysize: "3", data: fill(() => Float64Array.from(many(3, real))) },
    { name: "d*", datatype: "double", arraysize: "*", data: fill(() => Float64Array.from(many(whole(1, 4), real))) },
    {
      name: "i*",
      datatype: "int",
      arraysize: "*",
      data: fill(() => Int32Array.from(many(whole(1, 4), () => whole(-9, 9)))),
    },
    { name: "x", datatype: "bit", arraysize: "11", data: fill(() => Uint8Array.from(many(11, () => whole(0, 1)))) },
    { name: "z", datatype: "doubleComplex", data: fill(() => Float64Array.from([real(), real()])) },
    {
      name: "w",
      datatype: "floatComplex",
      arraysize: "2",
      data: fill(() => Float32Array.from(many(4, () => rng.normal()))),
    },
  ];
  return { numRows, columns };
}
