import type { EnergyRange, Spectrum, SpectrumData } from "./spectrum.ts";

/** Runs of channels that are compared with a model as one, shape (n,) each. */
export interface Groups {
  readonly n: number;
  /** First channel index, and one past the last. */
  readonly start: Int32Array;
  readonly stop: Int32Array;
  /** Energy bounds, keV; channel numbers where the spectrum has no RMF. */
  readonly loKeV: Float64Array;
  readonly hiKeV: Float64Array;
  /** Sums of a quantity per channel. */
  sum(perChannel: Float64Array): Float64Array;
}

/** OGIP quality flags that take a channel out of use: bad by software, bad by the user. */
const BAD = new Set([1, 5]);

/** Groups of a spectrum that overlap a range; groups with a bad channel are left out. */
export function groupChannels(spectrum: Spectrum, range?: EnergyRange): Groups {
  const { grouping, quality, counts } = spectrum;
  const lo = spectrum.rmf?.channelLoKeV ?? Float64Array.from(spectrum.channel, (channel) => channel - 0.5);
  const hi = spectrum.rmf?.channelHiKeV ?? Float64Array.from(spectrum.channel, (channel) => channel + 0.5);
  if (range && !spectrum.rmf) spectrum.requireRmf();
  const rows: { start: number; stop: number; lo: number; hi: number }[] = [];
  for (let start = 0; start < counts.length; ) {
    let stop = start + 1;
    if (grouping && grouping[start] > 0) while (stop < counts.length && grouping[stop] < 0) stop++;
    const row = { start, stop, lo: Math.min(lo[start], lo[stop - 1]), hi: Math.max(hi[start], hi[stop - 1]) };
    const bad = quality?.subarray(start, stop).some((flag) => BAD.has(flag)) ?? false;
    if (!bad && (!range || (row.hi > range[0] && row.lo < range[1]))) rows.push(row);
    start = stop;
  }
  return {
    n: rows.length,
    start: Int32Array.from(rows, (row) => row.start),
    stop: Int32Array.from(rows, (row) => row.stop),
    loKeV: Float64Array.from(rows, (row) => row.lo),
    hiKeV: Float64Array.from(rows, (row) => row.hi),
    sum: (perChannel) =>
      Float64Array.from(rows, ({ start, stop }) => {
        let total = 0;
        for (let channel = start; channel < stop; channel++) total += perChannel[channel];
        return total;
      }),
  };
}

/**
 * OGIP flags that group channels from the first on until each group holds enough; a rest that holds too few is
 * flagged dubious (2).
 */
export function groupingForMinCounts(
  counts: Float64Array,
  minCounts: number,
): Required<Pick<SpectrumData, "grouping" | "quality">> {
  const grouping = new Int16Array(counts.length).fill(-1);
  const quality = new Int16Array(counts.length);
  let start = 0;
  let total = 0;
  for (let channel = 0; channel < counts.length; channel++) {
    if (channel === start) grouping[channel] = 1;
    total += counts[channel];
    if (total >= minCounts) {
      start = channel + 1;
      total = 0;
    }
  }
  quality.fill(2, start);
  return { grouping, quality };
}
