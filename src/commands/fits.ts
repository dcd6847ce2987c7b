import type { Column, Hdu } from "../fits/index.ts";
import { readFits } from "../fits/index.ts";
import { readBytes } from "../io/index.ts";
import { type Cells, type ColumnSummary, summarizeColumn } from "./column-summary.ts";
import { type CommandArguments, onlyFile } from "./command.ts";
import { shortCell, textTable } from "./text-table.ts";

interface ColumnReport extends ColumnSummary {
  readonly name: string;
  readonly format: string;
  readonly unit: string | null;
}

interface HduReport {
  readonly index: number;
  readonly name: string;
  readonly type: string;
  /** Extents as NAXISn has them, the fastest first. */
  readonly dimensions: readonly number[];
  readonly columns?: readonly ColumnReport[];
}

/** `photonbook fits FILE [--json]`. */
export async function runFits(given: CommandArguments): Promise<void> {
  const file = onlyFile("fits", given);
  const hdus = readFits(await readBytes(file), { name: file }).hdus.map(reportHdu);
  process.stdout.write(
    given.values.json ? `${JSON.stringify({ file, hdus }, undefined, 1)}\n` : hdus.map(hduText).join("\n"),
  );
}

function reportHdu(hdu: Hdu): HduReport {
  const { index, name, kind, header } = hdu;
  const dimensions = Array.from({ length: header.integer("NAXIS") }, (_, i) => header.integer(`NAXIS${i + 1}`));
  const report = { index, name, type: kind, dimensions };
  if (hdu.kind !== "bintable" && hdu.kind !== "table") return report;
  return { ...report, columns: hdu.columns.map((_, i) => reportColumn(hdu.column(i))) };
}

function reportColumn(column: Column): ColumnReport {
  const { name, form, unit = null, data, nulls } = column;
  const integers = !/[AEDCMF]/i.test(form.replace(/\(.*/, "")) && !(data instanceof Float32Array);
  return { name, format: form, unit, ...summarizeColumn(data as Cells, nulls, integers && allWhole(data as Cells)) };
}

/** Scaled integers come as doubles and are reals; others hold whole numbers only. */
function allWhole(cells: Cells): boolean {
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    const whole =
      typeof cell === "object" && cell !== null
        ? allWhole(cell)
        : typeof cell !== "number" || Number.isInteger(cell) || Number.isNaN(cell);
    if (!whole) return false;
  }
  return true;
}

function hduText({ index, name, type, dimensions, columns }: HduReport): string {
  const title = `HDU ${index} ${name ? `"${name}" ` : ""}${type} ${dimensions.join(" × ") || "without data"}\n`;
  if (!columns?.length) return title;
  const rows = columns.map(({ name, format, unit, values, nulls, min, max, sum }, i) => [
    String(i + 1),
    name,
    format,
    unit ?? "",
    String(values),
    String(nulls),
    ...[min, max, sum].map(shortCell),
  ]);
  return title + textTable([["n", "column", "format", "unit", "values", "nulls", "min", "max", "sum"], ...rows]);
}
