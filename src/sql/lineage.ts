import type { ColumnNotes } from "../columnar/index.ts";

/** The parts of DuckDB's serialised syntax tree that matter here. */
export interface SqlNode {
  readonly type?: string;
  readonly class?: string;
  readonly alias?: string;
  readonly [key: string]: unknown;
}

type Notes = ColumnNotes;
/** Columns by the name of the table that they come from, as the query calls it. */
type Scope = ReadonlyMap<string, Notes>;

/** Functions whose result is in the unit of their argument. */
const SAME_UNIT = new Set(
  "min max avg mean sum median mode first last any_value arg_min arg_max min_by max_by quantile quantile_cont quantile_disc abs round floor ceil coalesce ifnull greatest least stddev stddev_samp stddev_pop mad".split(
    " ",
  ),
);

/**
 * Units, UCDs and descriptions of a query's columns: those of the columns that it passes on, also through subqueries,
 * joins, WITH and unions, and units through functions that keep them (min, avg, …). What is computed has none.
 *
 * @param statement A SELECT as `json_serialize_sql` gives it.
 * @param notesOf Notes of a table by its name or path; undefined where none are known.
 */
export function lineageOf(statement: SqlNode, notesOf: (table: string) => Notes | undefined): Notes {
  return notesOfQuery(statement.node as SqlNode, new Map(), notesOf);
}

/** Names of the tables and files that a statement reads, those of functions such as read_parquet('…') among them. */
export function tablesOf(node: unknown): Set<string> {
  return namesIn(node, fileOf);
}

/** Names and paths that a statement reads as tables. */
export function plainTablesOf(node: unknown): Set<string> {
  return namesIn(node, ({ type, table_name }) => (type === "BASE_TABLE" ? (table_name as string) : undefined));
}

function namesIn(node: unknown, nameOf: (node: SqlNode) => string | undefined): Set<string> {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const found = nameOf(value as SqlNode);
    if (found !== undefined) names.add(found);
    for (const child of Object.values(value)) visit(child);
  };
  visit(node);
  return names;
}

/** The name in FROM, or the file of read_parquet('…') and its like. */
function fileOf(node: SqlNode): string | undefined {
  if (node.type === "BASE_TABLE") return node.table_name as string;
  if (node.type !== "TABLE_FUNCTION") return undefined;
  const call = node.function as { children?: readonly { value?: { value?: unknown } }[] } | undefined;
  const file = call?.children?.[0]?.value?.value;
  return typeof file === "string" ? file : undefined;
}

function notesOfQuery(query: SqlNode, outer: Scope, notesOf: (table: string) => Notes | undefined): Notes {
  const withs = new Map(outer);
  const ctes =
    (query.cte_map as { map?: readonly { key: string; value: { query: SqlNode } }[] } | undefined)?.map ?? [];
  for (const { key, value } of ctes) withs.set(key, notesOfQuery(value.query.node as SqlNode, withs, notesOf));
  if (query.type === "SET_OPERATION_NODE") {
    const sides = (query.children ?? [query.left, query.right]) as readonly SqlNode[];
    return agreed(sides.map((side) => notesOfQuery(side, withs, notesOf)));
  }
  if (query.type !== "SELECT_NODE") return new Map();
  const scope = notesOfFrom(query.from_table as SqlNode, withs, notesOf);
  const out = new Map<string, Notes extends ReadonlyMap<string, infer N> ? N : never>();
  for (const item of query.select_list as readonly SqlNode[]) {
    if (item.type === "STAR") {
      const relation = item.relation_name as string;
      const notes = relation === "" ? merged(scope) : (scope.get(relation) ?? new Map());
      const replaced = new Set(((item.replace_list as readonly { key: string }[]) ?? []).map(({ key }) => key));
      for (const [name, note] of notes) if (!replaced.has(name)) out.set(name, note);
      continue;
    }
    const names = (item.column_names ?? []) as readonly string[];
    const name = item.alias || names.at(-1);
    const note = noteOf(item, scope);
    if (name && note) out.set(name, note);
    else if (name) out.delete(name);
  }
  return out;
}

function noteOf(item: SqlNode, scope: Scope): ReturnType<Notes["get"]> {
  if (item.type === "COLUMN_REF") {
    const names = item.column_names as readonly string[];
    const column = names.at(-1) as string;
    return names.length > 1 ? scope.get(names.at(-2) as string)?.get(column) : merged(scope).get(column);
  }
  const name = (item.function_name as string | undefined) ?? (item.type === "OPERATOR_COALESCE" ? "coalesce" : "");
  if (item.class !== "FUNCTION" && item.type !== "OPERATOR_COALESCE") return undefined;
  if (!SAME_UNIT.has(name)) return undefined;
  const [first] = (item.children ?? []) as readonly SqlNode[];
  const unit = first && noteOf(first, scope)?.unit;
  return unit ? { unit } : undefined;
}

/** Tables of a FROM with their notes, by the names that the query may use for them. */
function notesOfFrom(from: SqlNode | null, withs: Scope, notesOf: (table: string) => Notes | undefined): Scope {
  if (!from) return new Map();
  if (from.type === "JOIN") {
    const left = notesOfFrom(from.left as SqlNode, withs, notesOf);
    const right = notesOfFrom(from.right as SqlNode, withs, notesOf);
    return new Map([...left, ...right]);
  }
  if (from.type === "SUBQUERY") {
    const query = (from.subquery as SqlNode).node as SqlNode;
    return new Map([[from.alias ?? "", notesOfQuery(query, withs, notesOf)]]);
  }
  const table = fileOf(from);
  if (table === undefined) return new Map();
  const stem = table.split("/").at(-1)?.replace(/\..*$/, "") as string;
  return new Map([[from.alias || stem, withs.get(table) ?? notesOf(table) ?? new Map()]]);
}

/** Columns of all tables by name alone; a name that several have with different notes has none. */
function merged(scope: Scope): Notes {
  const out = new Map<string, NonNullable<ReturnType<Notes["get"]>>>();
  const clash = new Set<string>();
  for (const notes of scope.values()) {
    for (const [name, note] of notes) {
      const known = out.get(name);
      if (known && (known.unit !== note.unit || known.ucd !== note.ucd)) clash.add(name);
      out.set(name, known ?? note);
    }
  }
  for (const name of clash) out.delete(name);
  return out;
}

/** What all sides of a union say alike. */
function agreed(sides: readonly Notes[]): Notes {
  const [first = new Map(), ...rest] = sides;
  return new Map(Array.from(first).filter(([name, note]) => rest.every((side) => side.get(name)?.unit === note.unit)));
}
