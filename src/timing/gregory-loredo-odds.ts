import type { Gti } from "../gti/index.ts";

/** Odds of the piecewise constant models against the constant one. */
export interface BinningOdds {
  /** ln O_m for m = 0 … mMax; entries 0 and 1 carry nothing (−∞). */
  readonly lnOdds: Float64Array;
  /** Most bins that were let into the odds. */
  readonly mMax: number;
  /** ln S(mMax), the odds of variability. */
  readonly lnS: number;
}

/**
 * ln O_m = ln Γ(m) − ln Γ(N+m) + N ln m + Σ ln n_j! − Σ n_j ln s_j for m = 2 … mTop, and the choice of the largest m
 * with S(m) = Σ O/(m−1) above its maximum over √e.
 *
 * @param timeSec Photons within the good time.
 * @see Gregory & Loredo 1992, ApJ 398, 146; s_j is a bin's exposure in units of the mean
 */
export function binningOdds(timeSec: Float64Array, gti: Gti, mTop: number): BinningOdds {
  const n = timeSec.length;
  const phase = phaseOfTimes(timeSec, gti);
  const lnFactorial = new Float64Array(n + 1);
  for (let i = 1; i <= n; i++) lnFactorial[i] = (lnFactorial[i - 1] as number) + Math.log(i);
  const lnOdds = new Float64Array(mTop + 1).fill(Number.NEGATIVE_INFINITY);
  // ln Γ(m) − ln Γ(N+m), from its value at m = 1 upwards
  let lnGammas = -(lnFactorial[n] as number);
  for (let m = 2; m <= mTop; m++) {
    lnGammas += Math.log((m - 1) / (n + m - 1));
    lnOdds[m] = lnGammas + n * Math.log(m) + lnArrangements(phase, m, lnFactorial);
  }
  if (gti.startSec.length > 1) for (let m = 2; m <= mTop; m++) (lnOdds[m] as number) -= lnExposures(phase, gti, m);
  return { lnOdds, ...chooseBins(lnOdds) };
}

/** Times as fractions of the span of the good time, within [0, 1). */
export function phaseOfTimes(timeSec: Float64Array, gti: Gti): Float64Array {
  const start = gti.startSec[0] as number;
  const span = (gti.stopSec.at(-1) as number) - start;
  return timeSec.map((time) => Math.min((time - start) / span, 1 - 2 ** -53));
}

/** Σ ln n_j! over m bins; the times are ascending, so that photons of one bin follow one another. */
function lnArrangements(phase: Float64Array, m: number, lnFactorial: Float64Array): number {
  let sum = 0;
  let bin = 0;
  let count = 0;
  for (let i = 0; i < phase.length; i++) {
    const here = ((phase[i] as number) * m) | 0;
    if (here === bin) count++;
    else {
      sum += lnFactorial[count] as number;
      bin = here;
      count = 1;
    }
  }
  return sum + (lnFactorial[count] as number);
}

/** Σ n_j ln s_j over m bins. */
function lnExposures(phase: Float64Array, { startSec, stopSec }: Gti, m: number): number {
  const start = startSec[0] as number;
  const width = ((stopSec.at(-1) as number) - start) / m;
  let total = 0;
  for (let i = 0; i < startSec.length; i++) total += (stopSec[i] as number) - (startSec[i] as number);
  let sum = 0;
  for (let i = 0, first = 0, bin = -1, lnShare = 0; i < phase.length; i++) {
    const here = ((phase[i] as number) * m) | 0;
    if (here !== bin) {
      bin = here;
      const low = start + bin * width;
      const high = low + width;
      while (first < stopSec.length - 1 && (stopSec[first] as number) <= low) first++;
      let good = 0;
      for (let k = first; k < startSec.length && (startSec[k] as number) < high; k++) {
        good += Math.min(high, stopSec[k] as number) - Math.max(low, startSec[k] as number);
      }
      lnShare = Math.log((good * m) / total);
    }
    sum += lnShare;
  }
  return sum;
}

/** The exposure of m equal bins over the span of the good time, in units of the mean; they add up to m. */
export function exposureShares({ startSec, stopSec }: Gti, m: number): Float64Array {
  const start = startSec[0] as number;
  const width = ((stopSec.at(-1) as number) - start) / m;
  const out = new Float64Array(m);
  let total = 0;
  for (let i = 0; i < startSec.length; i++) {
    const from = ((startSec[i] as number) - start) / width;
    const to = Math.min(((stopSec[i] as number) - start) / width, m);
    total += to - from;
    for (let bin = Math.floor(from); bin < m && bin < to; bin++) {
      out[bin] = (out[bin] as number) + Math.min(to, bin + 1) - Math.max(from, bin);
    }
  }
  return out.map((share) => (share * m) / total);
}

function chooseBins(lnOdds: Float64Array): { mMax: number; lnS: number } {
  const lnSums = new Float64Array(lnOdds.length).fill(Number.NEGATIVE_INFINITY);
  let lnTotal = Number.NEGATIVE_INFINITY;
  let best = Number.NEGATIVE_INFINITY;
  for (let m = 2; m < lnOdds.length; m++) {
    const larger = Math.max(lnTotal, lnOdds[m] as number);
    lnTotal = larger + Math.log(Math.exp(lnTotal - larger) + Math.exp((lnOdds[m] as number) - larger));
    lnSums[m] = lnTotal - Math.log(m - 1);
    best = Math.max(best, lnSums[m] as number);
  }
  let mMax = lnOdds.length - 1;
  while (mMax > 2 && !((lnSums[mMax] as number) > best - 0.5)) mMax--;
  return { mMax, lnS: lnSums[mMax] as number };
}
