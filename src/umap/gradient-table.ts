import type { SimilarityCurve } from "./curve.ts";

/** Steps of a table from one power of two to the next, as a power of two. */
const STEP_BITS = 6;
/** Powers of two that the tables cover. Outside, the nearest end stands in. */
const LOWEST = -26;
const HIGHEST = 26;

/** How far to shift the bits of a float32 to get its step. */
export const TABLE_SHIFT = 23 - STEP_BITS;
/** Step number of the table's first entry. */
export const TABLE_FIRST = (127 + LOWEST) << STEP_BITS;
/** Number of steps; tables have one entry more, for interpolation. */
export const TABLE_STEPS = (HIGHEST - LOWEST) << STEP_BITS;
/** The bits below a step, and what turns them into a fraction. */
export const TABLE_MASK = (1 << TABLE_SHIFT) - 1;
export const TABLE_FRACTION = 1 / (1 << TABLE_SHIFT);

/**
 * The two force coefficients of the layout tabulated against squared distance, at the values whose float32 bits end in
 * zeros. Looking up bits, with linear interpolation, costs a tenth of `d ** b` and is within 1e-4 of it.
 */
export interface GradientTables {
  /** −2ab d^(2b−2) / (1 + a d^(2b)). */
  readonly attraction: Float32Array;
  /** 2γb / ((0.001 + d²)(1 + a d^(2b))). */
  readonly repulsion: Float32Array;
}

/** Fills the tables for a curve and a repulsion strength γ. */
export function gradientTables(curve: SimilarityCurve, repulsionStrength: number): GradientTables {
  const { a, b } = curve;
  const attraction = new Float32Array(TABLE_STEPS + 1);
  const repulsion = new Float32Array(TABLE_STEPS + 1);
  const bits = new Int32Array(1);
  const value = new Float32Array(bits.buffer);
  for (let step = 0; step <= TABLE_STEPS; step++) {
    bits[0] = (step + TABLE_FIRST) << TABLE_SHIFT;
    const squared = value[0];
    const power = squared ** b;
    attraction[step] = (-2 * a * b * power) / squared / (1 + a * power);
    repulsion[step] = (2 * repulsionStrength * b) / ((0.001 + squared) * (1 + a * power));
  }
  return { attraction, repulsion };
}
