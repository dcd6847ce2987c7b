import type { Json, JsonObject } from "../../src/host/index.ts";

/** A widget that another one's state names. */
export interface WidgetReference {
  /** The widget's name on the wire, "IPY_MODEL_<id>"; asking for it opens the widget's comm. */
  reference(): string;
}

/** Anything a widget's state may hold: JSON, binary arrays, and other widgets. */
export type WidgetValue =
  | Json
  | ArrayBufferView
  | WidgetReference
  | readonly WidgetValue[]
  | { readonly [key: string]: WidgetValue };
export type WidgetState = { readonly [key: string]: WidgetValue };

/** Where a binary value was taken from: keys and list positions from the top of the state. */
export type BufferPath = readonly (string | number)[];

/** A state as it goes over the wire: JSON, and the binary parts in the order of their paths. */
export interface PackedState {
  readonly state: JsonObject;
  readonly bufferPaths: readonly BufferPath[];
  readonly buffers: readonly Uint8Array[];
}

/** Whether a value is a widget. */
export function isReference(value: unknown): value is WidgetReference {
  return typeof value === "object" && value !== null && typeof (value as WidgetReference).reference === "function";
}

/**
 * Takes the binary values out of a state: keys leave objects, list entries become null. Widgets become their names. The
 * state is not changed and each buffer is a copy of exactly its view's bytes.
 */
export function packBuffers(state: WidgetState): PackedState {
  const bufferPaths: BufferPath[] = [];
  const buffers: Uint8Array[] = [];
  const pack = (value: WidgetValue, path: BufferPath): Json | undefined => {
    if (ArrayBuffer.isView(value)) {
      bufferPaths.push(path);
      buffers.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice());
      return undefined;
    }
    if (isReference(value)) return value.reference();
    if (Array.isArray(value)) return value.map((entry, i) => pack(entry, [...path, i]) ?? null);
    if (typeof value !== "object" || value === null) return value as Json;
    const packed: { [key: string]: Json } = {};
    for (const [key, entry] of Object.entries(value)) {
      const json = pack(entry as WidgetValue, [...path, key]);
      if (json !== undefined) packed[key] = json;
    }
    return packed;
  };
  return { state: pack(state, []) as JsonObject, bufferPaths, buffers };
}

/**
 * Puts binary values back at their paths.
 *
 * @throws {RangeError} If paths and buffers differ in number or a path leads nowhere.
 */
export function unpackBuffers(packed: PackedState): { [key: string]: WidgetValue } {
  const { bufferPaths, buffers } = packed;
  if (bufferPaths.length !== buffers.length) {
    throw new RangeError(
      `Cannot read widget state: ${bufferPaths.length} buffer paths need as many buffers: current number is ${buffers.length}`,
    );
  }
  const state = structuredClone(packed.state) as { [key: string]: WidgetValue };
  bufferPaths.forEach((path, i) => {
    let target: unknown = state;
    for (const key of path.slice(0, -1)) target = (target as { [key: string | number]: unknown } | undefined)?.[key];
    const last = path.at(-1);
    if (typeof target !== "object" || target === null || last === undefined) {
      throw new RangeError(
        `Cannot read widget state: buffer path must lead into the state: current value is ${JSON.stringify(path)}`,
      );
    }
    (target as { [key: string | number]: unknown })[last] = buffers[i];
  });
  return state;
}

/** Whether two values would look the same to the other side. */
export function sameValue(a: WidgetValue | undefined, b: WidgetValue | undefined): boolean {
  if (a === b) return true;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) {
    if (a.byteLength !== b.byteLength) return false;
    const [x, y] = [bytesOf(a), bytesOf(b)];
    return x.every((byte, i) => byte === y[i]);
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  if (isReference(a) || isReference(b)) return false;
  const [x, y] = [a as WidgetState, b as WidgetState];
  const keys = Object.keys(x);
  return keys.length === Object.keys(y).length && keys.every((key) => key in y && sameValue(x[key], y[key]));
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
