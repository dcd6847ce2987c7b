/** An object of a pickle: what it is called and what it was built from. Nothing of it is run. */
export interface PickledObject {
  /** Module and name, such as "numpy.ndarray". */
  readonly type: string;
  readonly args: readonly unknown[];
  state: unknown;
}

/** A class or function that a pickle names. */
interface Global {
  readonly global: string;
}

const MARK = Symbol("mark");

/**
 * Decodes a Python pickle of protocol 4 or 5 into plain values: tuples and lists as arrays, dicts as Maps, objects as
 * what they were built from. Names in it are never resolved and nothing is called, so foreign files do no harm.
 *
 * @throws {SyntaxError} If it is no such pickle or uses an opcode that data files do not need.
 */
export function unpickle(bytes: Uint8Array): unknown {
  const machine = new Machine(bytes);
  return machine.run();
}

class Machine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #stack: unknown[] = [];
  readonly #memo: unknown[] = [];
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): unknown {
    if (this.#bytes[0] !== 0x80 || (this.#bytes[1] as number) < 4) {
      throw new SyntaxError("Cannot decode pickle: it must be of protocol 4 or 5: its first bytes say otherwise");
    }
    this.#at = 2;
    while (this.#at < this.#bytes.length) {
      const opcode = this.#bytes[this.#at++] as number;
      if (opcode === 0x2e) return this.#stack.pop();
      this.#step(opcode);
    }
    throw new SyntaxError(`Cannot decode pickle: it must end with a stop: it ends after ${this.#bytes.length} bytes`);
  }

  /** One opcode; the names are those of Python's pickletools. */
  #step(opcode: number): void {
    const push = (value: unknown) => this.#stack.push(value);
    switch (String.fromCharCode(opcode)) {
      case "\x95": // FRAME
        this.#take(8);
        break;
      case "\x94": // MEMOIZE
        this.#memo.push(this.#stack.at(-1));
        break;
      case "h": // BINGET
        push(this.#memo[this.#take(1)[0] as number]);
        break;
      case "j": // LONG_BINGET
        push(this.#memo[this.#uint32()]);
        break;
      case "\x8c": // SHORT_BINUNICODE
        push(text(this.#take(this.#take(1)[0] as number)));
        break;
      case "X": // BINUNICODE
        push(text(this.#take(this.#uint32())));
        break;
      case "C": // SHORT_BINBYTES
        push(this.#take(this.#take(1)[0] as number));
        break;
      case "B": // BINBYTES
        push(this.#take(this.#uint32()));
        break;
      case "K": // BININT1
        push(this.#take(1)[0]);
        break;
      case "M": // BININT2
        this.#take(2);
        push(this.#view.getUint16(this.#at - 2, true));
        break;
      case "J": // BININT
        this.#take(4);
        push(this.#view.getInt32(this.#at - 4, true));
        break;
      case "G": // BINFLOAT
        this.#take(8);
        push(this.#view.getFloat64(this.#at - 8));
        break;
      case "N":
        push(null);
        break;
      case "\x88":
        push(true);
        break;
      case "\x89":
        push(false);
        break;
      case "(":
        push(MARK);
        break;
      case ")":
      case "]":
        push([]);
        break;
      case "}":
        push(new Map());
        break;
      case "\x85":
      case "\x86":
      case "\x87": // TUPLE1 to TUPLE3
        push(this.#stack.splice(-(opcode - 0x84)));
        break;
      case "t":
        push(this.#popMark());
        break;
      case "a": {
        const value = this.#stack.pop();
        (this.#stack.at(-1) as unknown[]).push(value);
        break;
      }
      case "e": {
        const values = this.#popMark();
        (this.#stack.at(-1) as unknown[]).push(...values);
        break;
      }
      case "s": {
        const [key, value] = this.#stack.splice(-2);
        (this.#stack.at(-1) as Map<unknown, unknown>).set(key, value);
        break;
      }
      case "u": {
        const pairs = this.#popMark();
        const map = this.#stack.at(-1) as Map<unknown, unknown>;
        for (let i = 0; i < pairs.length; i += 2) map.set(pairs[i], pairs[i + 1]);
        break;
      }
      case "\x93": {
        const [module, name] = this.#stack.splice(-2);
        push({ global: `${module}.${name}` } satisfies Global);
        break;
      }
      case "R":
      case "\x81": {
        const [callee, args] = this.#stack.splice(-2) as [Global, unknown[]];
        push({ type: callee.global, args, state: undefined } satisfies PickledObject);
        break;
      }
      case "b": {
        const state = this.#stack.pop();
        (this.#stack.at(-1) as PickledObject).state = state;
        break;
      }
      default: {
        const where = `byte ${this.#at - 1}`;
        throw new SyntaxError(
          `Cannot decode pickle: opcodes must be those of data: ${where} holds 0x${opcode.toString(16)}`,
        );
      }
    }
  }

  #take(n: number): Uint8Array {
    if (this.#at + n > this.#bytes.length) {
      throw new SyntaxError(
        `Cannot decode pickle: ${n} bytes must follow byte ${this.#at}: there are ${this.#bytes.length - this.#at}`,
      );
    }
    this.#at += n;
    return this.#bytes.subarray(this.#at - n, this.#at);
  }

  #uint32(): number {
    this.#take(4);
    return this.#view.getUint32(this.#at - 4, true);
  }

  #popMark(): unknown[] {
    const mark = this.#stack.lastIndexOf(MARK);
    const values = this.#stack.splice(mark);
    return values.slice(1);
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/**
 * A float64 array of numpy out of a decoded pickle.
 *
 * @throws {TypeError} If the value is none.
 */
export function pickledArray(value: unknown): { data: Float64Array; shape: number[] } {
  const { type, state } = (value ?? {}) as PickledObject;
  const [, shape, dtype, fortran, raw] = (state ?? []) as [number, number[], PickledObject, boolean, Uint8Array];
  const code = dtype?.args?.[0];
  const order = (dtype?.state as unknown[] | undefined)?.[1];
  if (!/^numpy\.(_?core)\.multiarray\._reconstruct$/.test(type ?? "") || code !== "f8" || order !== "<" || fortran) {
    throw new TypeError(
      `Cannot read pickled array: it must be a row-major, little-endian float64 array of numpy: it is ${type ?? typeof value} of ${order ?? ""}${code ?? "unknown type"}`,
    );
  }
  const data = new Float64Array(new Uint8Array(raw).buffer);
  return { data, shape };
}
