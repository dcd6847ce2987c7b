/** A rate in bands along seconds: row-major, shape (times, bands). */
export type RateFunction = (timeSec: Float64Array) => ArrayLike<number>;

/** A rate sampled where it changes. */
export interface SampledRate {
  /** Ascending. */
  readonly timeSec: Float64Array;
  /** Row-major, shape (times, bands). */
  readonly rate: Float64Array;
}

/** Evenly spaced times, times at photons, and times added where the rate bends. */
const COUNTS = { even: 400, atPhotons: 200, added: 600 } as const;
const ROUNDS = 6;
/** What a straight line between two times may miss, in parts of the greatest rate. */
const TOLERANCE = 0.004;

/**
 * Samples a rate finely where it bends, so that a straight line between the times shows a peak of seconds in an
 * observation of hours.
 *
 * Starts from an even grid and, since short peaks are where photons crowd, from photons evenly spaced in their number;
 * then halves the intervals beside times at which the sum of the bands leaves the line between its neighbours. At most 1,200 times.
 *
 * @param rateAt Evaluated a few times, at new times only.
 * @param options.durationSec Samples go from 0 to this.
 * @param options.photonSec Arrival times, ascending.
 */
export function sampleRate(
  rateAt: RateFunction,
  options: { durationSec: number; photonSec: ArrayLike<number> },
): SampledRate {
  let sampled = evaluate(rateAt, firstTimes(options.durationSec, options.photonSec));
  const nBands = sampled.rate.length / sampled.timeSec.length;
  let left: number = COUNTS.added;
  for (let round = 0; round < ROUNDS && left > 0; round++) {
    const added = bentIntervals(sampled, { nBands, count: left });
    if (added.length === 0) break;
    left -= added.length;
    sampled = merge(sampled, evaluate(rateAt, added), nBands);
  }
  return sampled;
}

function evaluate(rateAt: RateFunction, timeSec: Float64Array): SampledRate {
  return { timeSec, rate: Float64Array.from(rateAt(timeSec)) };
}

function firstTimes(duration: number, photons: ArrayLike<number>): Float64Array {
  const times = new Set<number>();
  for (let i = 0; i < COUNTS.even; i++) times.add((duration * i) / (COUNTS.even - 1));
  const n = Math.min(COUNTS.atPhotons, photons.length);
  for (let k = 0; k < n; k++) {
    const time = photons[Math.floor((k * photons.length) / n)] as number;
    if (time >= 0 && time <= duration) times.add(time);
  }
  return Float64Array.from(times).sort();
}

/** Middles of the intervals beside the worst bends, ascending. */
function bentIntervals({ timeSec, rate }: SampledRate, options: { nBands: number; count: number }): Float64Array {
  const { nBands, count } = options;
  const total = Float64Array.from(timeSec, (_, i) => {
    let sum = 0;
    for (let band = 0; band < nBands; band++) sum += rate[i * nBands + band] as number;
    return sum;
  });
  const allowed = TOLERANCE * total.reduce((top, value) => Math.max(top, value), 0);
  const shortest = (timeSec.at(-1) as number) * 1e-6;
  const worst = new Map<number, number>();
  for (let i = 1; i + 1 < total.length; i++) {
    const [before, at, after] = [timeSec[i - 1], timeSec[i], timeSec[i + 1]] as [number, number, number];
    const line =
      (total[i - 1] as number) +
      ((at - before) / (after - before)) * ((total[i + 1] as number) - (total[i - 1] as number));
    const bend = Math.abs((total[i] as number) - line);
    if (!(bend > allowed)) continue;
    for (const start of [i - 1, i]) {
      if ((timeSec[start + 1] as number) - (timeSec[start] as number) > shortest)
        worst.set(start, Math.max(bend, worst.get(start) ?? 0));
    }
  }
  const chosen = [...worst].sort(([, a], [, b]) => b - a).slice(0, count);
  return Float64Array.from(
    chosen,
    ([start]) => ((timeSec[start] as number) + (timeSec[start + 1] as number)) / 2,
  ).sort();
}

function merge(a: SampledRate, b: SampledRate, nBands: number): SampledRate {
  const n = a.timeSec.length + b.timeSec.length;
  const timeSec = new Float64Array(n);
  const rate = new Float64Array(n * nBands);
  for (let i = 0, j = 0, k = 0; k < n; k++) {
    const isA = j >= b.timeSec.length || (i < a.timeSec.length && (a.timeSec[i] as number) <= (b.timeSec[j] as number));
    const from = isA ? a : b;
    const at = isA ? i++ : j++;
    timeSec[k] = from.timeSec[at] as number;
    rate.set(from.rate.subarray(at * nBands, (at + 1) * nBands), k * nBands);
  }
  return { timeSec, rate };
}
