import { decodeText, type NumericArray } from "./decode.ts";
import type { Header } from "./header.ts";
import { decodeBlock, type Scaling, toPhysical } from "./scale.ts";
import type { Field } from "./table-fields.ts";
import { ELEMENT_BYTES, type TypeCode } from "./tform.ts";

/** Where the arrays of some rows lie in the heap. */
export interface HeapPlaces {
  /** Elements of each row's array. */
  readonly count: Float64Array;
  /** Byte offset of each row's array in the heap. */
  readonly offset: Float64Array;
  /** The stretch of the heap that holds them all, bytes; [0, 0] where all are empty. */
  readonly span: readonly [from: number, to: number];
}

/** A block of rows of a table. */
export interface RowBlock {
  readonly bytes: Uint8Array;
  readonly rowBytes: number;
  readonly numRows: number;
  /** Number of the block's first row in the table, for errors. */
  readonly firstRow: number;
}

/**
 * Reads the descriptors of a variable-length column.
 *
 * @param heapBytes Size of the heap.
 * @throws {FitsError} If one points outside the heap.
 */
export function heapPlaces(header: Header, field: Field, rows: RowBlock, heapBytes: number): HeapPlaces {
  const { type, descriptor, repeat } = field.format;
  const view = new DataView(rows.bytes.buffer, rows.bytes.byteOffset, rows.bytes.byteLength);
  const [count, offset] = [new Float64Array(rows.numRows), new Float64Array(rows.numRows)];
  const read = descriptor === "Q" ? (at: number) => Number(view.getBigInt64(at)) : (at: number) => view.getInt32(at);
  const width = descriptor === "Q" ? 8 : 4;
  let [from, to] = [heapBytes, 0];
  for (let row = 0; repeat > 0 && row < rows.numRows; row++) {
    const at = row * rows.rowBytes + field.offset;
    const n = read(at);
    const start = read(at + width);
    const end = start + Math.ceil(n * ELEMENT_BYTES[type]);
    if (n < 0 || start < 0 || end > heapBytes) {
      const where = `row ${rows.firstRow + row + 1} of column "${field.name}" points at ${n} elements at heap offset ${start}`;
      throw header.error(
        `TFORM${field.index + 1}`,
        `must describe arrays inside the heap (${Math.max(heapBytes, 0)} bytes): ${where}`,
      );
    }
    count[row] = n;
    offset[row] = start;
    if (n > 0) [from, to] = [Math.min(from, start), Math.max(to, end)];
  }
  return { count, offset, span: to > 0 ? [from, to] : [0, 0] };
}

/** The arrays themselves; `heap` is the stretch of the heap that `places.span` says. */
export function variableCells(field: Field, places: HeapPlaces, heap: Uint8Array): (NumericArray | string)[] {
  const { type } = field.format;
  const view = new DataView(heap.buffer, heap.byteOffset, heap.byteLength);
  return Array.from(places.count, (n, row) => {
    const start = n > 0 ? (places.offset[row] as number) - places.span[0] : 0;
    return type === "A" ? decodeText(heap, start, n) : numericCell(view, start, n, { type, scaling: field.scaling });
  });
}

/** One variable-length array. Nulls of integers have no mask here: such arrays come back as doubles with NaN. */
function numericCell(
  view: DataView,
  start: number,
  n: number,
  { type, scaling }: { type: Exclude<TypeCode, "A">; scaling: Scaling },
): NumericArray {
  const perElement = type === "C" || type === "M" ? 2 : 1;
  const { data, nulls } = toPhysical(decodeBlock(view, start, n * perElement, type), type, scaling);
  if (!nulls) return data;
  return Float64Array.from(data as Float64Array, (value, i) => (nulls[i] ? Number.NaN : Number(value)));
}
