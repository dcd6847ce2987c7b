import { planDft, transformReal } from "../linalg/index.ts";
import type { LightCurve } from "./light-curve.ts";

/** Units of power, as Stingray names them. */
export type PowerNorm = "leahy" | "frac" | "abs" | "none";

/** How spectra are averaged. */
export interface SpectrumOptions {
  /** Length of the segments that are averaged, s. Default: the longest stretch without a gap. */
  readonly segmentSec?: number;
  /**
   * "leahy": Poisson noise has power 2; "frac": (rms/mean)²/Hz; "abs": (counts/s)²/Hz; "none": |Σ|². Default "frac".
   */
  readonly norm?: PowerNorm;
}

/** First bins of the segments, and their number of bins. */
export interface Segments {
  readonly first: readonly number[];
  readonly size: number;
  readonly binSec: number;
}

/**
 * Cuts a light curve into segments of equally many bins, all of them fully exposed.
 *
 * @throws {RangeError} If bins are uneven, or no segment of at least 4 bins fits.
 */
export function segmentsOf(curve: LightCurve, segmentSec: number | undefined): Segments {
  const { binSec } = curve;
  if (!(binSec > 0)) {
    throw new RangeError("Cannot make a power spectrum: the light curve must have bins of one width: its bins differ");
  }
  const runs = exposedRuns(curve);
  const longest = runs.reduce((most, [from, to]) => Math.max(most, to - from), 0);
  const size = segmentSec === undefined ? longest : Math.floor(segmentSec / binSec + 1e-9);
  if (!(size >= 4 && size <= longest)) {
    throw new RangeError(
      `Cannot make a power spectrum: a segment must hold 4 bins of ${binSec} s and fit between gaps: current segments have ${size} bins, the longest stretch without a gap ${longest}`,
    );
  }
  const first = runs.flatMap(([from, to]) =>
    Array.from({ length: Math.floor((to - from) / size) }, (_, i) => from + i * size),
  );
  return { first, size, binSec };
}

/** Stretches of bins whose exposure is that of a whole bin. */
function exposedRuns({ exposureSec, length }: LightCurve): [from: number, to: number][] {
  const whole = exposureSec.reduce((a, b) => Math.max(a, b), 0) * (1 - 1e-9);
  const runs: [number, number][] = [];
  for (let bin = 0; bin < length; bin++) {
    if (!((exposureSec[bin] as number) >= whole && whole > 0)) continue;
    const last = runs.at(-1);
    if (last && last[1] === bin) last[1] = bin + 1;
    else runs.push([bin, bin + 1]);
  }
  return runs;
}

/** Fourier transforms of each segment's counts at the positive frequencies below Nyquist's. */
export function transformSegments(
  counts: ArrayLike<number>,
  { first, size }: Segments,
): { re: Float64Array; im: Float64Array; total: number }[] {
  const plan = planDft(size);
  const half = Math.ceil(size / 2);
  return first.map((from) => {
    const segment = Float64Array.from({ length: size }, (_, i) => counts[from + i] as number);
    const { re, im } = transformReal(segment, plan);
    return { re: re.slice(1, half), im: im.slice(1, half), total: segment.reduce((a, b) => a + b, 0) };
  });
}

/** The frequencies of the transforms, Hz. */
export function segmentFrequencies({ size, binSec }: Segments): Float64Array {
  return Float64Array.from({ length: Math.ceil(size / 2) - 1 }, (_, k) => (k + 1) / (size * binSec));
}

/** What |Σ|² of a segment is multiplied by. @param meanCounts Per bin; of a cross spectrum, the geometric mean. */
export function powerScale(norm: PowerNorm, { size, binSec }: Segments, meanCounts: number): number {
  switch (norm) {
    case "leahy":
      return 2 / (size * meanCounts);
    case "frac":
      return (2 * binSec) / (size * meanCounts ** 2);
    case "abs":
      return 2 / (size * binSec);
    case "none":
      return 1;
  }
}

/** What a power is called on an axis. */
export function powerLabel(norm: PowerNorm): { label: string; unit?: string } {
  switch (norm) {
    case "leahy":
      return { label: "Leahy power" };
    case "frac":
      return { label: "Power", unit: "(rms/mean)²/Hz" };
    case "abs":
      return { label: "Power", unit: "(counts/s)²/Hz" };
    case "none":
      return { label: "|Σ|²" };
  }
}
