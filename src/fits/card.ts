/** Value of a header card; undefined where the card has none or an unreadable one. */
export type CardValue = string | number | boolean | undefined;

/** One header card (an 80-character record, with its CONTINUE records joined). */
export interface Card {
  /** Keyword, upper case; HIERARCH keywords are the words after HIERARCH, joined by single spaces. */
  readonly key: string;
  readonly value: CardValue;
  /** Comment after the slash; for COMMENT, HISTORY and blank keywords the text itself. */
  readonly comment: string;
  /** The value as written (digits beyond double precision survive here). */
  readonly text: string;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([EeDd][+-]?\d+)?$/;

/**
 * Parses one 80-character record. CONTINUE comes back as a card of that key with a string value.
 *
 * @see FITS standard 4.0, section 4.1 and 4.2
 */
export function parseCard(record: string): Card {
  const key = record.slice(0, 8).trimEnd().toUpperCase();
  if (key === "HIERARCH") {
    const match = /^HIERARCH\s+([^=]+?)\s*=\s*(.*)$/i.exec(record);
    if (match)
      return { key: (match[1] as string).toUpperCase().replace(/\s+/g, " "), ...parseValue(match[2] as string) };
  }
  if (key === "CONTINUE") return { key, ...parseValue(record.slice(8)) };
  if (record[8] === "=" && key !== "" && key !== "COMMENT" && key !== "HISTORY") {
    return { key, ...parseValue(record.slice(9)) };
  }
  const text = record.slice(8).trimEnd();
  return { key, value: undefined, comment: text, text: "" };
}

/** Value field and comment of a card. */
function parseValue(field: string): { value: CardValue; comment: string; text: string } {
  const body = field.trimStart();
  if (body.startsWith("'")) {
    const { value, end } = parseQuoted(body);
    const slash = body.indexOf("/", end);
    return { value, comment: slash < 0 ? "" : body.slice(slash + 1).trim(), text: body.slice(0, end) };
  }
  const slash = body.indexOf("/");
  const text = (slash < 0 ? body : body.slice(0, slash)).trim();
  return { value: parseBare(text), comment: slash < 0 ? "" : body.slice(slash + 1).trim(), text };
}

/** A quoted string, '' standing for one quote; trailing blanks do not count. `end` is past the closing quote. */
function parseQuoted(body: string): { value: string; end: number } {
  let value = "";
  let at = 1;
  for (;;) {
    const quote = body.indexOf("'", at);
    if (quote < 0) return { value: (value + body.slice(at)).trimEnd(), end: body.length };
    value += body.slice(at, quote);
    if (body[quote + 1] !== "'") return { value: value.trimEnd(), end: quote + 1 };
    value += "'";
    at = quote + 2;
  }
}

/** A logical, a number, or a complex pair (which stays text). */
function parseBare(text: string): CardValue {
  if (text === "T") return true;
  if (text === "F") return false;
  if (NUMBER.test(text)) return Number(text.replace(/[Dd]/, "E"));
  return text.startsWith("(") ? text : undefined;
}
