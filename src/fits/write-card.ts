/** A value a header card can carry; `null` writes the keyword with no value. */
export type CardValue = string | number | bigint | boolean | null;

/** One header card: keyword, value and, if wanted, a comment. The keywords COMMENT and HISTORY take free text. */
export type CardSpec = readonly [key: string, value: CardValue, comment?: string];

const CARD_LENGTH = 80;

/**
 * One header card as text, a multiple of 80 characters: more than 80 where a long string needs CONTINUE cards.
 *
 * @throws {RangeError} If the keyword is not 1–8 of A–Z, 0–9, "-" and "_", or a number is not finite.
 * @throws {TypeError} If the value or comment holds characters outside printable ASCII.
 * @see FITS standard 4.0, sections 4.1 and 4.2.
 */
export function formatCard([key, value, comment]: CardSpec): string {
  if (!/^[A-Z0-9_-]{1,8}$/.test(key)) {
    throw new RangeError(
      `Cannot write FITS header: a keyword must be 1–8 characters of A–Z, 0–9, "-" and "_": current value is "${key}"`,
    );
  }
  checkText(key, comment ?? "");
  const name = key.padEnd(8);
  if (key === "COMMENT" || key === "HISTORY") return formatFreeText(name, String(value ?? ""));
  if (typeof value === "string") return formatString(name, value, comment);
  const text = value === null ? "" : formatScalar(key, value);
  return withComment(`${name}= ${text.padStart(20)}`, comment);
}

function formatScalar(key: string, value: number | bigint | boolean): string {
  if (typeof value === "boolean") return value ? "T" : "F";
  if (typeof value === "bigint") return String(value);
  if (!Number.isFinite(value)) {
    throw new RangeError(`Cannot write FITS header: ${key} must be a finite number: current value is ${value}`);
  }
  // The shortest text that reads back as the same double; FITS wants a capital E.
  return Object.is(value, -0) ? "-0.0" : String(value).toUpperCase();
}

function formatString(name: string, value: string, comment: string | undefined): string {
  checkText(name.trim(), value);
  const escaped = value.replaceAll("'", "''");
  if (escaped.length <= CARD_LENGTH - 12) {
    return withComment(`${name}= '${escaped.padEnd(8)}'`.padEnd(30), comment);
  }
  const pieces = splitQuoted(escaped, CARD_LENGTH - 13);
  const last = pieces.length - 1;
  return pieces
    .map((piece, index) => {
      const start = index === 0 ? `${name}= ` : "CONTINUE  ";
      const text = `${start}'${piece}${index < last ? "&" : ""}'`;
      return index < last ? text.padEnd(CARD_LENGTH) : withComment(text, comment);
    })
    .join("");
}

/** Pieces of at most `size` characters that never cut a doubled quote in two. */
function splitQuoted(escaped: string, size: number): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < escaped.length; ) {
    let to = Math.min(escaped.length, from + size);
    const quotes = /'*$/.exec(escaped.slice(from, to))?.[0].length ?? 0;
    if (to < escaped.length && quotes % 2 === 1) to--;
    pieces.push(escaped.slice(from, to));
    from = to;
  }
  return pieces;
}

function formatFreeText(name: string, text: string): string {
  checkText(name.trim(), text);
  const size = CARD_LENGTH - 8;
  const lines = Math.max(1, Math.ceil(text.length / size));
  return Array.from({ length: lines }, (_, line) =>
    (name + text.slice(line * size, (line + 1) * size)).padEnd(CARD_LENGTH),
  ).join("");
}

/** Appends " / comment", cut where the card ends: the standard lets comments be lost, never values. */
function withComment(card: string, comment: string | undefined): string {
  return (comment ? `${card} / ${comment}` : card).slice(0, CARD_LENGTH).padEnd(CARD_LENGTH);
}

function checkText(key: string, text: string): void {
  const bad = /[^\x20-\x7e]/.exec(text);
  if (bad) {
    throw new TypeError(
      `Cannot write FITS header: ${key} must be printable ASCII: current value has ${JSON.stringify(bad[0])}`,
    );
  }
}
