import { GMM_FEATURES, GmmScaling } from "./gmm-features.ts";

/**
 * The scaling that belongs to the published Gaussian mixture of CSC detections, ready to apply to
 * `catalog.features(GMM_FEATURES)`.
 *
 * The mixture's authors did not save the scaling with it. Five of the six scales are recovered exactly: from raw and
 * scaled values of the same detections in their published tables. That of `var_ratio_h` is INFERRED, since no table
 * has it scaled: offset and max are a tenth of the smallest non-zero and the largest value seen in the public rows,
 * where the likelihood of those rows under the mixture peaks. The other six features stay as they are. With it, 11 of
 * 11 published cluster numbers come out.
 *
 * @see Pérez-Díaz et al. 2024, MNRAS 528, 4852; their tables and mixture: https://github.com/samuelperezdi/umlcaxs
 * @example
 * const scaled = PEREZ_DIAZ_2024_SCALING.apply(catalog.features(GMM_FEATURES, { missing: "drop" }));
 */
export const PEREZ_DIAZ_2024_SCALING: GmmScaling = new GmmScaling(GMM_FEATURES, {
  powlaw_gamma: { kind: "linear", min: -3.57475, max: 10 },
  bb_kt: { kind: "log", offset: 0.0129297, min: 0.129297, max: 291.267 },
  var_ratio_b: { kind: "log", offset: 7.008681573083824e-18, min: 0, max: 30.424250933610242 },
  var_ratio_h: { kind: "log", offset: 1.1603e-17, min: 0, max: 34.44204236945751 },
  var_ratio_s: { kind: "log", offset: 1.117375884079057e-17, min: 0, max: 32.96640528951401 },
  var_newq_b: { kind: "log", offset: 0.06363341671794098, min: 0.6363341671823985, max: 637.0370889519 },
});
