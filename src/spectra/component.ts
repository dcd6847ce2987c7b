import type { EnergyGrid } from "./arf.ts";

/** What a component's parameter is before a user changes it. */
export interface ParameterSpec {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** Default false. */
  readonly frozen?: boolean;
}

/**
 * One named part of a model.
 *
 * An additive component gives photons/s/cm² in each bin, integrated over the bin, so any grid works; a
 * multiplicative one gives a factor at the middle of each bin.
 */
export interface Component {
  readonly name: string;
  readonly kind: "additive" | "multiplicative";
  readonly description: string;
  readonly parameters: readonly ParameterSpec[];
  evaluate(values: readonly number[], grid: EnergyGrid): Float64Array;
}

/** Normalisation in photons/keV/cm²/s, the last parameter of most additive components. */
export function normalisation(unit: string, value = 1e-3): ParameterSpec {
  return { name: "norm", unit, value, min: 0, max: 1e6 };
}

/** A factor evaluated at bin middles. */
export function atMiddles(grid: EnergyGrid, factor: (energyKeV: number) => number): Float64Array {
  const out = new Float64Array(grid.loKeV.length);
  for (let bin = 0; bin < out.length; bin++) out[bin] = factor(0.5 * (grid.loKeV[bin] + grid.hiKeV[bin]));
  return out;
}

/** Bin integrals as differences of a cumulative function; edges that bins share are evaluated once. */
export function fromCumulative(grid: EnergyGrid, cumulative: (energyKeV: number) => number): Float64Array {
  const out = new Float64Array(grid.loKeV.length);
  let edge = Number.NaN;
  let atEdge = Number.NaN;
  for (let bin = 0; bin < out.length; bin++) {
    const lo = grid.loKeV[bin] === edge ? atEdge : cumulative(grid.loKeV[bin]);
    edge = grid.hiKeV[bin];
    atEdge = cumulative(edge);
    out[bin] = atEdge - lo;
  }
  return out;
}

/** Nodes and weights of 4-point Gauss–Legendre quadrature on [−1, 1]. */
export const GAUSS_4: readonly (readonly [node: number, weight: number])[] = [
  [-0.8611363115940526, 0.34785484513745385],
  [-0.3399810435848563, 0.6521451548625461],
  [0.3399810435848563, 0.6521451548625461],
  [0.8611363115940526, 0.34785484513745385],
];

/**
 * Bin integrals of a density by 4-point Gauss–Legendre, wide bins cut into pieces no wider than `scale` keV: exact to
 * about 1e-9 where the density varies over `scale`.
 */
export function integrateDensity(
  grid: EnergyGrid,
  density: (energyKeV: number) => number,
  scale: number,
): Float64Array {
  const out = new Float64Array(grid.loKeV.length);
  for (let bin = 0; bin < out.length; bin++) {
    const lo = grid.loKeV[bin];
    const width = grid.hiKeV[bin] - lo;
    const pieces = Math.min(200, Math.max(1, Math.ceil(width / scale)));
    const half = width / pieces / 2;
    let sum = 0;
    for (let piece = 0; piece < pieces; piece++) {
      const middle = lo + (2 * piece + 1) * half;
      for (const [node, weight] of GAUSS_4) sum += weight * density(middle + half * node);
    }
    out[bin] = sum * half;
  }
  return out;
}
