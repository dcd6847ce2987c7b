import { goodTimeBefore } from "../gti/index.ts";
import { gregoryLoredoOfTimes, uniformityOfPhases } from "../timing/index.ts";
import type { SkyField } from "./field.ts";
import { APERTURE_FRACTION, BAND_NAMES, type Band, DEAD_TIME_CORRECTION, GRID_STEP_KEV } from "./instrument.ts";
import { type BackgroundRegion, inBand, type Photons } from "./photons.ts";
import type { SkySource } from "./source.ts";
import { fitSpectra, type SpectralFits } from "./spectral-fit.ts";
import { areaOnGrid } from "./spectrum.ts";

/** A measured value with its 68 % limits. */
export interface Limits {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What the Gregory–Loredo test says; see `gregoryLoredo`. Rates of the curve in counts/s of live time. */
export interface Variability {
  readonly probability: number;
  readonly index: number;
  readonly mean: number;
  readonly sigma: number;
  readonly min: number;
  readonly max: number;
}

/** What the catalogue says of one source in one band, from its photons. */
export interface BandMeasurement {
  /** Counts in the source region, and in the background region beside it. */
  readonly counts: number;
  readonly backgroundCounts: number;
  /** Net counts, corrected for the part of the image outside the region. */
  readonly netCounts: Limits;
  /** Net count rate, counts/s of live time. */
  readonly rate: Limits;
  /** photons/s/cm². */
  readonly photonFlux: Limits;
  /** erg/s/cm². */
  readonly flux: Limits;
  /** Net counts over their standard deviation. */
  readonly significance: number;
  /** −ln of the chance that the background alone gives these counts, by Cash's ratio. */
  readonly likelihood: number;
  readonly variability: Variability;
  /** Chances that the arrival times are not uniform. */
  readonly ksProbability: number;
  readonly kuiperProbability: number;
}

/** Everything measured of one source. */
export interface Measurement {
  readonly liveTimeSec: number;
  readonly bands: Readonly<Record<Band, BandMeasurement>>;
  /** (F_x − F_y)/(F_x + F_y) of photon fluxes, with limits. */
  readonly hardness: Readonly<Record<"hm" | "hs" | "ms", Limits>>;
  /** Missing below `MIN_FIT_COUNTS` net counts in the broad band. */
  readonly fits: SpectralFits | undefined;
}

/** Net broad-band counts from which spectra are fitted. The catalogue asks for 150; fewer suits a small sky. */
export const MIN_FIT_COUNTS = 40;
const ERG_PER_KEV = 1.602176634e-9;

/** Measures a source from its photons alone, with the estimators that the fields above state. */
export function measureSource(
  source: SkySource,
  data: { readonly field: SkyField; readonly photons: Photons; readonly background: BackgroundRegion },
): Measurement {
  const { field, photons, background } = data;
  const area = areaOnGrid({ year: field.year, thetaArcmin: source.thetaArcmin });
  const liveTimeSec = field.onTimeSec * DEAD_TIME_CORRECTION;
  const measure = (band: Band) => measureBand(band, { photons, background, field, area, liveTimeSec });
  const bands = Object.fromEntries(BAND_NAMES.map((band) => [band, measure(band)])) as Record<Band, BandMeasurement>;
  const hardness = {
    hm: hardnessRatio(bands.h.photonFlux, bands.m.photonFlux),
    hs: hardnessRatio(bands.h.photonFlux, bands.s.photonFlux),
    ms: hardnessRatio(bands.m.photonFlux, bands.s.photonFlux),
  };
  const enough = bands.b.netCounts.value >= MIN_FIT_COUNTS;
  const expectedBackground = bands.b.backgroundCounts / background.areaRatio;
  const fits = enough ? fitSpectra(photons.energyKeV, { area, background: expectedBackground }) : undefined;
  return { liveTimeSec, bands, hardness, fits };
}

/** The test on times since the field's origin, with its rates per live time. */
function variabilityOf(sinceSec: Float64Array, field: SkyField): Variability {
  const test = gregoryLoredoOfTimes(sinceSec, field.gti);
  const { mean, sigma, min, max } = test.statistics;
  const perLive = 1 / DEAD_TIME_CORRECTION;
  return {
    probability: test.probability,
    index: test.index,
    mean: mean * perLive,
    sigma: sigma * perLive,
    min: min * perLive,
    max: max * perLive,
  };
}

interface BandInput {
  readonly photons: Photons;
  readonly background: BackgroundRegion;
  readonly field: SkyField;
  readonly area: Float64Array;
  readonly liveTimeSec: number;
}

function measureBand(band: Band, { photons, background, field, area, liveTimeSec }: BandInput): BandMeasurement {
  const areaAt = (energy: number) => area[Math.min(area.length - 1, Math.floor((energy - 0.2) / GRID_STEP_KEV))]!;
  const own = photons.energyKeV.filter((energy) => inBand(energy, band));
  const beside = background.energyKeV.filter((energy) => inBand(energy, band));
  const sum = (weight: (energy: number) => number) =>
    netSum(own, beside, { weight, scale: 1 / background.areaRatio, factor: 1 / APERTURE_FRACTION });
  const net = sum(() => 1);
  const perTime = (limits: Limits) => scaled(limits, 1 / liveTimeSec);
  const sinceSec = photons.timeSec
    .filter((_, i) => inBand(photons.energyKeV[i]!, band))
    .map((time) => time - field.originSec);
  const phase = goodTimeBefore(field.gti, sinceSec).map((time) => time / field.onTimeSec);
  const { ksPValue, kuiperPValue } = uniformityOfPhases(phase);
  const expected = Math.max(beside.length, 0.5) / background.areaRatio;
  return {
    counts: own.length,
    backgroundCounts: beside.length,
    netCounts: net,
    rate: perTime(net),
    photonFlux: perTime(sum((energy) => 1 / areaAt(energy))),
    flux: perTime(sum((energy) => (energy * ERG_PER_KEV) / areaAt(energy))),
    significance: Math.max(0, net.value) / Math.max(1e-9, (net.high - net.low) / 2),
    likelihood: own.length > expected ? own.length * Math.log(own.length / expected) - (own.length - expected) : 0,
    variability: variabilityOf(sinceSec, field),
    ksProbability: 1 - ksPValue,
    kuiperProbability: 1 - kuiperPValue,
  };
}

/**
 * Weighted net sum over photons with 68 % limits: the variance is Σw² of both regions, stretched upwards and
 * downwards as Gehrels' 1986 approximations stretch √N. Low limits stop at 0.
 */
function netSum(
  own: Float32Array,
  beside: Float32Array,
  { weight, scale, factor }: { weight: (energy: number) => number; scale: number; factor: number },
): Limits {
  let [value, variance, top] = [0, 0, 0];
  for (const energy of own) {
    const w = weight(energy) * factor;
    value += w;
    variance += w * w;
    top = Math.max(top, w);
  }
  for (const energy of beside) {
    const w = weight(energy) * factor * scale;
    value -= w;
    variance += w * w;
    top = Math.max(top, w / scale);
  }
  const n = own.length;
  const sigma = Math.sqrt(variance);
  const up = n > 0 ? (sigma * (1 + Math.sqrt(n + 0.75))) / Math.sqrt(n) : 1.84 * (top || weight(1.5) * factor);
  const down = n > 0 ? (sigma * (n - n * (1 - 1 / (9 * n) - 1 / (3 * Math.sqrt(n))) ** 3)) / Math.sqrt(n) : 0;
  return { value: Math.max(0, value), low: Math.max(0, value - down), high: Math.max(0, value) + up };
}

function scaled({ value, low, high }: Limits, factor: number): Limits {
  return { value: value * factor, low: low * factor, high: high * factor };
}

/** Hardness ratio of two fluxes with limits by error propagation, within [−1, 1]; NaN if both are 0. */
function hardnessRatio(x: Limits, y: Limits): Limits {
  const total = x.value + y.value;
  if (total <= 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const value = (x.value - y.value) / total;
  const spread = (dx: number, dy: number) => (2 * Math.hypot(y.value * dx, x.value * dy)) / total ** 2;
  const up = spread(x.high - x.value, y.value - y.low);
  const down = spread(x.value - x.low, y.high - y.value);
  return { value, low: Math.max(-1, value - down), high: Math.min(1, value + up) };
}
