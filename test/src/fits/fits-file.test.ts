import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FitsError, readFits } from "../../../src/fits/index.ts";
import { sharedData } from "../../shared-data.ts";
import { hduBytes, PRIMARY, type TestCard, tableFile } from "./build.ts";

function bigEndian(size: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  fill(new DataView(bytes.buffer));
  return bytes;
}

describe("Header", () => {
  const { header } = readFits(
    hduBytes([
      ["SIMPLE", true],
      ["BITPIX", 8],
      ["NAXIS", 0],
      "OBJECT  = 'O''Neil''s star  '  / who / where",
      "LONG    = 'a long &'  / first",
      "CONTINUE  'string&' / second",
      "CONTINUE  ' ends' ",
      "HIERARCH ESO TEL  AIRM = 1.5D-3 / air mass",
      "EMPTY   =",
      "BARE    = Chandra",
      "CPLX    = (1.0, 2.0)",
      "COMMENT = not a value",
      ["TWICE", 1],
      ["TWICE", 2],
    ]),
    { name: "h.fits" },
  ).hdu(0);

  it("reads quoted strings with doubled quotes and slashes in comments", () => {
    expect(header.string("object")).toBe("O'Neil's star");
    expect(header.card("OBJECT")?.comment).toBe("who / where");
  });

  it("joins CONTINUE records", () => {
    expect(header.get("LONG")).toBe("a long string ends");
    expect(header.card("LONG")?.comment).toBe("first second");
  });

  it("reads HIERARCH keywords and D exponents", () => {
    expect(header.number("ESO TEL AIRM")).toBe(1.5e-3);
  });

  it("keeps commentary, complex pairs and the first of a doubled keyword", () => {
    expect(header.commentary("COMMENT")).toEqual(["= not a value"]);
    expect(header.get("CPLX")).toBe("(1.0, 2.0)");
    expect(header.get("TWICE")).toBe(1);
  });

  it("names file, HDU and keyword when a value is missing or of the wrong type", () => {
    expect(() => header.number("EMPTY")).toThrow(
      'Cannot read FITS file "h.fits" (HDU 0): EMPTY must be a number: the keyword is without a value',
    );
    expect(() => header.number("NOPE")).toThrow(/NOPE must be a number: the keyword is missing/);
    expect(() => header.number("BARE")).toThrow(/BARE must be a number: current value is "Chandra"/);
    expect(() => header.string("TWICE")).toThrow(/TWICE must be a quoted string: current value is 1/);
    expect(header.number("NOPE", 3)).toBe(3);
  });
});

describe("BinaryTable.column()", () => {
  it("reads 64-bit integers as doubles while they are safe, as bigints otherwise", () => {
    const rows = bigEndian(32, (view) => {
      view.setBigInt64(0, -5n);
      view.setBigInt64(8, 7n);
      view.setBigInt64(16, 2n ** 53n - 1n);
      view.setBigInt64(24, 2n ** 53n + 1n);
    });
    const file = readFits(
      tableFile(
        [
          ["TFORM1", "K"],
          ["TFORM2", "K"],
        ],
        16,
        rows,
      ),
    );
    expect(file.table("T").column(0).data).toEqual(new Float64Array([-5, 2 ** 53 - 1]));
    expect(file.table("T").column(1).data).toEqual(new BigInt64Array([7n, 2n ** 53n + 1n]));
  });

  it("reads the four signedness conventions exactly", () => {
    const row = bigEndian(15, (view) => {
      view.setUint8(0, 127);
      view.setInt16(1, 32767);
      view.setInt32(3, 2147483647);
      view.setBigInt64(7, 2n ** 63n - 1n);
    });
    const zeros = ["-128", "32768", "2147483648", "9223372036854775808"];
    const cards = ["B", "I", "J", "K"].flatMap((form, i) => [
      `TFORM${i + 1}  = '${form}'`,
      `TZERO${i + 1}  = ${zeros[i]}`,
    ]);
    const counted = tableFile(
      [
        ...cards.map((card): [string, string] | string =>
          card.startsWith("TFORM") ? [card.slice(0, 6), card[11] as string] : card,
        ),
      ],
      15,
      row,
    );
    const data = readFits(counted)
      .table("T")
      .columns.map((column) => readFits(counted).table("T").column(column.index).data);
    expect(data).toEqual([
      new Int8Array([-1]),
      new Uint16Array([65535]),
      new Uint32Array([4294967295]),
      new BigUint64Array([2n ** 64n - 1n]),
    ]);
  });

  it("scales to doubles with nulls as NaN and masks the nulls of plain integers", () => {
    const rows = bigEndian(8, (view) => {
      [10, -99, 20, -99].forEach((value, i) => {
        view.setInt16(2 * i, value);
      });
    });
    const table = readFits(
      tableFile(
        [
          ["TFORM1", "I"],
          ["TSCAL1", 0.5],
          ["TZERO1", 1],
          ["TNULL1", -99],
          ["TFORM2", "I"],
          ["TNULL2", -99],
          ["TUNIT2", "keV"],
        ],
        4,
        rows,
      ),
    ).table("T");
    expect(table.column("col1")).toMatchObject({ data: new Float64Array([6, 11]) });
    expect(table.column("col2")).toMatchObject({
      data: new Int16Array([-99, -99]),
      nulls: new Uint8Array([1, 1]),
      unit: "keV",
    });
    expect(table.numbers("COL2")).toEqual(new Float64Array([Number.NaN, Number.NaN]));
  });

  it("reads bits, logicals with nulls, complex pairs and string arrays", () => {
    const row = bigEndian(2 + 3 + 8 + 6, (view) => {
      view.setUint16(0, 0b1010_0000_0100_0000);
      [84, 70, 0].forEach((byte, i) => {
        view.setUint8(2 + i, byte);
      });
      view.setFloat32(5, 1.5);
      view.setFloat32(9, -2);
      [..."ab cd "].forEach((letter, i) => {
        view.setUint8(13 + i, letter.charCodeAt(0));
      });
    });
    const table = readFits(
      tableFile(
        [
          ["TFORM1", "10X"],
          ["TFORM2", "3L"],
          ["TFORM3", "C"],
          ["TFORM4", "6A"],
          ["TDIM4", "(3,2)"],
        ],
        19,
        row,
      ),
    ).table("T");
    expect(table.column(0).data).toEqual(new Uint8Array([1, 0, 1, 0, 0, 0, 0, 0, 0, 1]));
    expect(table.column(1)).toMatchObject({
      data: new Uint8Array([1, 0, 0]),
      nulls: new Uint8Array([0, 0, 1]),
      shape: [3],
    });
    expect(table.column(2)).toMatchObject({ data: new Float32Array([1.5, -2]), shape: [2] });
    expect(table.column(3)).toMatchObject({ data: ["ab", "cd"], shape: [2] });
  });

  it("reads strings of no characters, and those wider in TFORM's substring than in the field, as one a row", () => {
    const columns: TestCard[] = [
      ["TFORM1", "0A"],
      ["TDIM1", "(0,1000000000)"],
      ["TFORM2", "2A20"],
    ];
    const table = readFits(tableFile(columns, 2, new TextEncoder().encode("abcd"))).table("T");
    expect(table.column(0)).toMatchObject({ data: ["", ""], shape: [] });
    expect(table.column(1)).toMatchObject({ data: ["ab", "cd"], shape: [] });
  });

  it("reads P and Q variable-length arrays from the heap", () => {
    const bytes = bigEndian(24 + 6, (view) => {
      view.setInt32(0, 2);
      view.setInt32(4, 2);
      view.setBigInt64(8, 1n);
      view.setBigInt64(16, 0n);
      [7, 8, 9].forEach((value, i) => {
        view.setInt16(24 + 2 * i, value);
      });
    });
    const table = readFits(
      tableFile(
        [
          ["TFORM1", "PI(2)"],
          ["TFORM2", "QI(1)"],
        ],
        24,
        bytes,
        6,
      ),
    ).table("T");
    expect(table.column(0).data).toEqual([new Int16Array([8, 9])]);
    expect(table.column(1).data).toEqual([new Int16Array([7])]);
  });

  it("read() decodes several columns to what column() gives", () => {
    const bytes = readFileSync(sharedData("events/nustar/dummy_evt.evt"));
    const one = readFits(bytes).table("EVENTS");
    const all = readFits(bytes).table(1) as ReturnType<typeof readFits>["hdus"][number] & { read(): unknown[] };
    expect(all.read()).toEqual(one.columns.map((column) => one.column(column.index)));
  });
});

describe("readFits() rejects", () => {
  const row = new Uint8Array(4);
  const cases: [string, Uint8Array, RegExp][] = [
    ["an empty file", new Uint8Array(), /must start with "SIMPLE {2}=": the file is empty/],
    ["a gzip file", new Uint8Array([0x1f, 0x8b, 8]), /compressed with gzip/],
    ["a header without END", PRIMARY.subarray(0, 240), /END card/],
    [
      "truncated data",
      tableFile([["TFORM1", "J"]], 4, new Uint8Array(4000)).subarray(0, 8000),
      /NAXIS promises 4000 bytes .*\(truncated\)/,
    ],
    [
      "an impossible BITPIX",
      hduBytes([
        ["SIMPLE", true],
        ["BITPIX", 7],
        ["NAXIS", 0],
      ]),
      /BITPIX must be one of 8, 16.*: current value is 7/,
    ],
    [
      "a negative axis",
      hduBytes([
        ["SIMPLE", true],
        ["BITPIX", 8],
        ["NAXIS", 1],
        ["NAXIS1", -4],
      ]),
      /NAXIS1 must be a whole number >= 0: current value is -4/,
    ],
    [
      "a wrong TFORM",
      tableFile([["TFORM1", "7Z"]], 4, row),
      /HDU 1 "T"\): TFORM1 must be a binary table format .*: current value is "7Z"/,
    ],
    ["columns wider than the row", tableFile([["TFORM1", "D"]], 4, row), /NAXIS1 must be at least 8/],
  ];

  it.each(cases)("%s", (_, bytes, message) => {
    expect(() => readFits(bytes, { name: "x.fits" })).toThrow(message);
    expect(() => readFits(bytes, { name: "x.fits" })).toThrow(FitsError);
  });

  it("an array outside the heap, with the row and column", () => {
    const descriptor = bigEndian(8, (view) => view.setInt32(0, 1000));
    const table = readFits(
      tableFile(
        [
          ["TFORM1", "PD"],
          ["TTYPE1", "MATRIX"],
        ],
        8,
        descriptor,
      ),
      { name: "r.rmf" },
    ).table("T");
    expect(() => table.column("MATRIX")).toThrow(/row 1 of column "MATRIX" points at 1000 elements/);
  });

  it("a column that is not there, naming those that are", () => {
    const table = readFits(
      tableFile(
        [
          ["TFORM1", "J"],
          ["TTYPE1", "TIME"],
        ],
        4,
        row,
      ),
    ).table("T");
    expect(() => table.column("PHA")).toThrow('the table has no column "PHA": its columns are "TIME"');
  });

  it("a table whose rows do not fit into its data", () => {
    const bytes = tableFile([["TFORM1", "J"]], 4, new Uint8Array(400));
    const text = new TextDecoder("latin1").decode(bytes);
    const at = text.indexOf("GCOUNT  =") + 29;
    bytes[at] = "0".charCodeAt(0);
    expect(() => readFits(bytes)).toThrow(/NAXIS2 must leave 100 rows of 4 bytes inside the data/);
  });

  it("every truncation of a real event file, without reading past the end", () => {
    const bytes = readFileSync(sharedData("events/stingray/monol_testA.evt"));
    const whole = readFits(bytes).hdus.length;
    for (let length = 0; length < bytes.length - 2880; length += 719) {
      let hdus = -1;
      try {
        hdus = readFits(bytes.subarray(0, length)).hdus.length;
      } catch (error) {
        expect(error).toBeInstanceOf(FitsError);
      }
      expect(hdus).toBeLessThan(whole);
    }
  });
});
