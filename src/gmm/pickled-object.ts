import { PickledArray, PickledDtype } from "./pickled-array.ts";

/** A name of a module that a pickle mentions ("numpy.ndarray"). Nothing is ever imported or called. */
export class PickledGlobal {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
}

/** An instance of something that is not plain data: what it is and its state, inert. */
export class PickledObject {
  readonly path: string;
  readonly args: readonly unknown[];
  /** What its `__setstate__` would have got; for most classes a map of attributes. */
  state: unknown = undefined;

  constructor(path: string, args: readonly unknown[]) {
    this.path = path;
    this.args = args;
  }
}

/** What applying and building need of the reader. */
export interface PickleContext {
  /** An error with file and place. */
  readonly error: (problem: string) => Error;
  /** Bytes by the text that stands for them in protocol 2, so that text used twice costs memory once. */
  readonly encoded: Map<string, Uint8Array>;
}

/** What a pickle means by `callee(*args)`: numpy arrays, dtypes and scalars, bytes; anything else as an inert record. */
export function reduce(callee: unknown, args: unknown, context: PickleContext): unknown {
  if (!(callee instanceof PickledGlobal))
    throw context.error(`only a global name may be applied: found ${describe(callee)}`);
  if (!Array.isArray(args)) throw context.error(`arguments of ${callee.path} must be a tuple: found ${describe(args)}`);
  // numpy 2 renamed numpy.core to numpy._core.
  switch (callee.path.replace(/^numpy\._core\./, "numpy.core.")) {
    case "numpy.core.multiarray._reconstruct":
      if (args[0] instanceof PickledGlobal && args[0].path === "numpy.ndarray") return new PickledArray();
      throw context.error(`an array must be a numpy.ndarray: found ${describe(args[0])}`);
    case "numpy.core.numeric._frombuffer": {
      const [content, dtype, shape, order] = args;
      return fillArray(new PickledArray(), { content, dtype, shape, fortranOrder: order === "F" }, context);
    }
    case "numpy.core.multiarray.scalar":
      return scalar(callee.path, args, context);
    case "numpy.dtype":
      if (typeof args[0] === "string") return new PickledDtype(args[0]);
      throw context.error(`a numpy type must be named by a string: found ${describe(args[0])}`);
    case "_codecs.encode":
      if (typeof args[0] === "string" && args[1] === "latin1") return latin1(args[0], context);
      throw context.error(`bytes written as text must be "latin1": found ${describe(args[1])}`);
    case "__builtin__.bytes":
      return new Uint8Array(0);
    default:
      return new PickledObject(callee.path, args);
  }
}

/** What a pickle means by `target.__setstate__(state)`. */
export function build(target: unknown, state: unknown, context: PickleContext): void {
  if (target instanceof PickledObject) {
    if (target.path.startsWith("joblib.")) {
      throw context.error("it must be written by pickle.dump: current writer is joblib.dump");
    }
    target.state = state;
  } else if (target instanceof PickledArray) {
    if (!Array.isArray(state) || state.length !== 5) {
      throw context.error(`the state of an array must have 5 parts: found ${describe(state)}`);
    }
    const [, shape, dtype, fortranOrder, content] = state;
    fillArray(target, { content, dtype, shape, fortranOrder: fortranOrder === true }, context);
  } else if (target instanceof PickledDtype) {
    const order = Array.isArray(state) ? state[1] : undefined;
    if (typeof order !== "string" || !/^[<>|=]$/.test(order)) {
      throw context.error(`byte order must be <, >, | or =: found ${describe(order)}`);
    }
    target.littleEndian = order !== ">";
  } else {
    throw context.error(`only an object, an array or a numpy type has a state: found ${describe(target)}`);
  }
}

/** A value in a few words, without looking inside, since hostile files hold values that never end. */
export function describe(value: unknown): string {
  if (typeof value === "string") return `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
  if (value instanceof PickledGlobal || value instanceof PickledObject) return describeName(value.path);
  if (value instanceof PickledArray) return `an array of numpy type "${value.dtype.code}"`;
  if (value instanceof PickledDtype) return "a numpy type";
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return `a list or tuple of ${value.length}`;
  if (value instanceof Map) return `a dict of ${value.size}`;
  if (value instanceof Set) return `a set of ${value.size}`;
  return value === null || value === undefined ? "None" : `${value as number | boolean | bigint}`;
}

function describeName(path: string): string {
  return path.length > 120 ? `${path.slice(0, 120)}…` : path;
}

interface ArrayParts {
  readonly content: unknown;
  readonly dtype: unknown;
  readonly shape: unknown;
  readonly fortranOrder: boolean;
}

/** Checks that shape, type and bytes agree before an array takes them. */
function fillArray(array: PickledArray, parts: ArrayParts, context: PickleContext): PickledArray {
  const { dtype, shape } = parts;
  if (!(dtype instanceof PickledDtype))
    throw context.error(`an array must have a numpy type: found ${describe(dtype)}`);
  if (!isShape(shape)) throw context.error(`the shape of an array must be up to 32 lengths: found ${describe(shape)}`);
  const content = typeof parts.content === "string" ? latin1(parts.content, context) : parts.content;
  if (dtype.numberBytes !== undefined) {
    const wanted = shape.reduce((product, extent) => product * extent, dtype.numberBytes);
    if (!(content instanceof Uint8Array) || content.length !== wanted) {
      throw context.error(
        `an array of shape (${shape.join(", ")}) must have ${wanted} bytes: found ${describe(content)}`,
      );
    }
  }
  // A copy: a hostile pickle could append to the list that is the shape.
  return Object.assign(array, { dtype, shape: [...shape], fortranOrder: parts.fortranOrder, content });
}

function isShape(shape: unknown): shape is number[] {
  return (
    Array.isArray(shape) && shape.length <= 32 && shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)
  );
}

function scalar(path: string, args: readonly unknown[], context: PickleContext): unknown {
  const [dtype, value] = args;
  if (!(dtype instanceof PickledDtype) || dtype.numberBytes === undefined) return new PickledObject(path, args);
  const bytes = typeof value === "string" ? latin1(value, context) : value;
  if (!(bytes instanceof Uint8Array) || bytes.length !== dtype.numberBytes) {
    throw context.error(
      `a number of type "${dtype.code}" must have ${dtype.numberBytes} bytes: found ${describe(bytes)}`,
    );
  }
  return dtype.decode(bytes, 1)[0];
}

/** Bytes that protocol 2 writes as text, a character a byte. */
function latin1(text: string, context: PickleContext): Uint8Array {
  const known = context.encoded.get(text);
  if (known) return known;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255)
      throw context.error(`bytes written as text must have characters up to U+00FF: found ${describe(text)}`);
    bytes[i] = code;
  }
  context.encoded.set(text, bytes);
  return bytes;
}
