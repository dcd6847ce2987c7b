import type { BinaryTable, FitsFile } from "../fits/index.ts";
import { findTable, findTables, numberOr, perChannel, textOr } from "./keywords.ts";
import { Spectrum } from "./spectrum.ts";

/** Which spectrum of a file to read. */
export interface ReadSpectrumOptions {
  /** "source" takes the first spectrum that is not marked as background, "background" the first that is. Default "source". */
  readonly part?: "source" | "background";
}

/**
 * Reads a PHA file: counts or rates per channel, grouping, quality and scalings, without its companions.
 *
 * COUNTS, or RATE times EXPOSURE. GROUPING, QUALITY, BACKSCAL and AREASCAL may be columns or keywords.
 * Type II files (a spectrum per row) are not read yet and said so.
 *
 * @throws {FitsError} If there is no spectrum, it is of type II, or EXPOSURE is missing.
 * @see OGIP 92-007 and 92-007a
 */
export function readSpectrum(file: FitsFile, options: ReadSpectrumOptions = {}): Spectrum {
  const table = selectTable(file, options.part ?? "source");
  const exposureSec = table.header.number("EXPOSURE");
  const counts = readCounts(table, exposureSec);
  return new Spectrum({
    name: file.name,
    channel: table.has("CHANNEL")
      ? Int32Array.from(table.numbers("CHANNEL"))
      : Int32Array.from(counts, (_, index) => index + 1),
    counts,
    exposureSec,
    backscale: perChannel(table, "BACKSCAL", 1),
    areascale: perChannel(table, "AREASCAL", 1),
    grouping: flags(table, "GROUPING"),
    quality: flags(table, "QUALITY"),
    meta: {
      telescope: textOr(table, "TELESCOP"),
      instrument: textOr(table, "INSTRUME"),
      object: textOr(table, "OBJECT"),
      obsId: textOr(table, "OBS_ID"),
      arfFile: textOr(table, "ANCRFILE"),
      rmfFile: textOr(table, "RESPFILE"),
      backgroundFile: textOr(table, "BACKFILE"),
      frameTimeSec: positive(numberOr(table, "TIMEDEL", 0)),
      fracExposure: positive(numberOr(table, "DTCOR", 0)),
    },
  });
}

function positive(value: number): number | undefined {
  return value > 0 ? value : undefined;
}

/** Whether a table says it holds a background (OGIP HDUCLAS2 = BKG; CSC marks its second SPECTRUM so). */
function isBackground(table: BinaryTable): boolean {
  return textOr(table, "HDUCLAS2")?.toUpperCase() === "BKG";
}

function selectTable(file: FitsFile, part: "source" | "background"): BinaryTable {
  const tables = [...findTables(file, ["COUNTS"]), ...findTables(file, ["RATE"])].filter(
    (table) =>
      textOr(table, "HDUCLAS1")?.toUpperCase() === "SPECTRUM" || table.name.toUpperCase().startsWith("SPECTRUM"),
  );
  const marked = tables.find((table) => isBackground(table) === (part === "background"));
  const table = marked ?? tables[0] ?? findTable(file, "a spectrum", ["CHANNEL", "COUNTS"]);
  if (table.header.get("HDUCLAS4") === "TYPE:II" || table.column(table.has("COUNTS") ? "COUNTS" : "RATE").repeat > 1) {
    throw table.header.error("HDUCLAS4", "must be TYPE:I (one spectrum): current table holds a spectrum per row");
  }
  return table;
}

function readCounts(table: BinaryTable, exposureSec: number): Float64Array {
  if (table.has("COUNTS")) return table.numbers("COUNTS");
  return table.numbers("RATE").map((rate) => rate * exposureSec);
}

function flags(table: BinaryTable, name: string): Int16Array | undefined {
  return table.has(name) ? Int16Array.from(table.numbers(name)) : undefined;
}
