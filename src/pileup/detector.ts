import type { Detector, EnergyGrid, Parameter, SpectralModel, Spectrum } from "../spectra/index.ts";
import { foldRmf } from "../spectra/index.ts";
import { PILEUP_DEFAULTS, type PiledSpectrum, type PileupParameters, pileUp } from "./forward.ts";

/** The grid photon energies add on: bins of 15/4096 keV, a quarter of an ACIS channel. */
const N_BINS = 4096;
const MAX_KEV = 15;
const STEP_KEV = MAX_KEV / N_BINS;

/**
 * Bin i holds the photons between the energies (i−1)ΔE and iΔE and counts as iΔE when energies add. This is the
 * convention of the model's first implementation, kept so that published parameters mean the same here; its bias is
 * half a bin, 1.8 eV per photon.
 */
export const FINE_GRID: EnergyGrid = {
  loKeV: Float64Array.from({ length: N_BINS }, (_, bin) =>
    bin === 0 ? 5e-5 : bin === 1 ? 1e-4 : (bin - 1) * STEP_KEV,
  ),
  hiKeV: Float64Array.from({ length: N_BINS }, (_, bin) =>
    bin === 0 ? 1e-4 : bin === N_BINS - 1 ? MAX_KEV : bin * STEP_KEV,
  ),
};

/** Sums of a histogram over other bins, each source bin spread evenly. Both grids ascend. */
export function rebin(values: Float64Array, from: EnergyGrid, to: EnergyGrid): Float64Array {
  const out = new Float64Array(to.loKeV.length);
  let first = 0;
  for (let bin = 0; bin < out.length; bin++) {
    const lo = to.loKeV[bin];
    const hi = to.hiKeV[bin];
    while (first < values.length && from.hiKeV[first] <= lo) first++;
    for (let source = first; source < values.length && from.loKeV[source] < hi; source++) {
      const overlap = Math.min(hi, from.hiKeV[source]) - Math.max(lo, from.loKeV[source]);
      out[bin] += (values[source] * overlap) / (from.hiKeV[source] - from.loKeV[source]);
    }
  }
  return out;
}

/** Effective area at the fine grid's energies: that of the response bin each lies in, 0 outside. */
function areaAtFineGrid(spectrum: Spectrum): Float64Array {
  const { loKeV, hiKeV } = spectrum.energies;
  const area = spectrum.areaCm2;
  const out = new Float64Array(N_BINS);
  let bin = 0;
  for (let i = 1; i < N_BINS; i++) {
    const energy = i * STEP_KEV;
    if (energy < loKeV[0] || energy >= hiKeV[hiKeV.length - 1]) continue;
    while (bin + 1 < loKeV.length && loKeV[bin + 1] <= energy) bin++;
    out[i] = area[bin];
  }
  return out;
}

const areas = new WeakMap<Spectrum, Float64Array>();

/** Photons per frame in each fine bin, as they would be detected alone: area × flux × frame time. */
export function incidentPerFrame(spectrum: Spectrum, photons: Float64Array, frameTimeSec: number): Float64Array {
  let area = areas.get(spectrum);
  if (!area) areas.set(spectrum, (area = areaAtFineGrid(spectrum)));
  return photons.map((value, bin) => Math.max(0, value * area[bin] * frameTimeSec));
}

/** What pile-up leaves in a spectrum's channels. */
export interface PiledCounts extends PiledSpectrum {
  /** Counts per channel, shape (nChannels,). */
  readonly counts: Float64Array;
}

/**
 * Counts per channel that a photon spectrum leaves in a spectrum's detector, pile-up included.
 *
 * The model is integrated over the fine grid, multiplied by the area, piled, summed into the response's bins and
 * redistributed by the RMF, in this order.
 *
 * @param photonsOn Photons/s/cm² per bin of the grid it is given; additive models integrate over the bins.
 */
export function pileUpSpectrum(
  spectrum: Spectrum,
  photonsOn: (grid: EnergyGrid) => Float64Array,
  parameters: Partial<PileupParameters> = {},
): PiledCounts {
  const settings = { ...PILEUP_DEFAULTS, ...parameters };
  const incident = incidentPerFrame(spectrum, photonsOn(FINE_GRID), settings.frameTimeSec);
  const piled = pileUp(incident, { ...settings, exposureSec: spectrum.exposureSec });
  return { ...piled, counts: foldEvents(spectrum, piled.events) };
}

/** Events per fine bin → counts per channel. */
export function foldEvents(spectrum: Spectrum, events: Float64Array): Float64Array {
  const counts = foldRmf(spectrum.requireRmf(), rebin(events, FINE_GRID, spectrum.energies));
  return counts.map((value, channel) => value * spectrum.areascale[channel]);
}

/** The parameters of pile-up in a fit, with limits as Sherpa's `jdpileup` sets them where it does. */
const PARAMETERS: readonly Parameter[] = [
  parameter("gradeMigration", "", PILEUP_DEFAULTS.gradeMigration, [0, 1], false),
  parameter("psfFraction", "", PILEUP_DEFAULTS.psfFraction, [0.9, 1], false),
  parameter("singleGrade", "", PILEUP_DEFAULTS.singleGrade, [0.01, 1], true),
  parameter("nRegions", "", PILEUP_DEFAULTS.nRegions, [0.1, 100], true),
  parameter("frameTimeSec", "s", PILEUP_DEFAULTS.frameTimeSec, [1e-4, 100], true),
  parameter("fracExposure", "", PILEUP_DEFAULTS.fracExposure, [0.01, 1], true),
];

function parameter(
  name: string,
  unit: string,
  value: number,
  [min, max]: readonly [number, number],
  frozen: boolean,
): Parameter {
  return { name: `pileup.${name}`, unit, value, min, max, frozen };
}

/**
 * Davis's pile-up model as a detector for `fitSpectrum`, with parameters "pileup.gradeMigration" (α) and
 * "pileup.psfFraction" (f, 0.9–1: the core of a CCD's point spread) free and the rest frozen.
 *
 * @param settings Values to start from or to hold; `nTerms` is not a parameter. Default: PILEUP_DEFAULTS.
 * @example fitSpectrum(spectrum, { model: "wabs*powerlaw", detector: davis({ frameTimeSec: 3.2 }) })
 */
export function davis(settings: Partial<PileupParameters> = {}): Detector {
  const start = { ...PILEUP_DEFAULTS, ...settings };
  const names = PARAMETERS.map((candidate) => candidate.name.slice("pileup.".length)) as (keyof PileupParameters)[];
  return {
    name: "davis",
    parameters: PARAMETERS.map((candidate, index) => ({ ...candidate, value: start[names[index]] })),
    predict: (spectrum: Spectrum, model: SpectralModel, modelValues, values) => {
      const parameters = Object.fromEntries(names.map((name, index) => [name, values[index]]));
      return pileUpSpectrum(spectrum, (grid) => model.photons(grid, modelValues), {
        ...parameters,
        nTerms: start.nTerms,
      }).counts;
    },
  };
}
