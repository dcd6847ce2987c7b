import type { NdArray } from "../array/index.ts";

/** How numbers of one numpy type lie in bytes. */
interface NumberFormat {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, littleEndian: boolean) => number;
}

const FORMATS: ReadonlyMap<string, NumberFormat> = new Map([
  ["f8", { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) }],
  ["f4", { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) }],
  ["i8", { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) }],
  ["i4", { bytes: 4, read: (view, at, little) => view.getInt32(at, little) }],
  ["i2", { bytes: 2, read: (view, at, little) => view.getInt16(at, little) }],
  ["i1", { bytes: 1, read: (view, at) => view.getInt8(at) }],
  ["u8", { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) }],
  ["u4", { bytes: 4, read: (view, at, little) => view.getUint32(at, little) }],
  ["u2", { bytes: 2, read: (view, at, little) => view.getUint16(at, little) }],
  ["u1", { bytes: 1, read: (view, at) => view.getUint8(at) }],
  ["b1", { bytes: 1, read: (view, at) => view.getUint8(at) }],
] satisfies [string, NumberFormat][]);

/** A numpy dtype: its code without byte order ("f8") and its byte order, which a pickle sets afterwards. */
export class PickledDtype {
  readonly code: string;
  littleEndian = true;

  constructor(code: string) {
    this.code = code;
  }

  /** Bytes of one number, or undefined where the type is not one of numbers (objects, text, records). */
  get numberBytes(): number | undefined {
    return FORMATS.get(this.code)?.bytes;
  }

  /** `count` numbers from the start of `bytes`, which must be long enough. */
  decode(bytes: Uint8Array, count: number): Float64Array {
    const format = FORMATS.get(this.code) as NumberFormat;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Float64Array.from({ length: count }, (_, i) => format.read(view, i * format.bytes, this.littleEndian));
  }
}

/** A numpy array as the pickle holds it: numbers stay bytes of the file until `numbers()` asks for them. */
export class PickledArray {
  shape: readonly number[] = [0];
  dtype = new PickledDtype("f8");
  /** Whether the first index runs fastest. */
  fortranOrder = false;
  /** Bytes, or for arrays of objects a list. */
  content: unknown = new Uint8Array(0);

  /** The numbers in row-major order, or undefined where the array does not hold numbers. */
  numbers(): NdArray | undefined {
    const { dtype, content, shape } = this;
    if (dtype.numberBytes === undefined || !(content instanceof Uint8Array)) return undefined;
    const stored = dtype.decode(content, content.length / dtype.numberBytes);
    return { data: this.fortranOrder ? rowMajor(stored, shape) : stored, shape: [...shape] };
  }
}

/** Numbers whose first index runs fastest, put so that the last does. */
function rowMajor(stored: Float64Array, shape: readonly number[]): Float64Array {
  const index = shape.map(() => 0);
  return stored.map(() => {
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) at = at * shape[axis] + index[axis];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
    return stored[at];
  });
}
