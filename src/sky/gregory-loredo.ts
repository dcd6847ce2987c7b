/** What the Gregory–Loredo test says about a list of arrival times. */
export interface GregoryLoredo {
  /** Chance that the source varies, S/(1+S). */
  readonly probability: number;
  /** log₁₀ S, the odds of variability. */
  readonly logOdds: number;
  /** Most bins that were let into the odds. */
  readonly mMax: number;
  /** The catalogue's variability index, 0–10. */
  readonly index: number;
  /** Mean, standard deviation, least and greatest value of the light curve, counts/s; NaN without events. */
  readonly mean: number;
  readonly sigma: number;
  readonly min: number;
  readonly max: number;
}

/** Points at which the light curve is evaluated. */
const CURVE_SIZE = 512;
/** Bins of a light curve are at least this wide, seconds, and at most this many. */
const MIN_BIN_SEC = 50;
const MAX_BINS = 3000;

/**
 * Gregory–Loredo variability test of event times on a source without gaps.
 *
 * ln O_m = ln Γ(m) − ln Γ(N+m) + N ln m + Σ ln n_j! for m = 2 … min(3000, T/50 s); S(m) = Σ O/(m−1), taken at the
 * largest m where it exceeds its maximum divided by √e. Good time is closed up before binning, so that every bin has
 * the same exposure; the catalogue keeps gaps and weights the bins. The light curve is the mean over models: the
 * constant one with 1−P, those of m bins with P·O_m/ΣO, each with rates (n_j+1)/(N+m). Cost O(N · bins).
 *
 * @param phase Event times as fractions of the good time, within [0, 1), any order.
 * @param exposureSec Length of the good time, seconds.
 * @see Gregory & Loredo 1992, ApJ 398, 146; the index is that of the Chandra Source Catalog.
 */
export function gregoryLoredo(phase: Float64Array, exposureSec: number): GregoryLoredo {
  const n = phase.length;
  const mTop = Math.max(2, Math.min(MAX_BINS, Math.floor(exposureSec / MIN_BIN_SEC)));
  const lnOdds = logOddsPerBinning(phase, mTop);
  const { mMax, lnS } = chooseBins(lnOdds);
  const probability = lnS > 0 ? 1 / (1 + Math.exp(-lnS)) : Math.exp(lnS) / (1 + Math.exp(lnS));
  const logOdds = lnS / Math.LN10;
  const curve = averageCurve(phase, { lnOdds: lnOdds.subarray(0, mMax + 1), probability, rate: n / exposureSec });
  return {
    probability,
    logOdds,
    mMax,
    index: variabilityIndex({ probability, logOdds, ...curve }),
    mean: n > 0 ? curve.mean : Number.NaN,
    sigma: n > 0 ? curve.sigma : Number.NaN,
    min: n > 0 ? curve.min : Number.NaN,
    max: n > 0 ? curve.max : Number.NaN,
  };
}

/** ln O_m for m = 0 … mTop; entries 0 and 1 are −∞ and 0. Σ ln n_j! grows by ln(n_j + 1) with each event. */
function logOddsPerBinning(phase: Float64Array, mTop: number): Float64Array {
  const n = phase.length;
  const lnOdds = new Float64Array(mTop + 1);
  lnOdds[0] = Number.NEGATIVE_INFINITY;
  const lnNext = Float64Array.from({ length: n + 1 }, (_, count) => Math.log(count + 1));
  const counts = new Int32Array(mTop);
  // ln Γ(m) − ln Γ(N+m), from its value at m = 1 upwards.
  let lnGammas = 0;
  for (let i = 1; i <= n; i++) lnGammas -= Math.log(i);
  for (let m = 2; m <= mTop; m++) {
    lnGammas += Math.log((m - 1) / (n + m - 1));
    let sum = 0;
    for (let i = 0; i < n; i++) sum += lnNext[counts[(phase[i]! * m) | 0]!++]!;
    for (let i = 0; i < n; i++) counts[(phase[i]! * m) | 0] = 0;
    lnOdds[m] = lnGammas + n * Math.log(m) + sum;
  }
  return lnOdds;
}

function chooseBins(lnOdds: Float64Array): { mMax: number; lnS: number } {
  const lnSums = new Float64Array(lnOdds.length).fill(Number.NEGATIVE_INFINITY);
  let lnTotal = Number.NEGATIVE_INFINITY;
  let best = Number.NEGATIVE_INFINITY;
  for (let m = 2; m < lnOdds.length; m++) {
    const larger = Math.max(lnTotal, lnOdds[m]!);
    lnTotal = larger + Math.log(Math.exp(lnTotal - larger) + Math.exp(lnOdds[m]! - larger));
    lnSums[m] = lnTotal - Math.log(m - 1);
    best = Math.max(best, lnSums[m]!);
  }
  let mMax = lnOdds.length - 1;
  while (mMax > 2 && !(lnSums[mMax]! > best - 0.5)) mMax--;
  return { mMax, lnS: lnSums[mMax]! };
}

interface Curve {
  readonly mean: number;
  readonly sigma: number;
  readonly min: number;
  readonly max: number;
  /** Fractions of the curve within 3 and 5 posterior standard deviations of its mean. */
  readonly within3: number;
  readonly within5: number;
}

function averageCurve(
  phase: Float64Array,
  { lnOdds, probability, rate }: { lnOdds: Float64Array; probability: number; rate: number },
): Curve {
  const n = phase.length;
  const first = new Float64Array(CURVE_SIZE).fill(1 - probability);
  const second = new Float64Array(CURVE_SIZE).fill((1 - probability) * (1 + 1 / (n + 1)));
  for (const [m, weight] of heaviest(lnOdds)) {
    const counts = new Int32Array(m);
    for (let i = 0; i < n; i++) counts[(phase[i]! * m) | 0]!++;
    const scale = (probability * weight * m) / (n + m);
    const scale2 = (scale * m) / (n + m + 1);
    for (let k = 0; k < CURVE_SIZE; k++) {
      const count = counts[Math.floor(((k + 0.5) * m) / CURVE_SIZE)]!;
      first[k]! += scale * (count + 1);
      second[k]! += scale2 * (count + 1) * (count + 2);
    }
  }
  return summarise(first, second, rate);
}

/** The binnings that carry the light curve, at most 48, with weights that sum to 1. */
function heaviest(lnOdds: Float64Array): [m: number, weight: number][] {
  const all = Array.from(lnOdds, (value, m) => [m, value] as const).slice(2);
  const chosen = all.sort((a, b) => b[1] - a[1]).slice(0, 48);
  const top = chosen[0]![1];
  const weights = chosen.map(([m, value]): [number, number] => [m, Math.exp(value - top)]);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  return weights.filter(([, weight]) => weight > 1e-3).map(([m, weight]) => [m, weight / total]);
}

function summarise(first: Float64Array, second: Float64Array, rate: number): Curve {
  const mean = first.reduce((sum, value) => sum + value, 0) / CURVE_SIZE;
  let [variance, min, max, in3, in5] = [0, Number.POSITIVE_INFINITY, 0, 0, 0];
  for (let k = 0; k < CURVE_SIZE; k++) {
    const distance = Math.abs(first[k]! - mean);
    const error = Math.sqrt(Math.max(0, second[k]! - first[k]! ** 2));
    variance += distance ** 2 / CURVE_SIZE;
    min = Math.min(min, first[k]!);
    max = Math.max(max, first[k]!);
    if (distance <= 3 * error) in3++;
    if (distance <= 5 * error) in5++;
  }
  return {
    mean: mean * rate,
    sigma: Math.sqrt(variance) * rate,
    min: min * rate,
    max: max * rate,
    within3: in3 / CURVE_SIZE,
    within5: in5 / CURVE_SIZE,
  };
}

/** The catalogue's index from probability, log₁₀ odds and how much of the light curve stays near its mean. */
function variabilityIndex(test: { probability: number; logOdds: number; within3: number; within5: number }): number {
  const { probability, logOdds, within3, within5 } = test;
  if (probability <= 0.5) return 0;
  if (probability >= 0.9) return [2, 4, 10, 30].filter((limit) => logOdds >= limit).length + 6;
  const steady = within3 > 0.997 && within5 === 1;
  if (probability < 2 / 3 && steady) return 1;
  if (steady) return 2;
  return probability < 0.6 ? 3 : probability < 2 / 3 ? 4 : 5;
}
