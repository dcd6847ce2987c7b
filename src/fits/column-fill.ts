import type { Column } from "./column.ts";
import { allocate, decodeInto, decodeText, type NumericArray } from "./decode.ts";
import { toPhysical } from "./scale.ts";
import { elementsPerRow, type Field, stringLength, toInfo } from "./table-fields.ts";
import type { TypeCode } from "./tform.ts";

type NumericCode = Exclude<TypeCode, "A">;

/** Rows decoded at a time: few enough to stay in the processor's cache while column after column takes its own. */
const BLOCK_ROWS = 2048;

/** Columns of fixed width, filled one block of rows after another. */
export class ColumnFill {
  readonly #fields: readonly Field[];
  readonly #rowBytes: number;
  readonly #data: (NumericArray | string[])[];
  #row = 0;

  constructor(fields: readonly Field[], rowBytes: number, numRows: number) {
    this.#fields = fields;
    this.#rowBytes = rowBytes;
    this.#data = fields.map((field) =>
      field.format.type === "A"
        ? new Array<string>(numRows * stringsPerRow(field))
        : allocate(field.format.type, numRows * elementsPerRow(field.format)),
    );
  }

  /** Decodes the next `numRows` rows, which `bytes` starts with. */
  add(bytes: Uint8Array, numRows: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const first = this.#row;
    for (let from = 0; from < numRows; from += BLOCK_ROWS) {
      const to = Math.min(from + BLOCK_ROWS, numRows);
      for (const [i, field] of this.#fields.entries()) {
        const out = this.#data[i] as NumericArray | string[];
        if (Array.isArray(out)) this.#addStrings(out, field, bytes, [from, to]);
        else this.#addNumbers(out, field, view, [from, to]);
      }
    }
    this.#row = first + numRows;
  }

  /** The columns, once all rows were added. */
  finish(): Column[] {
    return this.#fields.map((field, i) => {
      const data = this.#data[i] as NumericArray | string[];
      return {
        ...toInfo(field),
        ...(Array.isArray(data) ? { data } : toPhysical(data, field.format.type, field.scaling)),
      };
    });
  }

  #addNumbers(out: NumericArray, field: Field, view: DataView, [from, to]: readonly [number, number]): void {
    const perRow = elementsPerRow(field.format);
    // Rows are counted from the table's first, the view from the block's
    const start = field.offset - this.#row * this.#rowBytes;
    const layout = { view, start, stride: this.#rowBytes, perRow };
    if (perRow > 0) decodeInto(out, layout, field.format.type as NumericCode, this.#row + from, this.#row + to);
  }

  /** String cells; with TDIM or a substring width a row holds several. */
  #addStrings(out: string[], field: Field, bytes: Uint8Array, [from, to]: readonly [number, number]): void {
    const length = stringLength(field);
    const perRow = stringsPerRow(field);
    for (let row = from; row < to; row++) {
      const start = row * this.#rowBytes + field.offset;
      for (let i = 0; i < perRow; i++) {
        out[(this.#row + row) * perRow + i] = decodeText(bytes, start + i * length, length);
      }
    }
  }
}

function stringsPerRow({ shape }: Field): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
