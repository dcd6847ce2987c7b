/** Photons and good times of one source, seconds since its start; energies in eV. */
export interface Photons {
  readonly times: Float32Array;
  readonly energies: Uint16Array;
  readonly gti: Float32Array;
  readonly duration: number;
}

/** A light curve: one entry per bin. */
export interface BinnedCurve {
  readonly start: Float64Array;
  readonly stop: Float64Array;
  readonly counts: Float64Array;
  /** Good time, s. */
  readonly exposure: Float64Array;
  /** counts/s; NaN where there is no good time. */
  readonly rate: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Bins photons of a band on good time.
 *
 * The last bin takes the rest of the observation, half to one and a half widths. Bins with less than 1 % of their
 * width exposed have no rate. Errors are 1 σ Poisson limits.
 *
 * @param options.binSec Width of a bin, s.
 * @param options.low Band, keV, low end included.
 */
export function binPhotons(photons: Photons, options: { binSec: number; low: number; high: number }): BinnedCurve {
  const { binSec } = options;
  const [low, high] = [options.low * 1000, options.high * 1000];
  const n = Math.max(1, Math.round(photons.duration / binSec));
  const bin = (time: number) => Math.min(n - 1, Math.max(0, Math.floor(time / binSec)));
  const counts = new Float64Array(n);
  for (let i = 0; i < photons.times.length; i++) {
    const energy = photons.energies[i] as number;
    const b = bin(photons.times[i] as number);
    if (energy >= low && energy < high) counts[b] = (counts[b] as number) + 1;
  }
  const start = Float64Array.from(counts, (_, b) => b * binSec);
  const stop = Float64Array.from(counts, (_, b) => (b === n - 1 ? photons.duration : (b + 1) * binSec));
  const exposure = new Float64Array(n);
  for (let g = 0; g + 1 < photons.gti.length; g += 2) {
    const [from, to] = [photons.gti[g] as number, photons.gti[g + 1] as number];
    for (let b = bin(from); b <= bin(to) && to > from; b++) {
      const overlap = Math.min(to, stop[b] as number) - Math.max(from, start[b] as number);
      if (overlap > 0) exposure[b] = (exposure[b] as number) + overlap;
    }
  }
  const per = (value: (count: number) => number) =>
    Float64Array.from(counts, (count, b) => {
      const good = exposure[b] as number;
      return good > 0.01 * ((stop[b] as number) - (start[b] as number)) ? value(count) / good : Number.NaN;
    });
  return { start, stop, counts, exposure, rate: per((c) => c), low: per(poissonLow), high: per(poissonHigh) };
}

/** Upper 1 σ limit of a Poisson count (Gehrels 1986, ApJ 303, 336, eq. 9 with S = 1). */
export function poissonHigh(count: number): number {
  return (count + 1) * (1 - 1 / (9 * (count + 1)) + 1 / (3 * Math.sqrt(count + 1))) ** 3;
}

/** Lower 1 σ limit of a Poisson count (Gehrels 1986, eq. 12, without its small correction for S ≠ 1). */
export function poissonLow(count: number): number {
  return count <= 0 ? 0 : count * (1 - 1 / (9 * count) - 1 / (3 * Math.sqrt(count))) ** 3;
}

/** A round bin width, s, that gives some 8 photons a bin but 10 to 80 bins. */
export function automaticBin(photons: Photons): number {
  const { duration, times } = photons;
  const wanted = Math.min(duration / 10, Math.max(duration / 80, (8 * duration) / Math.max(1, times.length)));
  return roundBin(wanted);
}

/** The nearest of 1, 1.5, 2, 3, 5, 7 times a power of ten. */
export function roundBin(seconds: number): number {
  if (!(seconds > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(seconds));
  const steps = [1, 1.5, 2, 3, 5, 7, 10];
  const distance = (step: number) => Math.abs(Math.log(step * power) - Math.log(seconds));
  return Number((steps.reduce((best, step) => (distance(step) < distance(best) ? step : best)) * power).toPrecision(3));
}
