import { inspect } from "node:util";
import { isNdArray, isNumberArray, ndArrayText, numberArrayText } from "./arrays.ts";
import { DISPLAY, type MimeBundle } from "./host.ts";
import { isTable, tableBundle } from "./table.ts";

const MAX_TEXT = 100_000;
/** Objects of an array that are shown, and the characters of each. */
const MAX_ITEMS = 10;
const MAX_ITEM = 160;
const MIME_TYPE = /^[a-z]+\/[\w.+-]+$/;

/** How a value shows itself: through its `Symbol.for("Jupyter.display")` method, else as text. */
export function bundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  const display = displayMethod(value);
  if (!display) return plainBundle(value);
  const shown = display.call(value);
  return isPromiseLike(shown) ? Promise.resolve(shown).then((data) => checked(data, value)) : checked(shown, value);
}

/** Whether an object is itself a bundle's data, as in `display({ "text/html": "<b>bold</b>" })`. */
export function isBundleData(value: unknown): value is MimeBundle["data"] {
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => MIME_TYPE.test(key));
}

/** A value's text, bounded however large the value is; of arrays within it only the start. */
export function inspectBounded(value: unknown): string {
  let text: string;
  const maxArrayLength = Array.isArray(value) ? 100 : 12;
  try {
    text = inspect(value, { depth: 3, maxArrayLength, maxStringLength: 10_000, breakLength: 100, colors: false });
  } catch (error) {
    text = `[cannot inspect this ${typeof value}: ${error instanceof Error ? error.message : "its inspection throws"}]`;
  }
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}… ${text.length - MAX_TEXT} more characters`;
}

function displayMethod(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const method = (value as { [DISPLAY]?: unknown })[DISPLAY];
  return typeof method === "function" ? (method as () => unknown) : undefined;
}

function checked(data: unknown, value: unknown): MimeBundle {
  if (typeof data !== "object" || data === null || Object.keys(data).length === 0) return plainBundle(value);
  return { data: "text/plain" in data ? data : { ...data, "text/plain": inspectBounded(value) } } as MimeBundle;
}

function plainBundle(value: unknown): MimeBundle {
  if (isTable(value)) return { data: tableBundle(value) };
  const text = { "text/plain": plainText(value) };
  const image = imageMimeType(value);
  if (image !== undefined) return { data: { [image]: Buffer.from(value as Uint8Array).toString("base64"), ...text } };
  const vega = vegaMimeType(value);
  return { data: vega === undefined ? text : { [vega]: value, ...text } };
}

/** Numbers with their range; everything else as Node shows it. */
function plainText(value: unknown): string {
  if (isNumberArray(value)) return numberArrayText(value);
  if (isNdArray(value)) return ndArrayText(value);
  return (Array.isArray(value) && richItemsText(value)) || inspectBounded(value);
}

/** An array of objects that show themselves, each by its own line; undefined where the first ones are none such. */
function richItemsText(items: readonly unknown[]): string | undefined {
  const lines = items.slice(0, MAX_ITEMS).map(ownLine);
  if (lines.length === 0 || lines.includes(undefined)) return undefined;
  const rest = items.length - lines.length;
  const more = rest > 0 ? [`… ${rest.toLocaleString("en")} more`] : [];
  return `Array(${items.length.toLocaleString("en")}) [\n${[...lines, ...more].map((line) => `  ${line}\n`).join("")}]`;
}

/** What an object's own display has as text, in one line; undefined where it has none at once. */
function ownLine(value: unknown): string | undefined {
  const text = (displayMethod(value)?.call(value) as { "text/plain"?: unknown } | undefined)?.["text/plain"];
  if (typeof text !== "string") return undefined;
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= MAX_ITEM ? line : `${line.slice(0, MAX_ITEM - 1)}…`;
}

const IMAGE_STARTS: readonly (readonly [mimeType: string, start: readonly number[]])[] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38]],
];

/** What kind of image file bytes are, if they are one. */
function imageMimeType(value: unknown): string | undefined {
  if (!(value instanceof Uint8Array)) return undefined;
  return IMAGE_STARTS.find(([, start]) => start.every((byte, at) => value[at] === byte))?.[0];
}

/** The type under which JupyterLab draws Vega-Lite specifications. */
export const VEGA_LITE = "application/vnd.vegalite.v5+json";

/** The type under which JupyterLab draws a value that says it is a Vega or Vega-Lite specification. */
export function vegaMimeType(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { $schema } = value as { $schema?: unknown };
  if (typeof $schema !== "string") return undefined;
  const match = /\/schema\/(vega|vega-lite)\/v\d/.exec($schema);
  if (!match) return undefined;
  return match[1] === "vega" ? "application/vnd.vega.v5+json" : VEGA_LITE;
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
