/** Cards as [keyword, value]; a string is quoted, `raw` text is taken as it is. */
export type TestCard = [key: string, value: string | number | boolean] | string;

/** One HDU's bytes: header block(s) and padded data. */
export function hduBytes(cards: readonly TestCard[], data: Uint8Array = new Uint8Array()): Uint8Array {
  const records = [...cards.map(record), "END".padEnd(80)];
  const header = new TextEncoder().encode(records.join("").padEnd(Math.ceil(records.length / 36) * 2880));
  const out = new Uint8Array(header.length + Math.ceil(data.length / 2880) * 2880);
  out.set(header);
  out.set(data, header.length);
  return out;
}

function record(card: TestCard): string {
  if (typeof card === "string") return card.padEnd(80);
  const [key, value] = card;
  const text = typeof value === "string" ? `'${value}'` : value === true ? "T" : value === false ? "F" : String(value);
  return `${key.padEnd(8)}= ${text.padStart(20)}`.padEnd(80);
}

export const PRIMARY = hduBytes([
  ["SIMPLE", true],
  ["BITPIX", 8],
  ["NAXIS", 0],
]);

/** A file with one BINTABLE. */
export function tableFile(columns: readonly TestCard[], rowBytes: number, data: Uint8Array, heap = 0): Uint8Array {
  const rows = rowBytes === 0 ? 0 : (data.length - heap) / rowBytes;
  const fields = columns.filter((card) => typeof card !== "string" && card[0].startsWith("TFORM")).length;
  const table = hduBytes(
    [
      ["XTENSION", "BINTABLE"],
      ["BITPIX", 8],
      ["NAXIS", 2],
      ["NAXIS1", rowBytes],
      ["NAXIS2", rows],
      ["PCOUNT", heap],
      ["GCOUNT", 1],
      ["TFIELDS", fields],
      ["EXTNAME", "T"],
      ...columns,
    ],
    data,
  );
  const out = new Uint8Array(PRIMARY.length + table.length);
  out.set(PRIMARY);
  out.set(table, PRIMARY.length);
  return out;
}
