import { type CardSpec, type ColumnSpec, writeFits } from "../fits/index.ts";
import type { Spectrum } from "./spectrum.ts";

/** What of a spectrum's file is not the spectrum's. */
export interface WriteSpectrumOptions {
  /** "background" marks it as one (HDUCLAS2 = BKG). Default "source", background included (TOTAL). */
  readonly part?: "source" | "background";
}

/**
 * A PHA file of type I: counts per channel with their grouping, quality, scalings and the names of their companions
 * (ANCRFILE, RESPFILE, BACKFILE), which are not written along.
 *
 * @returns The FITS file, which Sherpa and XSPEC read.
 * @see OGIP 92-007 and 92-007a
 */
export function writeSpectrum(spectrum: Spectrum, options: WriteSpectrumOptions = {}): Uint8Array<ArrayBuffer> {
  const { channel, counts, grouping, quality } = spectrum;
  const whole = counts.every((value) => Number.isInteger(value));
  const scalings = [scaling("BACKSCAL", spectrum.backscale), scaling("AREASCAL", spectrum.areascale)];
  const columns: ColumnSpec[] = [
    { name: "CHANNEL", data: channel },
    { name: "COUNTS", unit: "count", data: whole ? Int32Array.from(counts) : counts },
    ...(grouping ? [{ name: "GROUPING", data: grouping }] : []),
    ...(quality ? [{ name: "QUALITY", data: quality }] : []),
    ...scalings.flatMap(({ column }) => column ?? []),
  ];
  const header: CardSpec[] = [
    ["HDUCLASS", "OGIP"],
    ["HDUCLAS1", "SPECTRUM"],
    ["HDUCLAS2", options.part === "background" ? "BKG" : "TOTAL"],
    ["HDUCLAS3", "COUNT"],
    ["HDUCLAS4", "TYPE:I"],
    ["HDUVERS", "1.2.1"],
    ...observation(spectrum),
    ["EXPOSURE", spectrum.exposureSec, "s, live"],
    ...scalings.flatMap(({ card }) => (card ? [card] : [])),
    ...companions(spectrum),
    ["CHANTYPE", "PI"],
    ["DETCHANS", channel.length],
    ["TLMIN1", channel[0] ?? 1],
    ["TLMAX1", channel.at(-1) ?? 0],
    ["POISSERR", true],
    ...(grouping ? [] : ([["GROUPING", 0]] as CardSpec[])),
    ...(quality ? [] : ([["QUALITY", 0]] as CardSpec[])),
  ];
  return writeFits([{ name: "SPECTRUM", header, columns }], { checksum: true });
}

function observation({ meta }: Spectrum): CardSpec[] {
  const optional: readonly CardSpec[] = [
    ["OBJECT", meta.object ?? null],
    ["OBS_ID", meta.obsId ?? null],
    ["TIMEDEL", meta.frameTimeSec ?? null, "s, a CCD's frame with its transfer"],
    ["DTCOR", meta.fracExposure ?? null],
  ];
  return [
    ["TELESCOP", meta.telescope ?? "UNKNOWN"],
    ["INSTRUME", meta.instrument ?? "UNKNOWN"],
    ["FILTER", "NONE"],
    ...optional.filter(([, value]) => value !== null),
  ];
}

function companions({ meta }: Spectrum): CardSpec[] {
  return [
    ["ANCRFILE", meta.arfFile ?? "none"],
    ["RESPFILE", meta.rmfFile ?? "none"],
    ["BACKFILE", meta.backgroundFile ?? "none"],
    ["CORRFILE", "none"],
    ["CORRSCAL", 0],
  ];
}

/** A keyword where all channels share a value, else a column. */
function scaling(name: string, values: Float64Array): { card?: CardSpec; column?: ColumnSpec } {
  const same = values.every((value) => value === values[0]);
  return same ? { card: [name, values[0] ?? 1] } : { column: { name, data: values } };
}
