/** What can be compared with another reader's result for a column. */
export interface ColumnSummary {
  /** Elements, those of arrays counted singly, complex numbers as two. */
  readonly values: number;
  readonly nulls: number;
  /** Elements that are neither null nor NaN nor infinite. */
  readonly finite: number;
  /** Of the finite values; integers as exact text, text in code point order. Null where there is none. */
  readonly min: number | string | null;
  readonly max: number | string | null;
  /** Exact text for integers, a compensated sum for reals, the number of characters for text. */
  readonly sum: number | string;
}

type Element = number | bigint | string | null | undefined;

/** Cells of a column: elements, or one array (or text) per row. */
export type Cells = ArrayLike<Element> | ArrayLike<ArrayLike<Element> | string>;

/** Summarises a column. @param nulls 1 where an element of flat `cells`, or a whole row, is null. */
export function summarizeColumn(cells: Cells, nulls?: Uint8Array, integers = false): ColumnSummary {
  const tally = new Tally(integers);
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] as Element | ArrayLike<Element>;
    if (typeof cell !== "object" || cell === null) tally.add(nulls?.[i] ? null : cell);
    else if (nulls?.[i]) tally.add(null);
    else for (let k = 0; k < cell.length; k++) tally.add(cell[k]);
  }
  return tally.summary();
}

/** Extremes and sum of a stream of elements. */
class Tally {
  #values = 0;
  #nulls = 0;
  #finite = 0;
  #min: number | bigint | string | undefined;
  #max: number | bigint | string | undefined;
  /** Sum of reals and its compensation (Neumaier 1974); of integers while it is exact in a double. */
  #sum = 0;
  #lost = 0;
  #exact = 0n;
  readonly #integers: boolean;

  constructor(integers: boolean) {
    this.#integers = integers;
  }

  add(value: Element): void {
    this.#values++;
    if (value === null || value === undefined) this.#nulls++;
    else if (typeof value === "number" && !Number.isFinite(value)) this.#nulls += this.#integers ? 1 : 0;
    else this.#addFinite(value);
  }

  summary(): ColumnSummary {
    const end = (value: number | bigint | string | undefined) =>
      value === undefined ? null : this.#integers || typeof value === "bigint" ? String(value) : value;
    const exact = this.#integers || typeof this.#min === "bigint";
    const sum = exact ? String(this.#exact + BigInt(this.#sum)) : this.#sum + this.#lost;
    const { min, max } = { min: end(this.#min), max: end(this.#max) };
    return { values: this.#values, nulls: this.#nulls, finite: this.#finite, min, max, sum };
  }

  #addFinite(value: number | bigint | string): void {
    this.#finite++;
    if (this.#min === undefined || value < this.#min) this.#min = value;
    if (this.#max === undefined || value > this.#max) this.#max = value;
    if (typeof value === "string") this.#sum += value.length;
    else if (typeof value === "bigint") this.#exact += value;
    else if (this.#integers) this.#addInteger(value);
    else this.#addReal(value);
  }

  #addInteger(value: number): void {
    const sum = this.#sum + value;
    if (Number.isSafeInteger(sum)) this.#sum = sum;
    else this.#exact += BigInt(value);
  }

  #addReal(value: number): void {
    const sum = this.#sum + value;
    this.#lost += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - sum + value : value - sum + this.#sum;
    this.#sum = sum;
  }
}
