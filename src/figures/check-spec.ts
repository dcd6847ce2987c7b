/** Parts of a vega-lite specification that hold views. */
const COMPOSITION = ["layer", "hconcat", "vconcat", "concat", "spec"] as const;
const VIEW_KEYS = ["mark", "layer", "facet", "hconcat", "vconcat", "concat", "repeat"];
const MARKS = [
  ..."arc area bar boxplot circle errorband errorbar geoshape image line point rect rule square text tick trail".split(
    " ",
  ),
];
const TYPES = ["quantitative", "temporal", "ordinal", "nominal", "geojson"];

type Node = { readonly [key: string]: unknown };

/**
 * Finds what vega-lite passes over in silence or trips over without a name: unknown marks and types, no view at all,
 * fields that the inline data do not have.
 *
 * @throws {TypeError} With the place in the specification and what is allowed there.
 */
export function checkSpec(spec: unknown, path = "spec", fields?: ReadonlySet<string>): void {
  if (!isNode(spec))
    throw new TypeError(`Cannot draw figure: ${path} must be an object: current value is ${show(spec)}`);
  if (!VIEW_KEYS.some((key) => key in spec)) {
    throw new TypeError(
      `Cannot draw figure: ${path} must have one of ${VIEW_KEYS.join(", ")}: current keys are ${Object.keys(spec).join(", ") || "none"}`,
    );
  }
  const known = ownFields(spec, fields);
  if ("mark" in spec) checkMark(spec.mark, path);
  if (isNode(spec.encoding)) checkEncoding(spec.encoding, `${path}.encoding`, known);
  for (const key of COMPOSITION) {
    const parts = spec[key];
    if (Array.isArray(parts)) {
      for (const [index, part] of parts.entries()) checkSpec(part, `${path}.${key}[${index}]`, known);
    } else if (isNode(parts)) checkSpec(parts, `${path}.${key}`, known);
  }
}

/** Names of the fields in inline data; undefined where a transform or a URL could make others. */
function ownFields(spec: Node, inherited: ReadonlySet<string> | undefined): ReadonlySet<string> | undefined {
  if (spec.transform || spec.repeat || spec.params) return undefined;
  if (!("data" in spec)) return inherited;
  const values = isNode(spec.data) ? spec.data.values : undefined;
  if (!Array.isArray(values) || values.length === 0 || !isNode(values[0])) return undefined;
  return new Set(values.slice(0, 1000).flatMap((value) => (isNode(value) ? Object.keys(value) : [])));
}

function checkMark(mark: unknown, path: string): void {
  const type = isNode(mark) ? mark.type : mark;
  if (!MARKS.includes(type as string)) {
    throw new TypeError(
      `Cannot draw figure: ${path}.mark must be one of ${MARKS.join(", ")}: current value is ${show(type)}`,
    );
  }
}

function checkEncoding(encoding: Node, path: string, fields: ReadonlySet<string> | undefined): void {
  for (const [channel, given] of Object.entries(encoding)) {
    for (const definition of Array.isArray(given) ? given : [given]) {
      if (!isNode(definition)) continue;
      const { field, type } = definition as { field?: unknown; type?: unknown };
      if (type !== undefined && !TYPES.includes(type as string)) {
        throw new TypeError(
          `Cannot draw figure: ${path}.${channel}.type must be one of ${TYPES.join(", ")}: current value is ${show(type)}`,
        );
      }
      // Paths into nested data and escaped dots are vega's business.
      if (fields && typeof field === "string" && !/[.[\]\\]/.test(field) && !fields.has(field)) {
        throw new TypeError(
          `Cannot draw figure: ${path}.${channel}.field must be one of ${[...fields].join(", ")}: current value is "${field}"`,
        );
      }
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : value === undefined ? "undefined" : JSON.stringify(value);
}
