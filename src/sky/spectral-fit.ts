import { BACKGROUND_COUNTS, GRID_KEV, GRID_STEP_KEV } from "./instrument.ts";
import { photonSpectrum, type Spectrum } from "./spectrum.ts";

/** A fitted parameter with the interval in which the statistic stays within 1 of its minimum (68 %). */
export interface FittedParameter {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Hydrogen column of the best fit, atoms/cm². */
  readonly nH: number;
}

/** The two fits the catalogue makes to every source of enough counts. */
export interface SpectralFits {
  readonly gamma: FittedParameter;
  readonly kT: FittedParameter;
}

const BIN_KEV = 0.1;
const FIRST_KEV = 0.5;
const NUM_BINS = 65;
const GRID_PER_BIN = Math.round(BIN_KEV / GRID_STEP_KEV);
const FIRST_GRID_BIN = Math.round((FIRST_KEV - GRID_KEV[0]!) / GRID_STEP_KEV + 0.5);

const COLUMNS = [1e19, ...Array.from({ length: 21 }, (_, i) => 2e20 * 10 ** (0.16 * i))];
const GAMMAS = Float64Array.from({ length: 46 }, (_, i) => -1.5 + 0.2 * i);
const TEMPERATURES = Float64Array.from({ length: 46 }, (_, i) => 0.04 * 100 ** (i / 45));

type Templates = readonly { readonly parameter: number; readonly perColumn: readonly Float64Array[] }[];

/** Photon spectra in the fit's bins for every parameter and column; made at first use. */
function makeTemplates(parameters: Float64Array, spectrum: (parameter: number, nH: number) => Spectrum): Templates {
  return Array.from(parameters, (parameter) => ({
    parameter,
    perColumn: COLUMNS.map((nH) => rebin(photonSpectrum(spectrum(parameter, nH)))),
  }));
}

let powerlaws: Templates | undefined;
let blackbodies: Templates | undefined;

/** Sums over the fit's 65 bins of 0.1 keV from 0.5 to 7 keV. */
function rebin(grid: Float64Array): Float64Array {
  return Float64Array.from({ length: NUM_BINS }, (_, bin) => {
    let sum = 0;
    for (let i = 0; i < GRID_PER_BIN; i++) sum += grid[FIRST_GRID_BIN + bin * GRID_PER_BIN + i]!;
    return sum;
  });
}

const BACKGROUND = (() => {
  const binned = rebin(BACKGROUND_COUNTS);
  const total = binned.reduce((sum, value) => sum + value, 0);
  return binned.map((value) => value / total);
})();

/**
 * Fits an absorbed power law and an absorbed blackbody to photon energies by the Cash statistic.
 *
 * The normalisation follows from the total counts, the column from a grid of 22 values, the parameter from a grid of
 * 46 with a parabola through the best three. The background has its known shape; energy resolution is neglected,
 * which is narrower than the bins (0.1 keV).
 *
 * @param energyKeV Energies in the source region, keV.
 * @param options.area Effective area on the energy grid, cm².
 * @param options.background Expected background counts in the broad band.
 */
export function fitSpectra(
  energyKeV: Float32Array,
  { area, background }: { area: Float64Array; background: number },
): SpectralFits {
  powerlaws ??= makeTemplates(GAMMAS, (gamma, nH) => ({ shape: "powerlaw", gamma, nH }));
  blackbodies ??= makeTemplates(TEMPERATURES, (kT, nH) => ({ shape: "blackbody", kT, nH }));
  const counts = new Float64Array(NUM_BINS);
  for (const energy of energyKeV) {
    const bin = Math.floor((energy - FIRST_KEV) / BIN_KEV);
    if (bin >= 0 && bin < NUM_BINS) counts[bin]!++;
  }
  const binArea = rebin(area);
  return {
    gamma: fitTemplates(powerlaws, { counts, binArea, background }),
    kT: fitTemplates(blackbodies, { counts, binArea, background }),
  };
}

interface Observed {
  readonly counts: Float64Array;
  readonly binArea: Float64Array;
  readonly background: number;
}

function fitTemplates(templates: Templates, observed: Observed): FittedParameter {
  const best = templates.map(({ perColumn }) => {
    let [cash, nH] = [Number.POSITIVE_INFINITY, COLUMNS[0]!];
    perColumn.forEach((template, column) => {
      const value = cashStatistic(template, observed);
      if (value < cash) [cash, nH] = [value, COLUMNS[column]!];
    });
    return { cash, nH };
  });
  let least = 0;
  best.forEach(({ cash }, i) => {
    if (cash < best[least]!.cash) least = i;
  });
  const parameterAt = (position: number): number => {
    const below = Math.max(0, Math.min(templates.length - 2, Math.floor(position)));
    const [low, high] = [templates[below]!.parameter, templates[below + 1]!.parameter];
    return low + (position - below) * (high - low);
  };
  const curve = best.map(({ cash }) => cash);
  const position = least + vertex(curve, least);
  return {
    value: parameterAt(position),
    low: parameterAt(Math.min(position, crossing(curve, { least, step: -1 }))),
    high: parameterAt(Math.max(position, crossing(curve, { least, step: 1 }))),
    nH: best[least]!.nH,
  };
}

/** Where the statistic has risen by 1 from its minimum, as a position on the parameter grid, or the grid's end. */
function crossing(curve: readonly number[], { least, step }: { least: number; step: 1 | -1 }): number {
  const level = curve[least]! + 1;
  for (let i = least; curve[i + step] !== undefined; i += step) {
    const next = curve[i + step]!;
    if (next >= level) return i + (step * (level - curve[i]!)) / (next - curve[i]!);
  }
  return step > 0 ? curve.length - 1 : 0;
}

/** Offset of a parabola's vertex from the middle of three points, within ±0.5; 0 at the ends of the grid. */
function vertex(curve: readonly number[], at: number): number {
  const [before, here, after] = [curve[at - 1], curve[at]!, curve[at + 1]];
  if (before === undefined || after === undefined) return 0;
  const curvature = before - 2 * here + after;
  return curvature > 0 ? Math.max(-0.5, Math.min(0.5, (0.5 * (before - after)) / curvature)) : 0;
}

/** Cash's C = 2 Σ (μ − n ln μ) with Σμ fixed to the counts, so that the first sum is the same for all templates. */
function cashStatistic(template: Float64Array, { counts, binArea, background }: Observed): number {
  let model = 0;
  let total = 0;
  for (let bin = 0; bin < NUM_BINS; bin++) {
    model += template[bin]! * binArea[bin]!;
    total += counts[bin]!;
  }
  const scale = Math.max(total - background, 0.01 * total) / model;
  let cash = 0;
  for (let bin = 0; bin < NUM_BINS; bin++) {
    if (counts[bin]! > 0) {
      const mean = scale * template[bin]! * binArea[bin]! + background * BACKGROUND[bin]!;
      cash -= 2 * counts[bin]! * Math.log(mean + 1e-12);
    }
  }
  return cash;
}
