import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type ColumnSpec, type Hdu, type HduSpec, readFits, writeFits } from "../../../src/fits/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { runPython } from "../../python.ts";

const COUNT = 60;
const folder = mkdtempSync(join(tmpdir(), "photonbook-property-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Value = number | bigint | string | boolean;
type Cells = ColumnSpec["data"];
/** Texts of an HDU's values, column after column. */
type Texts = [name: string, values: string[]][];

const rng = new Rng(20261126);
const below = (n: number) => Math.floor(n * rng.uniform());
const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;

/** Numbers over the whole range of an array's type, its ends often among them. */
function numbers(n: number): Exclude<Cells, readonly unknown[]> {
  const real = () =>
    rng.uniform() < 0.1 ? pick([Number.NaN, Number.POSITIVE_INFINITY, -0]) : rng.normal() * 10 ** (below(60) - 30);
  const whole = (low: number, high: number) => () =>
    rng.uniform() < 0.2 ? pick([low, high]) : low + below(high - low + 1);
  const wide = (low: bigint, high: bigint) => () =>
    rng.uniform() < 0.2 ? pick([low, high]) : low + BigInt(below(2 ** 53)) * BigInt(below(1024));
  const from = <T>(next: () => T) => Array.from({ length: n }, next);
  return pick([
    () => new Uint8Array(from(whole(0, 255))),
    () => new Int8Array(from(whole(-128, 127))),
    () => new Int16Array(from(whole(-32_768, 32_767))),
    () => new Uint16Array(from(whole(0, 65_535))),
    () => new Int32Array(from(whole(-(2 ** 31), 2 ** 31 - 1))),
    () => new Uint32Array(from(whole(0, 2 ** 32 - 1))),
    () => new BigInt64Array(from(wide(-(1n << 63n), (1n << 63n) - 1n))),
    () => new BigUint64Array(from(wide(0n, (1n << 64n) - 1n))),
    () => new Float32Array(from(real)),
    () => new Float64Array(from(real)),
  ])();
}

/** Types stored with TZERO, which astropy 8.0.2 adds to variable-length arrays without widening them: 0 − 128 is 128. */
const OFFSET = [Int8Array, Uint16Array, Uint32Array, BigUint64Array];

function column(index: number, rows: number): ColumnSpec {
  const name = `c${index}`;
  switch (pick(["scalar", "scalar", "vector", "arrays", "text", "logical"])) {
    case "vector":
      return { name, data: numbers(3 * rows), repeat: 3 };
    case "arrays": {
      let all = numbers(5 * rows);
      while (OFFSET.some((Kind) => all instanceof Kind)) all = numbers(5 * rows);
      return { name, data: Array.from({ length: rows }, (_, i) => all.slice(5 * i, 5 * i + below(6))) as never };
    }
    case "text":
      return {
        name,
        data: Array.from({ length: rows }, () => pick(["", "x", "O'Neil", "a & b / c", "long text here"])),
      };
    case "logical":
      return { name, data: Array.from({ length: rows }, () => rng.uniform() < 0.5) };
    default:
      return { name, data: numbers(rows) };
  }
}

function randomFile(): HduSpec[] {
  const rows = 1 + below(20);
  const shape = Array.from({ length: 1 + below(3) }, () => 1 + below(4));
  const image = { data: numbers(shape.reduce((product, extent) => product * extent, 1)), shape };
  const table = { name: "T", columns: Array.from({ length: 1 + below(6) }, (_, i) => column(i, rows)) };
  return rng.uniform() < 0.5 ? [{ name: "", image }, table] : [{ name: "" }, table, { name: "I", image }];
}

const written = new Map(Array.from({ length: COUNT }, (_, i) => [join(folder, `ours-${i}.fits`), randomFile()]));
for (const [path, hdus] of written) writeFileSync(path, writeFits(hdus, { checksum: true }));
const peer = resolve(import.meta.dirname, "tables_peer.py");
const seen = JSON.parse(runPython(peer, folder, "20261126", String(COUNT), ...written.keys())) as Record<
  string,
  Texts[]
>;

const SPECIAL: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};

/** Whether a value is the one that astropy has, the sign of zero included. */
function same(value: Value | undefined, text: string | undefined): boolean {
  if (text === undefined || value === undefined) return false;
  if (typeof value === "string" || typeof value === "bigint") return String(value) === text;
  return Object.is(Number(value), SPECIAL[text] ?? Number(text));
}

/** All values of a column, those of its arrays one after another. */
function flat(data: unknown): Value[] {
  return Array.from(data as ArrayLike<unknown>).flatMap((cell) =>
    typeof cell === "object" ? flat(cell) : [cell as Value],
  );
}

const differs = (values: readonly Value[], texts: readonly string[]) =>
  values.length !== texts.length || values.some((value, i) => !same(value, texts[i]));

function specValues({ columns = [], image }: HduSpec): [string, Value[]][] {
  return image ? [["", flat(image.data)]] : columns.map(({ name, data }) => [name, flat(data)]);
}

function readValues(hdu: Hdu): [string, Value[]][] {
  if (hdu.kind === "bintable" || hdu.kind === "table")
    return hdu.columns.map((c) => [c.name, flat(hdu.column(c.index).data)]);
  return hdu.shape.length > 0 ? [["", flat(hdu.pixels().data)]] : [];
}

function differences(ours: [string, Value[]][][], theirs: Texts[]): string[] {
  if (ours.length !== theirs.length) return [`${ours.length} HDUs instead of ${theirs.length}`];
  return ours.flatMap((columns, h) =>
    columns.length === theirs[h]?.length
      ? columns.flatMap(([name, values], i) => {
          const [theirName, texts] = (theirs[h] as Texts)[i] as Texts[number];
          return name !== theirName || differs(values, texts)
            ? [`HDU ${h} ${name}: ${values} instead of ${texts}`]
            : [];
        })
      : [`HDU ${h}: ${columns.length} columns instead of ${theirs[h]?.length}`],
  );
}

describe("writeFits()", () => {
  it("writes random tables and images that astropy reads to the last bit, their checksums right", () => {
    expect(written.size).toBe(COUNT);
    for (const [path, hdus] of written) expect(differences(hdus.map(specValues), seen[path] ?? [])).toEqual([]);
  });

  it("refuses images of another size, blank reals, and arrays of mixed types", () => {
    const image = { data: new Float32Array(5), shape: [2, 3] };
    expect(() => writeFits([{ name: "I", image }])).toThrow(
      'Cannot write HDU "I": an image must have no columns, and 6 pixels for its shape (2, 3): it has 5',
    );
    expect(() => writeFits([{ name: "I", image: { data: new Float32Array(6), shape: [6], nullValue: 0 } }])).toThrow(
      "nullValue (BLANK) must be left out",
    );
    const data = [new Int16Array(2), new Int32Array(1)];
    expect(() => writeFits([{ name: "T", columns: [{ name: "v", data: data as never }] }])).toThrow(
      'Cannot write column "v": all rows must hold Int16Array, as the first one: row 2 does not',
    );
  });
});

describe("readFits()", () => {
  it("reads what it wrote, and random files of astropy, as astropy does", () => {
    const paths = Object.keys(seen);
    expect(paths.length).toBe(2 * COUNT);
    for (const path of paths) {
      const { hdus } = readFits(new Uint8Array(readFileSync(path)), { name: path });
      expect(differences(hdus.map(readValues), seen[path] ?? [])).toEqual([]);
    }
  });

  it("reads the variable-length arrays of other signedness that it wrote", () => {
    const data = [
      [Int8Array.of(-128, 127), new Int8Array()],
      [Uint16Array.of(0, 65_535), Uint16Array.of(1)],
      [Uint32Array.of(0, 2 ** 32 - 1), Uint32Array.of(5, 6, 7)],
      [BigUint64Array.of(0n, 2n ** 64n - 1n), BigUint64Array.of(2n ** 63n)],
    ];
    const columns = data.map((cells, i) => ({ name: `v${i}`, data: cells as never }));
    const table = readFits(writeFits([{ name: "T", columns }])).table("T");
    expect(columns.map(({ name }) => table.column(name).data)).toEqual(data);
  });

  it("looks up keywords in the primary header where INHERIT is T, but none that describe its data", () => {
    const primary: HduSpec = {
      name: "",
      header: [
        ["TELESCOP", "CHANDRA"],
        ["MJDREFI", 50814],
        ["TDISP9", "I4"],
      ],
    };
    const columns = [{ name: "x", data: new Uint8Array(1) }];
    const inherits = (value: boolean) =>
      readFits(
        writeFits([
          primary,
          {
            name: "T",
            columns,
            header: [
              ["INHERIT", value],
              ["MJDREFI", 1],
            ],
          },
        ]),
      ).hdu("T").header;
    expect(inherits(true).get("TELESCOP")).toBe("CHANDRA");
    expect(inherits(true).number("MJDREFI")).toBe(1);
    expect(inherits(true).cards.some(({ key }) => key === "TELESCOP")).toBe(false);
    expect([inherits(true).has("TDISP9"), inherits(true).has("SIMPLE"), inherits(false).has("TELESCOP")]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
