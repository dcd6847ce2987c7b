import { countOf } from "../array/index.ts";
import { Catalog, type ColumnFields } from "./catalog.ts";
import type { ColumnData } from "./column-data.ts";

/** Signs that do not fall apart into ASCII and marks. */
// biome-ignore format: a table reads better in few lines
const SPELT: Readonly<Record<string, string>> = {
  "±": "+/-", "∓": "-/+", "×": "x", "÷": "/", "·": ".", "•": "*", "°": "deg", "′": "'", "″": '"', "‘": "'", "’": "'",
  "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "µ": "u", "∞": "inf", "≤": "<=", "≥": ">=",
  "≈": "~", "∼": "~", "≠": "!=", "→": "->", "√": "sqrt", "☉": "sun", "⊙": "sun", "⊕": "earth", "ß": "ss", "æ": "ae",
  "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "\t": " ",
  "\n": " ", "\r": " ",
};

/** Names of the Greek letters from α on, the final sigma among them. */
const GREEK =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega".split(
    " ",
  );
const ALPHA = 0x3b1;

/**
 * A text in printable ASCII: signs spelt (± as +/-, α as alpha), letters without their marks, anything else as "?".
 *
 * @example asciiText("β Pic: 0.06±0.02 µJy") // "beta Pic: 0.06+/-0.02 uJy"
 */
export function asciiText(text: string): string {
  if (isAscii(text)) return text;
  return Array.from(text, (sign) => SPELT[sign] ?? Array.from(sign.normalize("NFKD"), asciiSign).join("")).join("");
}

/** Whether FITS can hold a text. */
export function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

function asciiSign(sign: string): string {
  if (isAscii(sign)) return sign;
  if (/\p{Mark}/u.test(sign)) return "";
  const small = sign.toLowerCase();
  const greek = GREEK[(small.codePointAt(0) as number) - ALPHA];
  if (greek === undefined) return SPELT[sign] ?? "?";
  return small === sign ? greek : `${greek.charAt(0).toUpperCase()}${greek.slice(1)}`;
}

/**
 * A catalogue whose names, units, descriptions and texts are printable ASCII, as FITS wants them. Its notes say how many
 * texts of which columns are spelt otherwise than they were.
 *
 * @see asciiText
 */
export function asciiCatalog(catalog: Catalog): Catalog {
  const notes = [...catalog.notes];
  const columns = catalog.columns.map(({ kind, ...info }): ColumnFields => {
    const data = catalog.column(info.name);
    const [spelt, changed] = kind === "string" ? asciiTexts(data as (string | null)[]) : [data, 0];
    if (changed > 0) notes.push(`${countOf(changed, "text")} of column "${asciiText(info.name)}" spelt in ASCII`);
    const { name, unit, description } = info;
    return {
      ...info,
      name: asciiText(name),
      ...(unit === undefined ? {} : { unit: asciiText(unit) }),
      ...(description === undefined ? {} : { description: asciiText(description) }),
      data: spelt,
    };
  });
  return new Catalog(columns, { name: asciiText(catalog.name), notes });
}

function asciiTexts(texts: readonly (string | null)[]): [data: ColumnData, changed: number] {
  let changed = 0;
  const data = texts.map((text) => {
    if (text === null || isAscii(text)) return text;
    changed++;
    return asciiText(text);
  });
  return [data, changed];
}
