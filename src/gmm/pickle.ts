import { PickleBytes } from "./pickle-bytes.ts";
import { build, describe, type PickleContext, PickledGlobal, PickledObject, reduce } from "./pickled-object.ts";

/** Bounds time and memory: a mixture takes some hundred operations, and each makes at most one small value. */
const MAX_OPERATIONS = 250_000;
const PROTO = 0x80;
const STOP = 0x2e;

/**
 * Reads a Python pickle of protocols 2 to 5 as plain data. No code is run and no name is looked up, whatever the file.
 *
 * dict → Map, list and tuple → array, set → Set, None → null, int → number (bigint beyond 2⁵³), bytes → Uint8Array
 * (a view of the input), numpy scalar → number, numpy array → `PickledArray`, a name → `PickledGlobal`, any other
 * object → `PickledObject` with its state, inert. Values may refer to themselves, as in Python. Bytes after the first
 * pickle are ignored, as Python ignores them.
 *
 * @param options.name File name for errors. Default "<bytes>".
 * @throws {PickleError} If the bytes are not such a pickle, are cut off, or hold more than 250 000 operations.
 * @see https://peps.python.org/pep-3154/ and https://peps.python.org/pep-0574/
 */
export function readPickle(bytes: Uint8Array, options: { readonly name?: string } = {}): unknown {
  return new PickleMachine(new PickleBytes(bytes, options.name ?? "<bytes>")).run();
}

/** The stack machine that a pickle is a program for, without the operations that reach outside. */
class PickleMachine {
  readonly #bytes: PickleBytes;
  readonly #stack: unknown[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();
  readonly #context: PickleContext;

  constructor(bytes: PickleBytes) {
    this.#bytes = bytes;
    this.#context = { encoded: new Map(), error: (problem) => bytes.error(problem) };
  }

  run(): unknown {
    if (this.#bytes.operation() !== PROTO)
      throw this.#bytes.error("it must begin with byte 0x80 (protocol 2 or later)");
    this.#checkProtocol(this.#bytes.unsigned(1));
    for (let count = 0; count < MAX_OPERATIONS; count++) {
      const code = this.#bytes.operation();
      if (code === STOP) return this.#pop();
      const value = this.#value(code);
      if (value === undefined) this.#act(code);
      else this.#stack.push(value);
    }
    throw this.#bytes.error(`it must have at most ${MAX_OPERATIONS} operations`);
  }

  /** The value that an operation pushes, or undefined for those that push none. Names are those of pickletools. */
  #value(code: number): unknown {
    switch (code) {
      case 0x4e: // NONE
        return null;
      case 0x88: // NEWTRUE
        return true;
      case 0x89: // NEWFALSE
        return false;
      case 0x4b: // BININT1
        return this.#bytes.unsigned(1);
      case 0x4d: // BININT2
        return this.#bytes.unsigned(2);
      case 0x4a: // BININT
        return this.#bytes.unsigned(4) | 0;
      case 0x8a: // LONG1
        return this.#bytes.integer(this.#bytes.size(1));
      case 0x8b: // LONG4
        return this.#bytes.integer(this.#bytes.size(4));
      case 0x47: // BINFLOAT
        return this.#bytes.float64();
      case 0x8c: // SHORT_BINUNICODE
        return this.#bytes.text(this.#bytes.size(1));
      case 0x58: // BINUNICODE
        return this.#bytes.text(this.#bytes.size(4));
      case 0x8d: // BINUNICODE8
        return this.#bytes.text(this.#bytes.size(8));
      case 0x43: // SHORT_BINBYTES
        return this.#bytes.take(this.#bytes.size(1));
      case 0x42: // BINBYTES
        return this.#bytes.take(this.#bytes.size(4));
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return this.#bytes.take(this.#bytes.size(8));
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return [];
      case 0x7d: // EMPTY_DICT
        return new Map();
      case 0x8f: // EMPTY_SET
        return new Set();
      case 0x91: // FROZENSET
        return new Set(this.#popMark());
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.#popSome(code - 0x84);
      case 0x74: // TUPLE
        return this.#popMark();
      case 0x32: // DUP
        return this.#top();
      case 0x68: // BINGET
        return this.#recall(this.#bytes.unsigned(1));
      case 0x6a: // LONG_BINGET
        return this.#recall(this.#bytes.unsigned(4));
      case 0x63: // GLOBAL
        return this.#global([this.#bytes.line(), this.#bytes.line()]);
      case 0x93: // STACK_GLOBAL
        return this.#global(this.#popSome(2));
      case 0x81: // NEWOBJ
        return this.#instance(this.#popSome(2));
      case 0x92: // NEWOBJ_EX, with keyword arguments
        return this.#instance(this.#popSome(3));
      case 0x52: {
        const [callee, args] = this.#popSome(2); // REDUCE
        return reduce(callee, args, this.#context);
      }
      default:
        return undefined;
    }
  }

  /** An operation that pushes nothing. */
  #act(code: number): void {
    switch (code) {
      case PROTO:
        this.#checkProtocol(this.#bytes.unsigned(1));
        break;
      case 0x95: // FRAME: a hint for buffered readers
        this.#bytes.checkLeft(this.#bytes.size(8));
        break;
      case 0x28: // MARK
        this.#marks.push(this.#stack.length);
        break;
      case 0x30: // POP, which also removes a mark
        if (this.#marks.at(-1) === this.#stack.length) this.#marks.pop();
        else this.#pop();
        break;
      case 0x31: // POP_MARK
        this.#popMark();
        break;
      case 0x61: // APPEND
        this.#appendAll(this.#popSome(1));
        break;
      case 0x65: // APPENDS
      case 0x90: // ADDITEMS
        this.#appendAll(this.#popMark());
        break;
      case 0x73: // SETITEM
        this.#setAll(this.#popSome(2));
        break;
      case 0x75: // SETITEMS
        this.#setAll(this.#popMark());
        break;
      case 0x71: // BINPUT
        this.#memo.set(this.#bytes.unsigned(1), this.#top());
        break;
      case 0x72: // LONG_BINPUT
        this.#memo.set(this.#bytes.unsigned(4), this.#top());
        break;
      case 0x94: // MEMOIZE
        this.#memo.set(this.#memo.size, this.#top());
        break;
      case 0x62: {
        const [state] = this.#popSome(1); // BUILD
        build(this.#top(), state, this.#context);
        break;
      }
      default:
        throw this.#bytes.error(
          `operations must be those that protocols 2 to 5 write for plain data: found 0x${code.toString(16).padStart(2, "0")}`,
        );
    }
  }

  #checkProtocol(protocol: number): void {
    if (protocol < 2 || protocol > 5) throw this.#bytes.error(`protocol must be 2 to 5: current value is ${protocol}`);
  }

  /** Refuses to reach below the last mark, as Python does. */
  #checkDepth(count: number): void {
    const depth = this.#stack.length - (this.#marks.at(-1) ?? 0);
    if (depth < count)
      throw this.#bytes.error(`an operation on ${count} values must find them: the stack holds ${depth}`);
  }

  #top(): unknown {
    this.#checkDepth(1);
    return this.#stack.at(-1);
  }

  #pop(): unknown {
    this.#checkDepth(1);
    return this.#stack.pop();
  }

  #popSome(count: number): unknown[] {
    this.#checkDepth(count);
    return this.#stack.splice(this.#stack.length - count);
  }

  #popMark(): unknown[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.#bytes.error("values must follow a mark: there is none");
    return this.#stack.splice(mark);
  }

  #recall(index: number): unknown {
    if (!this.#memo.has(index)) throw this.#bytes.error(`value ${index} must be remembered before it is recalled`);
    return this.#memo.get(index);
  }

  #appendAll(values: readonly unknown[]): void {
    const target = this.#top();
    if (target instanceof PickledObject) return;
    if (Array.isArray(target)) for (const value of values) target.push(value);
    else if (target instanceof Set) for (const value of values) target.add(value);
    else throw this.#bytes.error(`values must be added to a list or a set: found ${describe(target)}`);
  }

  #setAll(pairs: readonly unknown[]): void {
    const target = this.#top();
    if (target instanceof PickledObject) return;
    if (!(target instanceof Map) || pairs.length % 2 !== 0) {
      throw this.#bytes.error(`pairs of key and value must be set in a dict: found ${describe(target)}`);
    }
    for (let i = 0; i < pairs.length; i += 2) target.set(pairs[i], pairs[i + 1]);
  }

  #global([module, name]: readonly unknown[]): PickledGlobal {
    if (typeof module !== "string" || typeof name !== "string") {
      throw this.#bytes.error(`a global must be named by two strings: found ${describe(module)}, ${describe(name)}`);
    }
    return new PickledGlobal(`${module}.${name}`);
  }

  #instance([type, args]: readonly unknown[]): PickledObject {
    if (!(type instanceof PickledGlobal))
      throw this.#bytes.error(`an object must have a class: found ${describe(type)}`);
    return new PickledObject(type.path, Array.isArray(args) ? args : []);
  }
}
