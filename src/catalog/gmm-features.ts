import { checkShape, type Matrix } from "../array/index.ts";

/**
 * The twelve features of the CSC classification by Gaussian mixture, in its order.
 *
 * @see Pérez-Díaz et al. 2024, MNRAS 528, 4852
 */
export const GMM_FEATURES = [
  "hard_hm",
  "hard_hs",
  "hard_ms",
  "powlaw_gamma",
  "bb_kt",
  "var_prob_b",
  "var_ratio_b",
  "var_prob_h",
  "var_ratio_h",
  "var_prob_s",
  "var_ratio_s",
  "var_newq_b",
] as const;

/** How one feature is scaled. */
export type FeatureScale =
  | { readonly kind: "raw" }
  /** (x − min)/(max − min). */
  | { readonly kind: "linear"; readonly min: number; readonly max: number }
  /** The same of ln(x + offset). */
  | { readonly kind: "log"; readonly min: number; readonly max: number; readonly offset: number };

/** Kinds of scaling in the publication; features not named stay as they are. */
const PUBLISHED_KINDS: { readonly [name: string]: "linear" | "log" } = {
  powlaw_gamma: "linear",
  bb_kt: "log",
  var_ratio_b: "log",
  var_ratio_h: "log",
  var_ratio_s: "log",
  var_newq_b: "log",
};

/**
 * Scaling of features before clustering: fitted once, applied to any sources.
 *
 * Values outside the fitted range leave 0…1; that is intended, since clipping would move them.
 *
 * @example
 * const scaling = GmmScaling.fit(catalog.features(GMM_FEATURES));
 * const scaled = scaling.apply(catalog.features(GMM_FEATURES));
 */
export class GmmScaling {
  /** Name of each feature, in column order. */
  readonly names: readonly string[];
  readonly scales: readonly FeatureScale[];

  /**
   * @param names Features in column order.
   * @param scales Known constants by name; features without one stay as they are.
   * @throws {RangeError} If a constant makes no scale (max must exceed min; with "log", min + offset must be positive).
   */
  constructor(names: readonly string[], scales: { readonly [name: string]: FeatureScale }) {
    this.names = [...names];
    this.scales = names.map((name) => checkScale(name, scales[name] ?? { kind: "raw" }));
  }

  /**
   * Finds the constants from data as the publication did: min and max of each column, offset a tenth of the smallest
   * value above zero.
   *
   * @param features Shape (nSources, nFeatures), finite; columns named by `features.names` or `options.names`.
   * @param options.names Default: `features.names`, else `GMM_FEATURES`.
   * @param options.kinds Kind by feature name. Default: those of the publication.
   */
  static fit(
    features: Matrix & { readonly names?: readonly string[] },
    options: { names?: readonly string[]; kinds?: { readonly [name: string]: "raw" | "linear" | "log" } } = {},
  ): GmmScaling {
    const names = options.names ?? features.names ?? GMM_FEATURES;
    const kinds = options.kinds ?? PUBLISHED_KINDS;
    checkShape("features", features, [-1, names.length]);
    const scales: Record<string, FeatureScale> = {};
    for (const [j, name] of names.entries()) scales[name] = fitScale(columnOf(features, j), kinds[name] ?? "raw");
    return new GmmScaling(names, scales);
  }

  /** Scaled features, same shape. */
  apply(features: Matrix): Matrix {
    checkShape("features", features, [-1, this.names.length]);
    const k = this.names.length;
    const data = features.data.map((value, i) => scaleValue(value, this.scales[i % k] as FeatureScale));
    return { data, shape: features.shape };
  }

  /** Features from scaled ones. */
  invert(scaled: Matrix): Matrix {
    checkShape("scaled", scaled, [-1, this.names.length]);
    const k = this.names.length;
    const data = scaled.data.map((value, i) => unscaleValue(value, this.scales[i % k] as FeatureScale));
    return { data, shape: scaled.shape };
  }
}

function checkScale(name: string, scale: FeatureScale): FeatureScale {
  if (scale.kind === "raw") return scale;
  const positive = scale.kind === "linear" || scale.min + scale.offset > 0;
  if (scale.max > scale.min && positive) return scale;
  throw new RangeError(
    `Cannot scale feature "${name}": max must exceed min, and min + offset must be positive for "log": current values are ${JSON.stringify(scale)}`,
  );
}

function columnOf({ data, shape }: Matrix, j: number): Float64Array {
  return Float64Array.from({ length: shape[0] }, (_, i) => data[i * shape[1] + j] as number);
}

function fitScale(values: Float64Array, kind: "raw" | "linear" | "log"): FeatureScale {
  if (kind === "raw") return { kind };
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
    if (value > 0 && value < least) least = value;
  }
  return kind === "linear" ? { kind, min, max } : { kind, min, max, offset: least / 10 };
}

function scaleValue(value: number, scale: FeatureScale): number {
  if (scale.kind === "raw") return value;
  if (scale.kind === "linear") return (value - scale.min) / (scale.max - scale.min);
  const low = Math.log(scale.min + scale.offset);
  return (Math.log(value + scale.offset) - low) / (Math.log(scale.max + scale.offset) - low);
}

function unscaleValue(value: number, scale: FeatureScale): number {
  if (scale.kind === "raw") return value;
  if (scale.kind === "linear") return scale.min + value * (scale.max - scale.min);
  const low = Math.log(scale.min + scale.offset);
  return Math.exp(low + value * (Math.log(scale.max + scale.offset) - low)) - scale.offset;
}
