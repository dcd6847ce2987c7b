import type { DOMWidgetModel } from "@jupyter-widgets/base";

/** Binary state arrives as a DataView, or as the array that this side set; both read as bytes of their own. */
function bytesOf(value: unknown): Uint8Array<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  return new Uint8Array(0);
}

export function asU8(value: unknown): Uint8Array<ArrayBuffer> {
  return bytesOf(value);
}

export function asU16(value: unknown): Uint16Array<ArrayBuffer> {
  return new Uint16Array(bytesOf(value).buffer);
}

export function asF32(value: unknown): Float32Array<ArrayBuffer> {
  return new Float32Array(bytesOf(value).buffer);
}

/** A value with bytes of its own wherever it has binary parts: what sends them looks at whole buffers, not at views. */
export function withOwnBytes(value: unknown): unknown {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return bytesOf(value);
  if (Array.isArray(value)) return value.map(withOwnBytes);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withOwnBytes(part)]));
}

/** Serializers that keep binary values as they are, where the default would turn them into JSON. */
export function binarySerializers(keys: readonly string[]): Record<string, { serialize: (value: unknown) => unknown }> {
  return Object.fromEntries(keys.map((key) => [key, { serialize: (value: unknown) => value }]));
}

/** Sets what the user did and tells the kernel; in a saved page, which has none, the views follow the model all the same. */
export function setAndSave(model: DOMWidgetModel, changes: Record<string, unknown>): void {
  model.set(changes);
  model.save_changes();
}
