import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  readVotable,
  type VotableColumn,
  VotableError,
  VotableQueryError,
  writeVotable,
} from "../../../src/votable/index.ts";
import { sharedData } from "../../shared-data.ts";

type Field = [name: string, datatype: string, unit: string | null, ucd: string | null, number, number, number];
const expected = JSON.parse(
  readFileSync(new URL("../../fixtures/votable/expected.json", import.meta.url), "utf8"),
) as Record<string, { rows: number; fields: Field[] }[] | { error: string }>;

function open(path: string) {
  const bytes = readFileSync(sharedData(path));
  return readVotable(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes, { name: path });
}

const text = (body: string, version = "1.4") =>
  new TextEncoder().encode(
    `<?xml version="1.0"?><VOTABLE version="${version}"><RESOURCE type="results">${body}</RESOURCE></VOTABLE>`,
  );
const table = (fields: string, rows: string) =>
  text(`<TABLE>${fields}<DATA><TABLEDATA>${rows}</TABLEDATA></DATA></TABLE>`);

/** [cells, missing, sum] as generate.py has them. */
function summarize(column: VotableColumn): [number, number, number] {
  const { data, nulls } = column;
  const isText = column.datatype === "char" || column.datatype === "unicodeChar";
  const cells = Array.from(data as ArrayLike<unknown>);
  if (isText) {
    const texts = cells.map((cell) => (typeof cell === "string" ? cell : (cell as string[]).join("")).trimEnd());
    return [cells.length, 0, texts.reduce((sum, cell) => sum + Array.from(cell).length, 0)];
  }
  const scalar = cells.every((cell) => typeof cell !== "object");
  const flat = cells.flatMap((cell, i) =>
    nulls?.[i] ? [] : typeof cell === "object" ? Array.from(cell as ArrayLike<number>, Number) : [Number(cell)],
  );
  const isReal = column.datatype === "float" || column.datatype === "double";
  const missing = cells.filter((cell, i) => nulls?.[i] || (isReal && Number.isNaN(cell))).length;
  const sum = flat.reduce((total, value) => (Number.isFinite(value) ? total + value : total), 0);
  return [cells.length, scalar ? missing : 0, sum];
}

/** Files that we refuse where astropy mends or guesses, with the reason. */
const REFUSED: Record<string, RegExp> = {
  "conformance/votable/errorstatus.xml": /the service reports an error: ERROR/,
  "conformance/votable/irsa-nph-error.xml": /the service reports an error: "Either wrong or missing/,
  "conformance/votable/custom_datatype.xml":
    /field "foo" must have a datatype of the standard .*: current value is "bar"/,
  "conformance/votable/too_many_columns.xml.gz": /row 1 must have 41 cells, one per field: it has 45/,
  "conformance/votable/testdata_no-field.vot": /row 1 must have 0 cells, one per field: it has 4/,
  "conformance/votable/regression.xml": /field "unsignedByte" \(unsignedByte\) in row 2 .*: current text is "256"/,
};

describe("readVotable() beside astropy", () => {
  const readable = Object.entries(expected).filter(
    (entry): entry is [string, { rows: number; fields: Field[] }[]] =>
      Array.isArray(entry[1]) && !REFUSED[entry[0]] && !entry[0].includes("no_field_not_empty"),
  );

  it.each(readable)("agrees on %s", (path, want) => {
    const file = open(path);
    expect(file.tables.map((found) => found.numRows)).toEqual(want.map(({ rows }) => rows));
    for (const [t, { fields }] of want.entries()) {
      for (const [i, [name, datatype, , ucd, ...theirs]] of fields.entries()) {
        const column = file.tables[t]?.columns[i] as VotableColumn;
        const [cells, missing, sum] = summarize(column);
        expect([column.name, column.ucd ?? null, cells]).toEqual([name, ucd, theirs[0]]);
        if (column.datatype === datatype && datatype !== "boolean") expect([name, missing]).toEqual([name, theirs[1]]);
        expect(Math.abs(sum - theirs[2]), `${name}: ${sum} instead of ${theirs[2]}`).toBeLessThanOrEqual(
          1e-6 * Math.max(1, Math.abs(theirs[2])),
        );
      }
    }
  });

  it.each(Object.entries(REFUSED))("refuses %s and says why", (path, message) => {
    expect(() => open(path)).toThrow(message);
    expect(() => open(path)).toThrow(VotableError);
  });
});

describe("readVotable()", () => {
  it("reads all primitive types with nulls from TABLEDATA", () => {
    const [found] = readVotable(
      table(
        `<FIELD name="b" datatype="boolean"/><FIELD name="i" datatype="int" unit="s"><VALUES null="-9"/></FIELD>
         <FIELD name="l" datatype="long"/><FIELD name="f" datatype="double"/><FIELD name="c" datatype="floatComplex"/>
         <FIELD name="v" datatype="short" arraysize="*"/><FIELD name="s" datatype="char" arraysize="3x*"/>
         <FIELD name="x" datatype="bit" arraysize="4"/>`,
        `<TR><TD>T</TD><TD>-9</TD><TD>9007199254740993</TD><TD>+Inf</TD><TD>1 -2</TD><TD>1 2 3</TD><TD>ab cd</TD><TD>1010</TD></TR>
         <TR><TD>?</TD><TD>0x1F</TD><TD>2</TD><TD/><TD/><TD></TD><TD></TD><TD>0 0 0 1</TD></TR>`,
      ),
    ).tables;
    const [b, i, l, f, c, v, s, x] = found?.columns ?? [];
    expect(b).toMatchObject({ data: new Uint8Array([1, 0]), nulls: new Uint8Array([0, 1]) });
    expect(i).toMatchObject({ data: new Int32Array([0, 31]), nulls: new Uint8Array([1, 0]), unit: "s" });
    expect(l?.data).toEqual(new BigInt64Array([9007199254740993n, 2n]));
    expect(f?.data).toEqual(new Float64Array([Number.POSITIVE_INFINITY, Number.NaN]));
    expect(f?.nulls).toEqual(new Uint8Array([0, 1]));
    expect(c?.data).toEqual([new Float32Array([1, -2]), new Float32Array([Number.NaN, Number.NaN])]);
    expect(v?.data).toEqual([new Int16Array([1, 2, 3]), new Int16Array([])]);
    expect(s?.data).toEqual([["ab", "cd"], []]);
    expect(x?.data).toEqual([new Uint8Array([1, 0, 1, 0]), new Uint8Array([0, 0, 0, 1])]);
  });

  it("reads BINARY2 null flags and BINARY without them alike", () => {
    const row = new DataView(new ArrayBuffer(1 + 4 + 8 + 4 + 2));
    row.setUint8(0, 0b0100_0000);
    row.setInt32(1, 5);
    row.setFloat64(5, 2.5);
    row.setUint32(13, 2);
    row.setUint8(17, 104);
    row.setUint8(18, 105);
    const fields = `<FIELD name="i" datatype="int"/><FIELD name="d" datatype="double"/><FIELD name="s" datatype="char" arraysize="*"/>`;
    const stream = (bytes: Uint8Array) => `<STREAM encoding="base64">${Buffer.from(bytes).toString("base64")}</STREAM>`;
    const bytes = new Uint8Array(row.buffer);
    const two = readVotable(text(`<TABLE>${fields}<DATA><BINARY2>${stream(bytes)}</BINARY2></DATA></TABLE>`)).tables[0];
    expect(two?.columns.map((column) => column.nulls?.[0] ?? 0)).toEqual([0, 1, 0]);
    const one = readVotable(text(`<TABLE>${fields}<DATA><BINARY>${stream(bytes.subarray(1))}</BINARY></DATA></TABLE>`))
      .tables[0];
    expect(one?.columns.map((column) => column.data[0])).toEqual([5, 2.5, "hi"]);
    const cut = `<TABLE>${fields}<DATA><BINARY>${stream(bytes.subarray(1, 16))}</BINARY></DATA></TABLE>`;
    expect(() => readVotable(text(cut))).toThrow(/must hold whole rows: .*\(truncated\)/);
  });

  it("tells what is wrong with a cell, a row, the XML and the root", () => {
    const field = `<FIELD name="n" datatype="short"/>`;
    expect(() => readVotable(table(field, "<TR><TD>1</TD></TR><TR><TD>x</TD></TR>"), { name: "a.vot" })).toThrow(
      'Cannot read VOTable "a.vot": field "n" (short) in row 2 must hold a value of its type: current text is "x"',
    );
    expect(() => readVotable(table(field, "<TR><TD>40000</TD></TR>"))).toThrow(/current text is "40000"/);
    expect(() => readVotable(table(field, "<TR><TD>1</TD><TD>2</TD></TR>"))).toThrow(/row 1 must have 1 cells/);
    expect(() => readVotable(new TextEncoder().encode("<VOTABLE><RESOURCE></VOTABLE>"))).toThrow(/well-formed XML/);
    expect(() => readVotable(new TextEncoder().encode("<html></html>"))).toThrow(
      /root element must be VOTABLE: it is html/,
    );
    expect(() => readVotable(new TextEncoder().encode('<VOTABLE version="1.1"><RESOURCE>'))).toThrow(/well-formed XML/);
  });

  it("reports the service's words and its row limit", () => {
    const failed = text(`<INFO name="QUERY_STATUS" value="ERROR">No such column: flux</INFO>`);
    expect(() => readVotable(failed)).toThrow(VotableQueryError);
    expect(() => readVotable(failed)).toThrow(/No such column: flux/);
    expect(open("conformance/votable/overflowstatus.xml").overflow).toBe(true);
    expect(open("conformance/votable/timesys.xml").overflow).toBe(false);
  });
});

describe("writeVotable()", () => {
  const document = text(
    `<DESCRIPTION>of the resource</DESCRIPTION><INFO name="QUERY_STATUS" value="OVERFLOW">cut &amp; short</INFO>
     <COOSYS ID="sys" system="ICRS"/><TABLE name="t" ID="t1" ucd="meta.table"><DESCRIPTION>of the table</DESCRIPTION>
     <FIELD name="x" ID="x" datatype="int" ref="sys" unit="deg" ucd="pos.eq.ra" utype="a:b.c" width="5" precision="2">
       <DESCRIPTION>of the field</DESCRIPTION><VALUES null="-1"><MIN value="0"/></VALUES><LINK href="http://a/?b&amp;c"/>
     </FIELD>
     <GROUP name="g"><PARAM name="p" datatype="char" arraysize="3" value="abc" unit="m"/><FIELDref ref="x"/></GROUP>
     <DATA><TABLEDATA><TR><TD>1</TD></TR><!-- <TABLEDATA><TR><TD>7</TD></TR> --><TR ID="r"><TD>2</TD></TR>
     <TR><TD>-1</TD></TR></TABLEDATA></DATA></TABLE>`,
  );

  it.each(["BINARY2", "TABLEDATA"] as const)("keeps all that stands around the values in %s", (serialization) => {
    const read = readVotable(document);
    expect(read.tables[0]?.columns[0]).toMatchObject({
      data: new Int32Array([1, 2, 0]),
      nulls: new Uint8Array([0, 0, 1]),
      ref: "sys",
    });
    expect(read.params).toEqual([{ name: "p", value: "abc", text: "", unit: "m" }]);
    expect(readVotable(writeVotable(read, { serialization }))).toEqual(read);
  });

  it("refuses columns of different lengths and characters that XML does not have", () => {
    const column = { name: "c", datatype: "char" as const, arraysize: "*", data: ["a\u0001"] };
    expect(() => writeVotable({ tables: [{ numRows: 2, columns: [column] }] })).toThrow(
      'column "c" must have 2 values, one per row: current number is 1',
    );
    expect(() => writeVotable({ tables: [{ numRows: 1, columns: [column] }] }, { serialization: "TABLEDATA" })).toThrow(
      'Cannot write VOTable: column "c", row 1 must hold characters that XML allows: current value has "\\u0001"',
    );
  });
});
