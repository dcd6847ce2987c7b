import { countOf } from "../array/index.ts";
import { readBytes } from "../io/index.ts";
import { readVotable, type VotableColumn, type VotableTable } from "../votable/index.ts";
import { type Cells, type ColumnSummary, summarizeColumn } from "./column-summary.ts";
import { type CommandArguments, onlyFile } from "./command.ts";
import { shortCell, textTable } from "./text-table.ts";

interface ColumnReport extends ColumnSummary {
  readonly name: string;
  readonly datatype: string;
  readonly arraysize: string | null;
  readonly unit: string | null;
  readonly ucd: string | null;
}

interface TableReport {
  readonly index: number;
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly ColumnReport[];
}

const INTEGERS = new Set(["boolean", "bit", "unsignedByte", "short", "int", "long"]);

/** `photonbook votable FILE [--json]`. */
export async function runVotable(given: CommandArguments): Promise<void> {
  const file = onlyFile("votable", given);
  const { version, overflow, tables: read } = readVotable(await readBytes(file), { name: file });
  const tables = read.map(reportTable);
  if (given.values.json) {
    process.stdout.write(`${JSON.stringify({ file, version, overflow, tables }, undefined, 1)}\n`);
    return;
  }
  const cut = overflow ? ", cut off at the service's row limit (OVERFLOW)" : "";
  process.stdout.write([`VOTable ${version}${cut}\n`, ...tables.map(tableText)].join("\n"));
}

function reportTable({ name, id, numRows, columns }: VotableTable, index: number): TableReport {
  return { index, name: name ?? id ?? "", rows: numRows, columns: columns.map(reportColumn) };
}

function reportColumn(column: VotableColumn): ColumnReport {
  const { name, datatype, arraysize = null, unit = null, ucd = null, data, nulls } = column;
  return {
    name,
    datatype,
    arraysize,
    unit,
    ucd,
    ...summarizeColumn(data as Cells, nulls, INTEGERS.has(datatype)),
  };
}

function tableText({ index, name, rows, columns }: TableReport): string {
  const title = `Table ${index} ${name ? `"${name}" ` : ""}${countOf(rows, "row")}\n`;
  if (columns.length === 0) return title;
  const lines = columns.map((column, i) => [
    String(i + 1),
    column.name,
    column.arraysize === null ? column.datatype : `${column.datatype}[${column.arraysize}]`,
    column.unit ?? "",
    column.ucd ?? "",
    String(column.values),
    String(column.nulls),
    ...[column.min, column.max, column.sum].map(shortCell),
  ]);
  return title + textTable([["n", "column", "type", "unit", "ucd", "values", "nulls", "min", "max", "sum"], ...lines]);
}
