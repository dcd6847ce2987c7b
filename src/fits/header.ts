import { type Card, type CardValue, parseCard } from "./card.ts";
import { FitsError, type FitsPlace } from "./error.ts";

const RECORD = 80;

/** Keywords that say what an HDU itself is, or nothing; they are not inherited. */
const OWN =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|[PG]COUNT|GROUPS|T[A-Z]+\d+|TFIELDS|THEAP|EXT(NAME|VER|LEVEL)|INHERIT|CHECKSUM|DATASUM|B(SCALE|ZERO|LANK|UNIT)|DATAM(IN|AX)|Z[A-Z]+\d*|COMMENT|HISTORY|CONTINUE|)$/;

/**
 * The cards of one HDU.
 *
 * Keywords are case-insensitive; of a keyword that occurs twice, the first counts. `number`, `integer` and `string`
 * throw a FitsError that names file, HDU and keyword unless a fallback is given for an absent keyword.
 */
export class Header {
  readonly cards: readonly Card[];
  readonly #place: FitsPlace;
  readonly #index = new Map<string, Card>();
  readonly #primary: Header | undefined;

  /** @param primary Header whose keywords this one inherits. Default: none. */
  constructor(cards: readonly Card[], place: FitsPlace, primary?: Header) {
    this.cards = cards;
    this.#place = place;
    this.#primary = primary;
    for (const card of cards) if (!this.#index.has(card.key)) this.#index.set(card.key, card);
  }

  has(key: string): boolean {
    return this.card(key) !== undefined;
  }

  /** The card of a keyword, with comment and the value as written. */
  card(key: string): Card | undefined {
    const upper = key.toUpperCase();
    return this.#index.get(upper) ?? (OWN.test(upper) ? undefined : this.#primary?.card(upper));
  }

  get(key: string): CardValue {
    return this.card(key)?.value;
  }

  /** Value that must be a number; numbers written as quoted strings are accepted. */
  number(key: string, fallback?: number): number {
    const card = this.card(key);
    if (card === undefined || (card.value === undefined && card.text === "")) {
      if (fallback !== undefined) return fallback;
      throw this.error(key, `must be a number: the keyword is ${card ? "without a value" : "missing"}`);
    }
    const value = typeof card.value === "string" && card.value.trim() !== "" ? Number(card.value) : card.value;
    if (typeof value === "number" && !Number.isNaN(value)) return value;
    throw this.error(key, `must be a number: current value is ${show(card)}`);
  }

  /** Value that must be a whole number of at least `least`. */
  integer(key: string, options: { fallback?: number; least?: number } = {}): number {
    const value = this.number(key, options.fallback);
    const least = options.least ?? Number.MIN_SAFE_INTEGER;
    if (Number.isSafeInteger(value) && value >= least) return value;
    const range = options.least === undefined ? "a whole number" : `a whole number >= ${least}`;
    throw this.error(key, `must be ${range}: current value is ${value}`);
  }

  /** Value that must be a string. */
  string(key: string, fallback?: string): string {
    const card = this.card(key);
    if (card === undefined) {
      if (fallback !== undefined) return fallback;
      throw this.error(key, "must be a string: the keyword is missing");
    }
    if (typeof card.value === "string") return card.value;
    throw this.error(key, `must be a quoted string: current value is ${show(card)}`);
  }

  /** The text of all cards of a commentary keyword, a line each. */
  commentary(key: "COMMENT" | "HISTORY" | "" = "COMMENT"): string[] {
    return this.cards.filter((card) => card.key === key).map((card) => card.comment);
  }

  /**
   * This header as part of its file: with INHERIT = T, keywords that it lacks are looked up in the primary header, unless
   * they describe an HDU's own data. `cards` stay its own.
   *
   * @see FITS standard 4.0, section 4.4.2.6: the primary HDU has no data then
   */
  within(primary: Header | undefined): Header {
    const inherits = this.get("INHERIT") === true && primary?.get("NAXIS") === 0;
    return inherits ? new Header(this.cards, this.#place, primary) : this;
  }

  /** An error about a keyword of this header, ready to be thrown. */
  error(keyword: string, problem: string): FitsError {
    return new FitsError({ ...this.#place, hduName: this.#hduName(), keyword }, `${keyword} ${problem}`);
  }

  #hduName(): string | undefined {
    const name = this.get("EXTNAME");
    return typeof name === "string" ? name : undefined;
  }
}

/** A card's value for an error message. */
function show(card: Card): string {
  return card.value === undefined ? (card.text === "" ? "absent" : `"${card.text}"`) : JSON.stringify(card.value);
}

/**
 * Parses the header that starts at `offset`.
 *
 * @param skipped Bytes of the file before `bytes`, for the error. Default 0.
 * @returns The header and the offset of what follows its END card's block.
 * @throws {FitsError} If the bytes end before an END card.
 */
export function parseHeader(
  bytes: Uint8Array,
  offset: number,
  place: FitsPlace,
  skipped = 0,
): { header: Header; end: number } {
  const cards: Card[] = [];
  for (let at = offset; at + RECORD <= bytes.length; at += RECORD) {
    const record = recordText(bytes, at);
    if (isEnd(record)) {
      const end = Math.min(offset + Math.ceil((at + RECORD - offset) / 2880) * 2880, bytes.length);
      return { header: new Header(cards, place), end };
    }
    addCard(cards, parseCard(record));
  }
  throw new FitsError(
    { ...place, keyword: "END" },
    `the header must end with an END card: the file ends after ${skipped + bytes.length} bytes without one (truncated or not FITS)`,
  );
}

/** Whether a header that starts the bytes also ends in them, its last block whole. */
export function hasEnd(bytes: Uint8Array): boolean {
  for (let at = 0; at + RECORD <= bytes.length; at += RECORD) {
    if (bytes[at] === 0x45 && isEnd(recordText(bytes, at)))
      return Math.ceil((at + RECORD) / 2880) * 2880 <= bytes.length;
  }
  return false;
}

function isEnd(record: string): boolean {
  return record.startsWith("END") && record.slice(3).trim() === "";
}

/** Appends a card, joining a CONTINUE record to the string it continues. */
function addCard(cards: Card[], card: Card): void {
  const last = cards.at(-1);
  if (card.key === "CONTINUE" && typeof last?.value === "string" && last.value.endsWith("&")) {
    const value = last.value.slice(0, -1) + (typeof card.value === "string" ? card.value : "");
    cards[cards.length - 1] = { ...last, value, text: value, comment: `${last.comment} ${card.comment}`.trim() };
  } else {
    cards.push(card);
  }
}

function recordText(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + RECORD));
}
