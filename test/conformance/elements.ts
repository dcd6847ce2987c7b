import { createHash } from "node:crypto";

/** A column's elements as astropy_peer.py has them: their digest, and how they begin. */
export interface Digest {
  readonly sha256: string;
  readonly begins: string;
}

/** What an element is compared as. */
export type ElementKind = "integer" | "real" | "text";

const word = new DataView(new ArrayBuffer(8));

/** One element as text: integers as decimals, reals as the digits of the double, text after a quote. */
export function element(value: unknown, kind: ElementKind, isNull: boolean): string {
  if (kind === "text") return `'${isNull ? "" : String(value).trimEnd()}`;
  if (kind === "integer") return isNull || Number.isNaN(value) ? "-" : String(value);
  if (isNull || Number.isNaN(value)) return "nan";
  word.setFloat64(0, Number(value));
  return word.getBigUint64(0).toString(16).padStart(16, "0");
}

/** The digest of cells. */
export function digest(cells: readonly string[]): Digest {
  const text = cells.join(";");
  return { sha256: createHash("sha256").update(text).digest("hex"), begins: Array.from(text).slice(0, 80).join("") };
}

/** Cells of `perRow` elements each from a flat array. */
export function flatCells(
  data: ArrayLike<unknown>,
  perRow: number,
  { kind, nulls }: { kind: ElementKind; nulls?: Uint8Array | undefined },
): string[] {
  const cells: string[] = [];
  for (let from = 0; from < data.length; from += perRow) {
    const elements: string[] = [];
    for (let i = from; i < from + perRow; i++) elements.push(element(data[i], kind, nulls?.[i] === 1));
    cells.push(elements.join(","));
  }
  return cells;
}

/** "1 column", "2 columns". */
export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
