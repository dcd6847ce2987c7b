/**
 * Writes `widgets/core/models.ts` from the published schema of Jupyter's core widgets: types and documentation of their
 * traits, and the facts of their models. To be run when `@jupyter-widgets/schema` has a new version. What is written is
 * kept in git, since sources run unbuilt; a test generates it anew and compares.
 *
 * usage: node widgets/core/generate.mjs [FILE]      (default: widgets/core/models.ts)
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const SCHEMA = "@jupyter-widgets/schema/jupyterwidgetmodels.latest.json";
const require = createRequire(import.meta.url);
const models = JSON.parse(readFileSync(require.resolve(SCHEMA), "utf8"));
const { version } = require("@jupyter-widgets/schema/package.json");

/** Classes that ipywidgets names otherwise than their models. */
const NAMES = {
  DOMWidget: "Media",
  Datetime: "DatetimePicker",
  NaiveDatetime: "NaiveDatetimePicker",
  Time: "TimePicker",
};
const REFERENCES = { Axis: "ControllerAxis", Button: "ControllerButton", Widget: "WidgetReference" };
const COMMON = {
  DomTraits: ["layout", "tabbable", "tooltip", "_dom_classes"],
  DescribedTraits: ["description", "description_allow_html"],
};

const classOf = (model) => {
  const name = model.model.name.replace(/Model$/, "");
  return NAMES[name] ?? name;
};
const camel = (key) => key.replaceAll(/(?<=[a-z])_([a-z])/g, (_, letter) => letter.toUpperCase());
const isName = (attribute) => /^_(model|view)_(module|module_version|name)$/.test(attribute.name);
const traitsOf = (model) => model.attributes.filter((attribute) => !isName(attribute));
const literal = (value) => JSON.stringify(value).replaceAll("\u200b", "\\u200b");

/** Kind of a trait, as `trait.ts` names them. */
function kindOf(model, { name, type, items, widget }) {
  if (Array.isArray(type)) return "numberOrAny";
  if (type === "reference") return widget;
  if (type === "array") return items?.type === "reference" ? "widgets" : arrayKind(model, name, items?.type);
  if (type === "Datetime") return classOf(model) === "NaiveDatetimePicker" ? "naiveDatetime" : "datetime";
  return { bool: "boolean", Date: "date", Time: "time" }[type] ?? type;
}

/** Arrays whose items the schema does not type, by what ipywidgets' documentation says of them. */
function arrayKind(model, name, items) {
  if (items) return { string: "strings", int: "ints", object: "objects" }[items];
  if (name === "source" || name === "target") return "link";
  const owner = classOf(model);
  if (/Range/.test(owner)) return /Float/.test(owner) ? "floatRange" : "intRange";
  if (owner === "FloatsInput") return "floats";
  return owner === "IntsInput" ? "ints" : "strings";
}

const TYPES = {
  string: "string",
  int: "number",
  float: "number",
  boolean: "boolean",
  bytes: "Uint8Array",
  strings: "readonly string[]",
  ints: "readonly number[]",
  floats: "readonly number[]",
  intRange: "readonly [lower: number, upper: number]",
  floatRange: "readonly [lower: number, upper: number]",
  objects: "readonly JsonObject[]",
  link: "readonly [widget: WidgetReference, name: string]",
  numberOrAny: 'number | "any"',
  date: "string",
  time: "string",
  datetime: "Date",
  naiveDatetime: "string",
};
const NOTES = {
  date: 'ISO 8601, "2026-11-25".',
  time: 'ISO 8601, "21:30:00" or "21:30:00.250".',
  naiveDatetime: 'ISO 8601 without a zone, "2026-11-25T21:30:00".',
};

function typeOf(model, attribute) {
  const kind = kindOf(model, attribute);
  const type =
    kind === "widgets"
      ? `readonly ${REFERENCES[attribute.items.widget]}[]`
      : attribute.enum
        ? attribute.enum.map(literal).join(" | ")
        : (TYPES[kind] ?? kind);
  return attribute.allow_none ? `${type} | null` : type;
}

const sentence = (text) => (text === "" || /[.?!]$/.test(text) ? text : `${text}.`);

function documentation(model, attribute) {
  const kind = kindOf(model, attribute);
  const value = attribute.default;
  const shown = attribute.type === "reference" || attribute.type === "bytes" ? undefined : literal(value);
  const help = sentence(attribute.help.replaceAll("\n", " ").replaceAll("*/", "").replaceAll("None", "null"));
  return [help, NOTES[kind], shown && `Default: \`${shown}\`.`].filter(Boolean).join(" ");
}

function member(model, attribute) {
  const name = camel(attribute.name);
  const type = typeOf(model, attribute);
  if (attribute.type !== "reference") return `  /** ${documentation(model, attribute)} */\n  ${name}: ${type};`;
  const doc = `  /** ${sentence(attribute.help) || `Its ${name}.`} Give traits of it, or one that widgets share. */\n`;
  return `${doc}  get ${name}(): ${type};\n  set ${name}(value: ${type} | OptionsFor<${type}>);`;
}

function specOf(model, attribute) {
  const { name, default: value, enum: choices, allow_none: nullable } = attribute;
  const kind = kindOf(model, attribute);
  const isReference = attribute.type === "reference";
  const fields = [
    `kind: ${literal(isReference ? "widget" : kind)}`,
    isReference ? `className: ${literal(kind)}` : kind !== "bytes" && `value: ${literal(value)}`,
    choices && `choices: ${literal(choices)}`,
    nullable && "nullable: true",
  ];
  return `${name}: { ${fields.filter(Boolean).join(", ")} },`;
}

const described = models.filter((model) => traitsOf(model).some(({ name }) => name === "description_allow_html"));
const media = models.find((model) => classOf(model) === "Media");
const [box] = models.filter((model) => classOf(model) === "Box");
const commonOf = (model, names) => traitsOf(model).filter(({ name }) => names.includes(name));
const has = (model, common) => commonOf(model, COMMON[common]).length === COMMON[common].length;
const base = (model) =>
  has(model, "DescribedTraits") ? "DescribedTraits" : has(model, "DomTraits") ? "DomTraits" : "";
const own = (model) => {
  const inherited = { DescribedTraits: [...COMMON.DomTraits, ...COMMON.DescribedTraits], DomTraits: COMMON.DomTraits };
  return traitsOf(model).filter(({ name }) => !(inherited[base(model)] ?? []).includes(name));
};
const visible = ({ name }) => !name.startsWith("_");

function interfaceOf(model) {
  const name = `${classOf(model)}Traits`;
  const parent = base(model) ? ` extends ${base(model)}` : "";
  const members = own(model)
    .filter(visible)
    .map((attribute) => member(model, attribute));
  const doc = `/** What a \`${classOf(model)}\` has. */\n`;
  return members.length === 0
    ? `${doc}export type ${name} = ${base(model)};`
    : `${doc}export interface ${name}${parent} {\n${members.join("\n")}\n}`;
}

function commonInterface(name, parent, model, doc) {
  const members = commonOf(model, COMMON[name])
    .filter(visible)
    .map((attribute) => member(model, attribute));
  return `/** ${doc} */\nexport interface ${name}${parent} {\n${members.join("\n")}\n}`;
}

function modelSpec(model) {
  const { model: names, view } = model;
  const common = { DescribedTraits: "...DESCRIBED, ", DomTraits: "...DOM, " }[base(model)] ?? "";
  const traits = own(model).map((attribute) => `      ${specOf(model, attribute)}`);
  const viewName = view.name === null ? "null" : literal(view.name);
  return `  ${classOf(model)}: {
    className: ${literal(classOf(model))},
    model: { module: ${literal(names.module)}, version: ${literal(names.version)}, name: ${literal(names.name)} },
    view: { module: ${literal(view.module)}, version: ${literal(view.version)}, name: ${viewName} },
    traits: { ${common.trim()}
${traits.join("\n")}
    },
  },`;
}

const shared = (name, model) =>
  commonOf(model, COMMON[name])
    .map((attribute) => `  ${specOf(model, attribute)}`)
    .join("\n");
const styles = [...new Set(models.flatMap((model) => traitsOf(model).flatMap(({ widget }) => widget ?? [])))].sort();

const text = `// Generated by widgets/core/generate.mjs from ${SCHEMA} (version ${version}). Do not edit.
import type { JsonObject } from "../../src/host/index.ts";
import type { WidgetReference } from "../protocol/index.ts";
import type { ControllerAxis, ControllerButton } from "./controller.ts";
import type { OptionsFor } from "./core-widget.ts";
import type { ${styles.join(", ")} } from "./styles.ts";
import type { ModelSpec, TraitSpecs } from "./trait.ts";

${commonInterface("DomTraits", "", media, "What all widgets have that are shown.")}

${commonInterface("DescribedTraits", " extends DomTraits", described[0], "What widgets with a description beside them have.")}

${models.map(interfaceOf).join("\n\n")}

/** Names of the classes. */
export type ModelName =
${models.map((model) => `  | ${literal(classOf(model))}`).join("\n")};

const DOM: TraitSpecs = {
${shared("DomTraits", box)}
};

const DESCRIBED: TraitSpecs = {
  ...DOM,
${shared("DescribedTraits", described[0])}
};

/** The models of Jupyter's core widgets. */
export const MODELS: { readonly [Name in ModelName]: ModelSpec } = {
${models.map(modelSpec).join("\n")}
};
`;

writeFileSync(process.argv[2] ?? join(import.meta.dirname, "models.ts"), text);
