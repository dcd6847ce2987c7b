import { type FftPlan, fftInto, planFft } from "../linalg/index.ts";

/** Parameters of Davis's pile-up model, with the names and meanings of the papers' `jdpileup`. */
export interface PileupParameters {
  /** CCD frame time, s. */
  readonly frameTimeSec: number;
  /** α: chance that each photon beyond the first leaves the event with a good grade, 0–1. */
  readonly gradeMigration: number;
  /** g0: chance that a single photon has a good grade, 0–1. */
  readonly singleGrade: number;
  /** f: share of the source's photons in the piled core, 0–1; the rest is not piled. */
  readonly psfFraction: number;
  /** n: number of independent regions that share the core. */
  readonly nRegions: number;
  /** Share of a frame that exposes, 0–1. */
  readonly fracExposure: number;
  /** Photons per event at most. */
  readonly nTerms: number;
}

/** What a user who says nothing gets: the defaults of Sherpa's `jdpileup`. */
export const PILEUP_DEFAULTS: PileupParameters = {
  frameTimeSec: 3.241,
  gradeMigration: 0.5,
  singleGrade: 1,
  psfFraction: 0.95,
  nRegions: 1,
  fracExposure: 0.987,
  nTerms: 30,
};

/** What pile-up makes of an incident spectrum. */
export interface PiledSpectrum {
  /** Events per energy bin, piled core and unpiled wings together, shape (nBins,). */
  readonly events: Float64Array;
  /** Photons per frame that hit one region of the core (the model's I). */
  readonly photonsPerFrame: number;
  /** Share of the core's events that hold more than one photon. */
  readonly pileupFraction: number;
  /** Events of 1, 2, … photons in the core; index 0 is unused and 0. */
  readonly eventsByOrder: Float64Array;
  /** Orders that were summed. */
  readonly terms: number;
  /** Whether the sum reached all but 1e-5 of the Poisson probability. */
  readonly complete: boolean;
}

/** All but this much of the Poisson probability is summed, as the reference implementations do. */
const LEFT_OUT = 1e-5;

/**
 * Contribution that aliasing from beyond twice the grid keeps: the series is tilted by r^i with r^(2n) = this, so that
 * what wraps around is damped by it and rounding grows by its root only.
 */
const TILT = 1e-10;

const plans = new Map<number, FftPlan>();

/**
 * Davis's (2001) forward model of pile-up on a CCD: photons that hit a region in one frame are read as one event with
 * the sum of their energies, kept with probability g0 α^{p−1}-like weights.
 *
 * With a(E) the incident photons per frame and region and I = Σa, the core's events per frame and region are
 * e^{−I/g0} Σ_p α^{p−1} a^{⊗p}/p!. The whole sum is one polynomial of the transformed series, evaluated between a
 * forward and an inverse FFT with coefficients built by recursion, so no power or factorial overflows at any rate.
 * Energies add exactly on the grid's indices; events beyond its end are lost, as beyond the instrument's range.
 * About 1 ms for 4096 bins.
 *
 * @param incident Detected-if-alone photons per frame in each energy bin (area × flux × frame time), shape (nBins,);
 *   bin i must stand for the energy i·ΔE, so that orders add on indices.
 * @param options.exposureSec Exposure, s.
 * @throws {RangeError} If a parameter is outside its range.
 * @see Davis 2001, ApJ 562, 575
 */
export function pileUp(
  incident: Float64Array,
  options: Partial<PileupParameters> & { readonly exposureSec: number },
): PiledSpectrum {
  const parameters = { ...PILEUP_DEFAULTS, ...options };
  checkParameters(parameters);
  const { frameTimeSec, psfFraction, nRegions, fracExposure, exposureSec } = parameters;
  const frames = exposureSec / frameTimeSec;
  const perRegion = psfFraction / (nRegions * fracExposure);
  let total = 0;
  for (let bin = 0; bin < incident.length; bin++) total += incident[bin];
  const photonsPerFrame = total * perRegion;
  const weights = orderWeights(photonsPerFrame, parameters);
  const coreFrames = frames * nRegions * fracExposure;
  const events = photonsPerFrame > 0 ? compose(incident, total, weights.values) : new Float64Array(incident.length);
  for (let bin = 0; bin < events.length; bin++) {
    events[bin] = events[bin] * coreFrames + (1 - psfFraction) * frames * incident[bin];
  }
  const eventsByOrder = weights.values.map((weight) => weight * coreFrames);
  const detected = weights.values.reduce((sum, weight) => sum + weight, 0);
  return {
    events,
    photonsPerFrame,
    pileupFraction: detected > 0 ? 1 - weights.values[1] / detected : 0,
    eventsByOrder,
    terms: weights.values.length - 1,
    complete: weights.complete,
  };
}

/** Spectrum of the events of one order, counts, shape (nBins,): how p-photon events are distributed in energy. */
export function orderSpectrum(incident: Float64Array, order: number, events: number): Float64Array {
  let total = 0;
  for (let bin = 0; bin < incident.length; bin++) total += incident[bin];
  if (total === 0) return new Float64Array(incident.length);
  const weights = new Float64Array(order + 1);
  weights[order] = events;
  return compose(incident, total, weights);
}

/** Share of a core's events that hold more than one photon, αI/(e^{αI} − 1) subtracted from 1: the sum of all orders. */
export function pileupFraction(photonsPerFrame: number, gradeMigration = PILEUP_DEFAULTS.gradeMigration): number {
  const x = photonsPerFrame * gradeMigration;
  return x < 1e-8 ? x / 2 : 1 - x / Math.expm1(x);
}

/** Events per frame of each order, e^{−I/g0} α^{p−1} I^p/p!, until all but 1e-5 of e^{−I} I^p/p! is in. */
function orderWeights(
  rate: number,
  { gradeMigration, singleGrade, nTerms }: PileupParameters,
): { values: Float64Array; complete: boolean } {
  const values = [0, rate * Math.exp(-rate / singleGrade)];
  let poisson = rate * Math.exp(-rate);
  let sum = Math.exp(-rate) + poisson;
  // At least two orders, as the reference has it: a fainter source still shows its first piled order.
  for (let order = 2; order <= nTerms; order++) {
    values.push((values[order - 1] * gradeMigration * rate) / order);
    poisson *= rate / order;
    sum += poisson;
    if (sum > 1 - LEFT_OUT) break;
  }
  return { values: Float64Array.from(values), complete: sum > 1 - LEFT_OUT };
}

/** Σ_p w_p s^{⊗p} with s = incident/total: Horner's rule on the transform of the tilted, zero-padded series. */
function compose(incident: Float64Array, total: number, weights: Float64Array): Float64Array {
  const n = incident.length;
  const size = 2 ** Math.ceil(Math.log2(2 * n));
  let plan = plans.get(size);
  if (!plan) plans.set(size, (plan = planFft(size)));
  const tilt = Math.log(TILT) / size;
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  for (let bin = 0; bin < n; bin++) re[bin] = (incident[bin] / total) * Math.exp(tilt * bin);
  fftInto(re, im, plan, -1);
  // The series is real, so the upper half of its transform mirrors the lower one.
  for (let k = 0; k <= size / 2; k++) {
    const xr = re[k];
    const xi = im[k];
    let sr = 0;
    let si = 0;
    for (let order = weights.length - 1; order >= 1; order--) {
      const ar = sr + weights[order];
      const r = ar * xr - si * xi;
      si = ar * xi + si * xr;
      sr = r;
    }
    re[k] = sr;
    im[k] = si;
    if (k > 0 && k < size / 2) {
      re[size - k] = sr;
      im[size - k] = -si;
    }
  }
  fftInto(re, im, plan, 1);
  const out = new Float64Array(n);
  for (let bin = 0; bin < n; bin++) out[bin] = Math.max(0, (re[bin] / size) * Math.exp(-tilt * bin));
  return out;
}

function checkParameters(parameters: PileupParameters & { readonly exposureSec: number }): void {
  const check = (name: keyof typeof parameters, allowed: string, ok: (value: number) => boolean) => {
    const value = parameters[name];
    if (!ok(value)) throw new RangeError(`Cannot pile up: ${name} must be ${allowed}: current value is ${value}`);
  };
  check("frameTimeSec", "> 0 s", (value) => value > 0);
  check("exposureSec", "> 0 s", (value) => value > 0);
  check("gradeMigration", "0–1", (value) => value >= 0 && value <= 1);
  check("singleGrade", "in (0, 1]", (value) => value > 0 && value <= 1);
  check("psfFraction", "0–1", (value) => value >= 0 && value <= 1);
  check("nRegions", "> 0", (value) => value > 0);
  check("fracExposure", "in (0, 1]", (value) => value > 0 && value <= 1);
  check("nTerms", "a whole number of 1 or more", (value) => Number.isInteger(value) && value >= 1);
}
