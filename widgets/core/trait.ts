import { isReference, type WidgetReference, type WidgetValue } from "../protocol/index.ts";
import { DATE_KINDS, type DateKind } from "./date-kinds.ts";

/** What values a trait takes. */
export type TraitKind =
  | "string"
  | "int"
  | "float"
  | "boolean"
  | "bytes"
  | "strings"
  | "ints"
  | "floats"
  | "intRange"
  | "floatRange"
  | "objects"
  | "widget"
  | "widgets"
  | "link"
  | "numberOrAny"
  | DateKind;

/** A trait of a model: its kind, its default, what it may be. */
export interface TraitSpec {
  readonly kind: TraitKind;
  /** Default, as it travels; of bytes, none; of a widget, a new one. */
  readonly value?: unknown;
  readonly choices?: readonly string[];
  readonly nullable?: true;
  /** Class of the widget. */
  readonly className?: string;
}

export type TraitSpecs = { readonly [key: string]: TraitSpec };

/** Names of a model or view in the browser. */
export interface ClassNames {
  readonly module: string;
  readonly version: string;
  readonly name: string | null;
}

/** A model of the core widgets, as the schema describes it. */
export interface ModelSpec {
  readonly className: string;
  readonly model: ClassNames;
  readonly view: ClassNames;
  /** By the names that travel. */
  readonly traits: TraitSpecs;
}

const isInteger = (value: unknown) => Number.isSafeInteger(value);
const isNumber = (value: unknown) => Number.isFinite(value);
const isText = (value: unknown) => typeof value === "string";
const isList = (value: unknown, isItem: (item: unknown) => boolean) => Array.isArray(value) && value.every(isItem);
const isPair = (value: unknown, isItem: (item: unknown) => boolean) =>
  isList(value, isItem) && (value as unknown[]).length === 2;
const isObject = (value: unknown) => typeof value === "object" && value !== null;

/** Of each kind: what it must be, in words and as a test of what was given or has arrived. */
const KINDS: { readonly [kind in Exclude<TraitKind, DateKind>]: readonly [string, (value: unknown) => boolean] } = {
  string: ["a string", isText],
  int: ["an integer", isInteger],
  float: ["a finite number", isNumber],
  boolean: ["true or false", (value) => typeof value === "boolean"],
  bytes: ["an array of bytes", (value) => ArrayBuffer.isView(value)],
  strings: ["a list of strings", (value) => isList(value, isText)],
  ints: ["a list of integers", (value) => isList(value, isInteger)],
  floats: ["a list of finite numbers", (value) => isList(value, isNumber)],
  intRange: ["two integers", (value) => isPair(value, isInteger)],
  floatRange: ["two finite numbers", (value) => isPair(value, isNumber)],
  objects: ["a list of objects", (value) => isList(value, isObject)],
  widget: ["a widget", isReference],
  widgets: ["a list of widgets", (value) => isList(value, isReference)],
  link: [
    "a widget and the name of its trait",
    (value) => Array.isArray(value) && isReference(value[0]) && isText(value[1]),
  ],
  numberOrAny: ['a finite number or "any"', (value) => isNumber(value) || value === "any"],
};

/**
 * Checks a value of a trait that was given by a cell or has come from the browser.
 *
 * @param label What the value is of, for the error.
 * @returns The value as it is kept: dates as they travel, bytes as bytes.
 * @throws {TypeError} If it is of another kind.
 */
export function checkTrait(spec: TraitSpec, value: unknown, label: string): WidgetValue {
  if (value === null && spec.nullable) return null;
  if (isDateKind(spec.kind)) return DATE_KINDS[spec.kind].check(value, label);
  const [words, isValid] = KINDS[spec.kind];
  const { choices } = spec;
  if (!isValid(value) || (choices && !choices.includes(value as string))) {
    const allowed = choices ? `one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}` : words;
    throw new TypeError(
      `Cannot set ${label}: it must be ${allowed}${spec.nullable ? " or null" : ""}: current value is ${shown(value)}`,
    );
  }
  return spec.kind === "bytes" ? bytesOf(value as ArrayBufferView) : (value as WidgetValue);
}

/** A trait's value as cells see it. */
export function readTrait(spec: TraitSpec, value: unknown): unknown {
  return value !== null && isDateKind(spec.kind) ? DATE_KINDS[spec.kind].read(value) : value;
}

/** Puts widgets in the place of their names in what has come from the browser. */
export function resolveReferences(spec: TraitSpec, value: unknown, find: (id: string) => unknown): unknown {
  if (spec.kind === "widget") return resolve(value, find);
  if (spec.kind === "widgets" || spec.kind === "link") {
    return Array.isArray(value) ? value.map((item) => resolve(item, find)) : value;
  }
  return value;
}

/** A default value, as it travels; of traits that are widgets, none. */
export function defaultTrait(spec: TraitSpec): WidgetValue {
  return spec.kind === "bytes" ? new Uint8Array(0) : ((spec.value ?? null) as WidgetValue);
}

/** A value in the words of an error. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : isReference(value) ? "a widget" : describe(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function describe(value: unknown): string {
  if (!isObject(value)) return String(value);
  return Array.isArray(value) ? `[${value.map(shown).join(", ")}]` : Object.prototype.toString.call(value);
}

function isDateKind(kind: TraitKind): kind is DateKind {
  return kind in DATE_KINDS;
}

function resolve(value: unknown, find: (id: string) => unknown): unknown {
  const id = typeof value === "string" ? /^IPY_MODEL_(.+)$/.exec(value)?.[1] : undefined;
  return id === undefined ? value : ((find(id) ?? value) as WidgetReference);
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
