import type { Dataset, Metadata } from "h5wasm";
import { CatalogError, type ColumnData, type NumberColumn } from "../catalog/index.ts";
import { declaredAscii } from "./declared-ascii.ts";

/** Classes of HDF5 datatypes by their number. */
const CLASSES = [
  "integers",
  "floats",
  "times",
  "texts",
  "bit fields",
  "opaque bytes",
  "compounds",
  "references",
  "enumerations",
  "lists",
  "arrays",
];
const [INTEGER, FLOAT, TEXT, ENUMERATION, LIST] = [0, 1, 3, 8, 9] as const;
/** The character set of texts. */
const UTF8 = 1;

/** The values of a dataset as a column: further axes become an array per row. */
export function columnOfDataset(dataset: Dataset, place: { file: string; column: string }): ColumnData {
  const { metadata } = dataset;
  checkType(metadata, place);
  const [rows = 0, ...axes] = dataset.shape ?? [];
  const width = axes.reduce((product, length) => product * length, 1);
  const values = rows * width === 0 ? emptyOf(metadata) : dataset.slice([[0, rows]]);
  const data = columnOf(values as ColumnData, metadata, { ...place, width });
  if (axes.length === 0) return data;
  return Array.from({ length: rows }, (_, row) => data.slice(row * width, (row + 1) * width)) as ColumnData;
}

function checkType({ type, vlen_type: of }: Metadata, { file, column }: { file: string; column: string }): void {
  const isNumber = (kind: number | undefined) => kind === INTEGER || kind === FLOAT;
  if (isNumber(type) || type === TEXT || type === ENUMERATION || (type === LIST && isNumber(of?.type))) return;
  const kind = type === LIST ? `lists of ${CLASSES[of?.type ?? -1]}` : (CLASSES[type] ?? `values of class ${type}`);
  throw new CatalogError(
    file,
    `column "${column}" must hold numbers, texts, logicals or lists of numbers: it holds ${kind}`,
  );
}

/** What a dataset without values reads as. */
function emptyOf({ type }: Metadata): ColumnData {
  return type === INTEGER || type === FLOAT ? new Float64Array(0) : [];
}

function columnOf(
  values: ColumnData,
  { type, cset, enum_type }: Metadata,
  { width, ...place }: { file: string; column: string; width: number },
): ColumnData {
  if (type === TEXT) {
    return (values as string[]).map((text, i) => {
      const read = cset === UTF8 ? text : declaredAscii(text, { ...place, row: Math.floor(i / width) });
      return read.trimEnd() || null;
    });
  }
  if (type !== ENUMERATION) return safeNumbers(values);
  const names = new Map(Object.entries(enum_type?.members ?? {}).map(([name, code]) => [Number(code), name]));
  const isLogical = names.size === 2 && names.get(0) === "FALSE" && names.get(1) === "TRUE";
  const codes = Array.from(values as ArrayLike<unknown>, Number);
  return isLogical ? codes.map((code) => code === 1) : codes.map((code) => names.get(code) ?? String(code));
}

/** 64-bit integers as doubles while all are exact. */
function safeNumbers(values: ColumnData): ColumnData {
  if (!(values instanceof BigInt64Array || values instanceof BigUint64Array)) return values as NumberColumn;
  const numbers = Float64Array.from(values as BigInt64Array, Number);
  return numbers.every(Number.isSafeInteger) ? numbers : values;
}
