import { type Column, type FitsFile, type FitsTable, type Hdu, readFits } from "../../src/fits/index.ts";
import { type Digest, digest, type ElementKind, element, flatCells, plural } from "./elements.ts";

/** A column as the peer has it; `error` where astropy cannot read it. */
export type PeerColumn = { name: string; unit: string | null; ucd?: string | null } & (
  | Digest
  | { error: string; sha256?: never }
);

/** An HDU as the peer has it. */
export interface PeerHdu {
  name: string;
  header: [string, string | number | boolean | null | { unreadable: true }][];
  rows?: number;
  columns?: PeerColumn[];
  image?: (Digest & { shape?: number[] }) | null;
}

/** Everything in which a FITS file as we read it differs from what astropy reads. */
export function fitsDifferences(bytes: Uint8Array, hdus: readonly PeerHdu[]): string[] {
  const file = readFits(bytes);
  const out = file.hdus.length === hdus.length ? [] : [`${file.hdus.length} HDUs instead of ${hdus.length}`];
  for (const [index, theirs] of hdus.entries()) {
    const hdu = file.hdu(index);
    const found = [...headerDifferences(hdu, theirs), ...dataDifferences(hdu, theirs)];
    out.push(...found.map((difference) => `HDU ${index}: ${difference}`));
  }
  return out;
}

/** How much of a file was compared. */
export function fitsExtent(file: FitsFile): string {
  const columns = file.tables.reduce((sum, table) => sum + table.columns.length, 0);
  const images = file.hdus.filter((hdu) => hdu.kind === "primary" || hdu.kind === "image");
  const pixels = images.filter((hdu) => hdu.header.get("NAXIS") !== 0).length;
  const parts = [
    plural(file.hdus.length, "HDU"),
    columns > 0 ? plural(columns, "column") : "",
    pixels > 0 ? plural(pixels, "image") : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** Keywords with values, in order; what astropy cannot parse and what it keeps as text (complex numbers) is passed over. */
function headerDifferences({ header }: Hdu, { header: theirs }: PeerHdu): string[] {
  const ours = header.cards.filter(({ key }) => !["COMMENT", "HISTORY", ""].includes(key));
  if (ours.length !== theirs.length) return [`${ours.length} header cards instead of ${theirs.length}`];
  return theirs.flatMap(([key, value], i) => {
    const card = ours[i]!;
    const mine = card.value ?? null;
    if (typeof value === "object" && value !== null) return [];
    const same = typeof value === "string" ? String(mine).trimEnd() === value.trimEnd() : mine === value;
    return card.key === key && same ? [] : [`card ${card.key} = ${mine} instead of ${key} = ${value}`];
  });
}

function dataDifferences(hdu: Hdu, theirs: PeerHdu): string[] {
  if (hdu.kind !== "bintable" && hdu.kind !== "table") return imageDifferences(hdu, theirs.image ?? null);
  if (hdu.numRows !== theirs.rows) return [`${hdu.numRows} rows instead of ${theirs.rows}`];
  if (hdu.columns.length !== theirs.columns?.length) return [`${hdu.columns.length} columns`];
  return theirs.columns.flatMap((column, i) => columnDifferences(hdu, i, column));
}

function columnDifferences(table: FitsTable & Hdu, index: number, theirs: PeerColumn): string[] {
  const column = table.column(index);
  const mine = digest(cellsOf(column, kindOf(table, column), table.numRows));
  const out: string[] = [];
  if (column.name !== theirs.name) out.push(`column "${column.name}" instead of "${theirs.name}"`);
  if ((column.unit ?? null) !== theirs.unit)
    out.push(`column "${column.name}": unit ${column.unit}, not ${theirs.unit}`);
  if (theirs.sha256 === undefined) out.push(`column "${column.name}": astropy says ${theirs.error}`);
  else if (mine.sha256 !== theirs.sha256)
    out.push(`column "${column.name}" ${column.form}: ${mine.begins} … instead of ${theirs.begins} …`);
  return out;
}

/** Whether a column's values are integers: its own letter, unless they are scaled by more than a change of sign. */
function kindOf(table: Hdu, { form, index }: Column): ElementKind {
  const letter = /[LXBIJKAEFDCM]/.exec(form.toUpperCase().replace(/^\d*[PQ]/, ""))?.[0] ?? "";
  if (letter === "A") return "text";
  if (letter === "L" || letter === "X") return "integer";
  if (!"BIJK".includes(letter)) return "real";
  const scaling = [table.header.number(`TSCAL${index + 1}`, 1), table.header.number(`TZERO${index + 1}`, 0)];
  const flip = { B: -128, I: 2 ** 15, J: 2 ** 31, K: 2 ** 63 }[letter];
  return scaling[0] === 1 && (scaling[1] === 0 || scaling[1] === flip) ? "integer" : "real";
}

function cellsOf({ data, nulls, shape, variable }: Column, kind: ElementKind, numRows: number): string[] {
  if (variable) {
    return (data as (ArrayLike<unknown> | string)[]).map((cell) =>
      typeof cell === "string"
        ? element(cell, kind, false)
        : (flatCells(cell, Math.max(cell.length, 1), { kind })[0] ?? ""),
    );
  }
  const perRow = shape.reduce((product, extent) => product * extent, 1);
  return perRow === 0
    ? new Array<string>(numRows).fill("")
    : flatCells(data as ArrayLike<unknown>, perRow, { kind, nulls });
}

function imageDifferences(hdu: Extract<Hdu, { kind: "primary" | "image" }>, theirs: PeerHdu["image"] | null): string[] {
  const mine = imageDigest(hdu);
  if (!mine || !theirs) return (mine === null) === (theirs === null) ? [] : [`image ${mine} instead of ${theirs}`];
  if (theirs.shape && String(theirs.shape) !== String(hdu.shape)) return [`shape ${hdu.shape}, not ${theirs.shape}`];
  return mine.sha256 === theirs.sha256 ? [] : [`pixels ${mine.begins} … instead of ${theirs.begins} …`];
}

function imageDigest(hdu: Extract<Hdu, { kind: "primary" | "image" }>): Digest | null {
  if (hdu.shape.length === 0) return null;
  if (hdu.header.get("GROUPS") === true) {
    const { parameters, data } = hdu.groups();
    return digest([...parameters, { data }].map(({ data }) => flatCells(data, data.length, { kind: "real" })[0]!));
  }
  const { data, nulls } = hdu.pixels();
  const [scale, zero] = [hdu.header.number("BSCALE", 1), hdu.header.number("BZERO", 0)];
  const integers = hdu.header.integer("BITPIX") > 0 && scale === 1 && (zero === 0 || !(data instanceof Float64Array));
  return digest(flatCells(data, Math.max(data.length, 1), { kind: integers ? "integer" : "real", nulls }));
}
