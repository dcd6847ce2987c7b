import type { Gti } from "../gti/index.ts";
import { type BinningOdds, exposureShares, phaseOfTimes } from "./gregory-loredo-odds.ts";

/** The light curve of a Gregory–Loredo test: mean over all models, weighted by their probability. */
export interface GregoryLoredoCurve {
  /** Edges of the rows, s of mission time: three per bin of the finest model. */
  readonly startSec: Float64Array;
  readonly stopSec: Float64Array;
  /** Rate at the middle of each row, counts/s of good time. */
  readonly rate: Float64Array;
  readonly rateErr: Float64Array;
  /** Fractions of the rows within 3 and 5 of their errors of the mean row. */
  readonly fraction3Sigma: number;
  readonly fraction5Sigma: number;
}

/** Rows beyond this are not told apart: a curve to look at needs no more. */
const MAX_ROWS = 9000;

/**
 * Evaluates the curve.
 *
 * The constant model has weight 1 − P, rate N/T and error √N/T; the model of m bins has weight P·O_m/ΣO and, in bin j,
 * the mean N/T · m(n_j+1)/(N+m)/s_j with the standard deviation of that share under its Dirichlet posterior. Rates and
 * errors are weighted means of those. Bins without exposure say what the constant model says. This reproduces the
 * catalogue's published curves, see `test/src/timing/csc-lc3.test.ts`.
 *
 * Cost: photons × binnings that carry weight, and with gaps half the square of the bins.
 */
export function gregoryLoredoCurve(
  timeSec: Float64Array,
  gti: Gti,
  test: BinningOdds & { readonly probability: number; readonly onTimeSec: number },
): GregoryLoredoCurve {
  const n = timeSec.length;
  const { mMax, probability, onTimeSec } = test;
  const size = Math.min(3 * mMax, MAX_ROWS);
  const unit = n / onTimeSec;
  const phase = phaseOfTimes(timeSec, gti);
  // Both as differences from row to row: a bin adds a step up and a step down
  const rate = new Float64Array(size + 1);
  const rateErr = new Float64Array(size + 1);
  rate[0] = 1 - probability;
  rateErr[0] = (1 - probability) / Math.sqrt(n);
  const whole = gti.startSec.length === 1;
  for (const [m, share] of weights(test)) {
    const weight = probability * share;
    const empty = binPosterior(0, { n, m, exposure: 1 });
    rate[0] += weight * empty.mean;
    rateErr[0] += weight * empty.error;
    const shares = whole ? undefined : exposureShares(gti, m);
    visitBins(phase, m, !whole, (bin, count) => {
      const { mean, error } = binPosterior(count, { n, m, exposure: shares ? (shares[bin] as number) : 1 });
      const from = Math.ceil((bin * size) / m - 0.5);
      const to = Math.ceil(((bin + 1) * size) / m - 0.5);
      addStep(rate, from, to, weight * (mean - empty.mean));
      addStep(rateErr, from, to, weight * (error - empty.error));
    });
  }
  return finished(accumulated(rate), accumulated(rateErr), { gti, unit, n });
}

/** Rows with their times and units. */
function finished(
  rate: Float64Array,
  rateErr: Float64Array,
  { gti, unit, n }: { gti: Gti; unit: number; n: number },
): GregoryLoredoCurve {
  const size = rate.length;
  const start = gti.startSec[0] as number;
  const step = ((gti.stopSec.at(-1) as number) - start) / size;
  const startSec = Float64Array.from(rate, (_, row) => start + row * step);
  return {
    startSec,
    stopSec: startSec.map((time) => time + step),
    rate: rate.map((value) => (n > 0 ? value * unit : Number.NaN)),
    rateErr: rateErr.map((value) => (n > 0 ? value * unit : Number.NaN)),
    ...steadiness(rate, rateErr),
  };
}

/** The binnings with their shares of ΣO, without those that carry less than a millionth together. */
function weights({ lnOdds, mMax }: BinningOdds): [m: number, weight: number][] {
  const used = lnOdds.subarray(0, mMax + 1);
  const top = used.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const total = used.reduce((sum, value) => sum + Math.exp(value - top), 0);
  const least = 1e-6 / mMax;
  return Array.from(used, (value, m): [number, number] => [m, Math.exp(value - top) / total]).filter(
    ([m, weight]) => m >= 2 && weight > least,
  );
}

/** Mean and standard deviation of the rate in one of m bins with so many of n photons, in units of the mean rate. */
function binPosterior(
  count: number,
  { n, m, exposure }: { n: number; m: number; exposure: number },
): { mean: number; error: number } {
  if (!(exposure > 0)) return { mean: 1, error: 1 / Math.sqrt(n) };
  const share = (count + 1) / (n + m);
  return {
    mean: (m * share) / exposure,
    error: (m / exposure) * Math.sqrt((share * (1 - share)) / (n + m + 1)),
  };
}

/** Calls back for each of m bins that holds photons, or for each bin. */
function visitBins(phase: Float64Array, m: number, all: boolean, visit: (bin: number, count: number) => void): void {
  let next = 0;
  for (let i = 0; i < phase.length; ) {
    const bin = Math.floor((phase[i] as number) * m);
    let count = 0;
    for (; i < phase.length && Math.floor((phase[i] as number) * m) === bin; i++) count++;
    if (all) for (; next < bin; next++) visit(next, 0);
    visit(bin, count);
    next = bin + 1;
  }
  if (all) for (; next < m; next++) visit(next, 0);
}

function addStep(differences: Float64Array, from: number, to: number, height: number): void {
  differences[from] = (differences[from] as number) + height;
  differences[to] = (differences[to] as number) - height;
}

function accumulated(differences: Float64Array): Float64Array {
  let sum = 0;
  return differences.map((difference) => (sum += difference)).subarray(0, -1);
}

function steadiness(rate: Float64Array, error: Float64Array): { fraction3Sigma: number; fraction5Sigma: number } {
  const mean = rate.reduce((sum, value) => sum + value, 0) / rate.length;
  let [in3, in5] = [0, 0];
  for (let row = 0; row < rate.length; row++) {
    const distance = Math.abs((rate[row] as number) - mean);
    if (distance <= 3 * (error[row] as number)) in3++;
    if (distance <= 5 * (error[row] as number)) in5++;
  }
  return { fraction3Sigma: in3 / rate.length, fraction5Sigma: in5 / rate.length };
}
