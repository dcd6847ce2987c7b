import type { Runtime } from "node:inspector";

const MAX_TEXT = 120;
const MAX_STRING = 1000;

/** A value in one line, as a list of variables shows it. */
export function describe(value: Runtime.RemoteObject): string {
  const { type, subtype, description = "", preview } = value;
  if (type === "string") return quoted(String(value.value), MAX_STRING);
  if (type === "function") return functionLine(description);
  if (type !== "object")
    return description === "" ? String(value.value ?? value.unserializableValue ?? type) : description;
  if (subtype === "null") return "null";
  if (subtype === "error") return firstLine(description);
  return preview ? bounded(`${heading(value)}${body(preview)}`) : bounded(description);
}

function heading({ className = "", description = "" }: Runtime.RemoteObject): string {
  return className === "Object" ? "" : `${firstLine(description)} `;
}

function body({ subtype, properties, entries, overflow, type }: Runtime.ObjectPreview): string {
  if (type !== "object" || subtype === "date" || subtype === "regexp") return "";
  const isList = subtype === "array" || subtype === "typedarray";
  const shown = entries
    ? entries.map(({ key, value }) => `${key ? `${previewText(key)} => ` : ""}${previewText(value)}`)
    : properties.map((property) => (isList ? propertyText(property) : `${property.name}: ${propertyText(property)}`));
  const inside = [...shown, ...(overflow ? ["…"] : [])].join(", ");
  return isList ? `[${inside}]` : `{${inside}}`;
}

function propertyText({ type, subtype, value = "" }: Runtime.PropertyPreview): string {
  if (type === "string") return quoted(value, 40);
  if (type === "function") return "ƒ";
  if (type === "accessor") return "(getter)";
  return subtype === "null" ? "null" : value;
}

function previewText({ type, description = "" }: Runtime.ObjectPreview): string {
  return type === "string" ? quoted(description, 40) : description;
}

function functionLine(source: string): string {
  const line = firstLine(source);
  return line.startsWith("class")
    ? bounded(line.replace(/\s*\{.*$/, ""))
    : bounded(`ƒ ${line.replace(/^function\s*/, "").replace(/\s*\{.*$/, "")}`);
}

function quoted(text: string, max: number): string {
  const cut = text.length <= max ? text : `${text.slice(0, max)}…`;
  return `'${cut.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`;
}

function firstLine(text: string): string {
  const [line = ""] = text.split("\n", 1);
  return line;
}

function bounded(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;
}
