import type { Rng } from "../random/index.ts";
import {
  BAND_NAMES,
  BANDS,
  type Band,
  effectiveArea,
  energyResolution,
  FILE_ENERGY_KEV,
  GRID_KEV,
  GRID_SIZE,
  GRID_STEP_KEV,
} from "./instrument.ts";

/**
 * Shape of a photon spectrum, photons/cm²/s/keV up to a constant.
 *
 * `powerlaw`: E^−Γ. `blackbody`: E²/(e^(E/kT) − 1). `plasma`: E^−1.4 e^(−E/kT) with Gaussian blends of iron L near
 * 0.9 keV and of Mg, Si and S above, a sketch of a collisional plasma. All are absorbed by exp(−N_H σ(E)).
 */
export type Spectrum =
  | { readonly shape: "powerlaw"; readonly gamma: number; readonly nH: number }
  | { readonly shape: "blackbody"; readonly kT: number; readonly nH: number }
  | { readonly shape: "plasma"; readonly kT: number; readonly nH: number };

/** Fractions of the broad-band counts in each band, and of all counts kept in the file (which is above 1). */
export interface BandFractions extends Readonly<Record<Band, number>> {
  readonly file: number;
}

/**
 * Photoelectric cross-section per hydrogen atom, cm²: 2.4e-22 E^−2.6 with E in keV, within 25 % of Morrison & McCammon
 * 1983 between 0.6 and 7 keV.
 */
export function absorptionCrossSection(energyKeV: number): number {
  return 2.4e-22 * energyKeV ** -2.6;
}

const SIGMA = GRID_KEV.map(absorptionCrossSection);

/** Photon spectrum on the energy grid, unscaled, with absorption. N_H in atoms/cm², kT in keV. */
export function photonSpectrum(spectrum: Spectrum): Float64Array {
  const emitted = emission(spectrum);
  return GRID_KEV.map((energy, bin) => emitted(energy) * Math.exp(-spectrum.nH * SIGMA[bin]!));
}

function emission(spectrum: Spectrum): (energyKeV: number) => number {
  switch (spectrum.shape) {
    case "powerlaw":
      return (energy) => energy ** -spectrum.gamma;
    case "blackbody":
      return (energy) => energy ** 2 / Math.expm1(energy / spectrum.kT);
    case "plasma": {
      const { kT } = spectrum;
      const blend = (centre: number, width: number, strength: number) => (energy: number) =>
        strength * Math.exp(-0.5 * ((energy - centre) / width) ** 2 - centre / kT);
      const lines = [blend(0.66, 0.03, 1.5), blend(0.9, 0.13, 4.5), blend(1.34, 0.04, 2.5), blend(1.86, 0.05, 2.2)];
      lines.push(blend(2.46, 0.05, 1.2), blend(6.67, 0.06, 0.9));
      return (energy) => energy ** -1.4 * Math.exp(-energy / kT) + lines.reduce((sum, line) => sum + line(energy), 0);
    }
  }
}

/** Counts per bin of the energy grid that a photon spectrum leaves in the detector, unscaled. */
export function countSpectrum(photons: Float64Array, area: Float64Array): Float64Array {
  return photons.map((flux, bin) => flux * area[bin]! * GRID_STEP_KEV);
}

/** Effective area on the energy grid, cm². */
export function areaOnGrid(options: { year: number; thetaArcmin: number }): Float64Array {
  return GRID_KEV.map((energy) => effectiveArea(energy, options));
}

/** Chance that a photon of each grid bin is measured within [low, high] keV, the energy resolution included. */
function landingChance(low: number, high: number): Float64Array {
  return GRID_KEV.map((energy) => {
    const sigma = energyResolution(energy);
    return normalCdf((high - energy) / sigma) - normalCdf((low - energy) / sigma);
  });
}

const LANDING = {
  ...(Object.fromEntries(BAND_NAMES.map((band) => [band, landingChance(BANDS[band][0], BANDS[band][1])])) as Record<
    Band,
    Float64Array
  >),
  file: landingChance(FILE_ENERGY_KEV[0], FILE_ENERGY_KEV[1]),
};

/** Fractions of the broad-band counts that fall into each band, for a count spectrum on the energy grid. */
export function bandFractions(counts: Float64Array): BandFractions {
  const inBand = (chance: Float64Array) => counts.reduce((sum, count, bin) => sum + count * chance[bin]!, 0);
  const broad = inBand(LANDING.b);
  const [s, m, h] = [inBand(LANDING.s) / broad, inBand(LANDING.m) / broad, inBand(LANDING.h) / broad];
  return { s, m, h, b: 1, file: inBand(LANDING.file) / broad };
}

/** Draws measured photon energies that follow a count spectrum, given that they land in the file's energy range. */
export class EnergySampler {
  readonly #cumulative: Float64Array;

  /** @param counts Count spectrum on the energy grid, unscaled, shape (1080,). */
  constructor(counts: Float64Array) {
    const cumulative = new Float64Array(GRID_SIZE);
    let sum = 0;
    counts.forEach((count, bin) => {
      cumulative[bin] = sum += count;
    });
    this.#cumulative = cumulative;
  }

  /** One measured energy, keV. */
  draw(rng: Rng): number {
    const cumulative = this.#cumulative;
    for (;;) {
      const target = rng.uniform() * cumulative[GRID_SIZE - 1]!;
      let low = 0;
      for (let high = GRID_SIZE - 1; low < high; ) {
        const middle = (low + high) >> 1;
        if (cumulative[middle]! > target) high = middle;
        else low = middle + 1;
      }
      const trueEnergy = GRID_KEV[low]!;
      const energy = trueEnergy + energyResolution(trueEnergy) * rng.normal();
      if (energy >= FILE_ENERGY_KEV[0] && energy < FILE_ENERGY_KEV[1]) return energy;
    }
  }
}

/**
 * Cumulative normal distribution: ½ + φ(x) Σ x^(2k+1)/(1·3·…·(2k+1)), summed until it no longer changes; accurate to
 * 1e-14 for |x| < 7 and 0 or 1 beyond.
 */
export function normalCdf(x: number): number {
  if (Math.abs(x) > 7) return x > 0 ? 1 : 0;
  let sum = x;
  let term = x;
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}
