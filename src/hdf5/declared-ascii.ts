import { CatalogError } from "../catalog/index.ts";

/** Bytes by the character that h5wasm makes of them: windows-1252, to which "ascii" is an alias in browsers. */
const BYTES: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 128 }, (_, i) => [new TextDecoder("windows-1252").decode(Uint8Array.of(128 + i)), 128 + i]),
);

/**
 * A text whose dataset says that it is ASCII. h5py writes numpy's byte strings so, whatever is in them: bytes beyond ASCII
 * are read as UTF-8.
 *
 * @throws {CatalogError} If they are no UTF-8 either, naming the row.
 */
export function declaredAscii(text: string, place: { file: string; column: string; row: number }): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is looked for
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  const bytes = Uint8Array.from(text, (char) => BYTES.get(char) ?? char.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const { file, column, row } = place;
    throw new CatalogError(
      file,
      `texts of column "${column}" must be ASCII, as they say, or UTF-8: row ${row} has the bytes ${bytes.join(" ")}`,
      { cause },
    );
  }
}
