type Node = { readonly [key: string]: unknown };

/** Anything with rows as objects: arquero's tables. */
interface RowTable {
  objects(): object[];
}

/**
 * A specification whose inline data are rows of their own: vega writes into what it is given, and it must not be the
 * user's. Tables (arquero's, or a Catalog with its `table`) become rows.
 *
 * @throws {TypeError} If `data.values` are no rows, with the place in the specification.
 */
export function withOwnData(spec: object): object {
  return copyNode(spec as Node, "spec");
}

function copyNode(node: Node, path: string): Node {
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      const here = `${path}.${key}`;
      if (key === "data" && isPlain(value)) return [key, copyData(value, here)];
      if (key === "datasets" && isPlain(value)) {
        return [
          key,
          Object.fromEntries(Object.entries(value).map(([name, rows]) => [name, rowsOf(rows, `${here}.${name}`)])),
        ];
      }
      if (Array.isArray(value)) {
        return [
          key,
          value.map((item, i) =>
            isPlain(item) ? copyNode(key === "data" ? copyData(item, `${here}[${i}]`) : item, `${here}[${i}]`) : item,
          ),
        ];
      }
      return [key, isPlain(value) ? copyNode(value, here) : value];
    }),
  );
}

function copyData(data: Node, path: string): Node {
  return "values" in data ? { ...data, values: rowsOf(data.values, `${path}.values`) } : data;
}

function rowsOf(values: unknown, path: string): unknown {
  if (typeof values === "string") return values;
  if (Array.isArray(values) || ArrayBuffer.isView(values)) {
    return Array.from(values as ArrayLike<unknown>, (row) => (isPlain(row) ? { ...row } : row));
  }
  const table = isTable(values) ? values : (values as { table?: unknown } | null)?.table;
  if (isTable(table)) return table.objects();
  if (isPlain(values)) return structuredClone(values);
  const found = typeof values === "object" && values !== null ? values.constructor.name : String(values);
  throw new TypeError(
    `Cannot draw figure: ${path} must be an array of rows, a table or a catalogue: current value is ${found}`,
  );
}

function isTable(value: unknown): value is RowTable {
  return typeof (value as { objects?: unknown } | null | undefined)?.objects === "function";
}

function isPlain(value: unknown): value is Node {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
