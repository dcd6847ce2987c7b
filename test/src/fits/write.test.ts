import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readFits } from "../../../src/fits/fits-file.ts";
import { type HduSpec, writeFits } from "../../../src/fits/write.ts";
import { formatCard } from "../../../src/fits/write-card.ts";
import { sumWords } from "../../../src/fits/write-checksum.ts";

/** One column of every kind, with the extremes of each. Their file was read back by astropy 7, value by value and with its checksums verified, when the hash below was taken. */
const everyColumn: HduSpec = {
  name: "T",
  header: [
    ["TSTART", 705930405.82746, "s"],
    ["TINY", 1e-21],
    ["BIG", 12345678901234567890n],
    ["OK", true],
    ["EMPTY", null, "nothing"],
    ["QUOTE", "don't"],
  ],
  columns: [
    { name: "b", data: new Uint8Array([0, 255, 7]) },
    { name: "sb", data: new Int8Array([-128, 127, 0]) },
    { name: "i", data: new Int16Array([-32768, 32767, 1]), nullValue: -99, nulls: new Uint8Array([0, 0, 1]) },
    { name: "ui", data: new Uint16Array([0, 65535, 5]) },
    { name: "j", unit: "ct", data: new Int32Array([-2147483648, 2147483647, 0]), comment: "counts" },
    { name: "uj", data: new Uint32Array([0, 4294967295, 1]) },
    { name: "k", data: new BigInt64Array([-(1n << 63n), (1n << 63n) - 1n, 0n]) },
    { name: "uk", data: new BigUint64Array([0n, (1n << 64n) - 1n, 1n]) },
    { name: "e", data: new Float32Array([1.5, Number.NaN, -0]) },
    { name: "d", data: new Float64Array([Math.PI, Number.POSITIVE_INFINITY, 5e-324]) },
    { name: "a", data: ["x", "abc", ""] },
    { name: "l", data: [true, false, true], nulls: new Uint8Array([0, 0, 1]) },
    { name: "v", data: new Float32Array([1, 2, 3, 4, 5, 6]), repeat: 2 },
  ],
};

/** Header cards of the HDU that starts at `from`, and where its data start. */
function cardsAt(bytes: Uint8Array, from: number): { cards: string[]; dataStart: number } {
  const cards: string[] = [];
  for (let at = from; ; at += 80) {
    const card = new TextDecoder("latin1").decode(bytes.subarray(at, at + 80));
    if (card.startsWith("END ")) return { cards, dataStart: Math.ceil((at + 80) / 2880) * 2880 };
    cards.push(card);
  }
}

describe("writeFits()", () => {
  it("writes the bytes that astropy was seen to read back", () => {
    const bytes = writeFits([{ name: "", header: [["ORIGIN", "photonbook"]] }, everyColumn], { checksum: true });
    expect(createHash("sha256").update(bytes).digest("hex")).toMatchInlineSnapshot(
      `"c70fc32da86ac5f6461e1668435ee5460540ed554f9fd701517c8f03fcfbc0b9"`,
    );
  });

  it("lays out rows big-endian, column after column", () => {
    const bytes = writeFits([everyColumn]);
    const { dataStart } = cardsAt(bytes, 2880);
    const row = new DataView(bytes.buffer, dataStart + 54, 54);
    expect(row.getUint8(0)).toBe(255);
    expect(row.getUint8(1)).toBe(255); // 127 − (−128)
    expect(row.getInt16(2)).toBe(32767);
    expect(row.getInt16(4)).toBe(32767); // 65535 − 32768
    expect(row.getInt32(6)).toBe(2147483647);
    expect(row.getInt32(10)).toBe(2147483647);
    expect(row.getBigInt64(14)).toBe((1n << 63n) - 1n);
    expect(row.getBigInt64(22)).toBe((1n << 63n) - 1n);
    expect(row.getFloat32(30)).toBeNaN();
    expect(row.getFloat64(34)).toBe(Number.POSITIVE_INFINITY);
    expect([42, 43, 44].map((at) => row.getUint8(at))).toEqual([97, 98, 99]);
    expect(row.getUint8(45)).toBe(0x46);
    expect([row.getFloat32(46), row.getFloat32(50)]).toEqual([3, 4]);
    expect(new DataView(bytes.buffer, dataStart + 108).getInt16(2)).toBe(-99);
  });

  it("puts an empty primary HDU before a table and pads to 2880 bytes", () => {
    const bytes = writeFits([{ name: "T", columns: [{ name: "x", data: new Uint8Array(1) }] }]);
    expect(bytes.length).toBe(3 * 2880);
    expect(cardsAt(bytes, 0).cards[0]).toMatch(/^SIMPLE {2}= {20}T/);
    expect(cardsAt(bytes, 2880).cards.some((card) => card.startsWith("EXTNAME = 'T       '"))).toBe(true);
  });

  it("writes checksums that make every HDU sum to -0", () => {
    const bytes = writeFits([everyColumn], { checksum: true });
    const end = cardsAt(bytes, 2880).dataStart + 2880;
    expect(sumWords(bytes.subarray(0, 2880))).toBe(0xffffffff);
    expect(sumWords(bytes.subarray(2880, end))).toBe(0xffffffff);
  });

  it("writes what readFits() reads back", () => {
    const file = readFits(writeFits([everyColumn], { checksum: true }), { name: "round trip" });
    const table = file.table("T");
    for (const { name, data, unit, nulls } of everyColumn.columns!) {
      const column = table.column(name);
      const back = Array.from(column.data as ArrayLike<unknown>);
      const missing = Array.from(nulls ?? []);
      expect(column.unit).toBe(unit);
      if (!Array.isArray(data)) {
        back.forEach((value, i) => {
          if (!missing[i]) expect(value).toBe((data as ArrayLike<unknown>)[i]);
        });
      }
      if (name === "a") expect(back).toEqual(data);
      if (nulls) expect(Array.from(column.nulls ?? [])).toEqual(missing);
    }
    expect(table.header.number("TSTART")).toBe(705930405.82746);
    expect(table.header.get("QUOTE")).toBe("don't");
    expect(table.header.get("OK")).toBe(true);
  });

  it("gives 0 rows for empty columns", () => {
    const { cards } = cardsAt(writeFits([{ name: "T", columns: [{ name: "x", data: new Float64Array(0) }] }]), 2880);
    expect(cards.find((card) => card.startsWith("NAXIS2"))).toMatch(/= {20}0/);
  });

  it("refuses columns of different lengths, reserved cards, missing TNULL and non-ASCII strings", () => {
    const table = (columns: HduSpec["columns"]): HduSpec => ({ name: "T", ...(columns && { columns }) });
    const x = { name: "x", data: new Uint8Array(2) };
    expect(() => writeFits([table([x, { name: "y", data: new Uint8Array(3) }])])).toThrow(
      'Cannot write HDU "T": column "y" must have 2 rows, as "x": current number is 3',
    );
    expect(() => writeFits([{ ...table([x]), header: [["TFORM1", "1B"]] }])).toThrow(
      "TFORM1 must be left to the writer",
    );
    expect(() => writeFits([table([{ ...x, nulls: new Uint8Array([0, 1]) }])])).toThrow(
      "nullValue (TNULL) must be given",
    );
    expect(() => writeFits([table([{ name: "s", data: ["α"] }])])).toThrow("printable ASCII");
    expect(() => writeFits([table([{ name: "s", data: ["abc"], width: 2 }])])).toThrow("width must be at least 3");
  });
});

describe("formatCard()", () => {
  it("splits a long string over CONTINUE cards and never splits a doubled quote", () => {
    const text = "It's ".repeat(40);
    const card = formatCard(["LONG", text, "note"]);
    expect(card.length % 80).toBe(0);
    const pieces = card.match(/.{80}/g)!.map((line) => /^.{10}'(.*?)(&?)'(?: \/ note)? *$/.exec(line)![1]!);
    expect(pieces.join("").replaceAll("''", "'")).toBe(text);
    expect(pieces.every((piece) => (piece.match(/'/g) ?? []).length % 2 === 0)).toBe(true);
  });

  it("writes numbers that read back as the same double", () => {
    for (const value of [705930405.82746, 1e-300, Math.PI, -0.1, 1e22, 3]) {
      expect(Number(formatCard(["X", value]).slice(10, 40))).toBe(value);
    }
  });

  it("refuses bad keywords and NaN", () => {
    expect(() => formatCard(["lower", 1])).toThrow("a keyword must be 1–8 characters");
    expect(() => formatCard(["X", Number.NaN])).toThrow("X must be a finite number: current value is NaN");
  });
});
