import { ARCSEC_PER_RAD } from "./sphere.ts";

/** An error ellipse: standard deviations along its axes (not 95 % radii), and the direction of the longer one. */
export interface ErrorEllipse {
  /** Arcsec, 1σ of one coordinate. */
  readonly majorArcsec: number;
  /** Arcsec, 1σ of one coordinate. */
  readonly minorArcsec: number;
  /** From north through east, deg. */
  readonly positionAngleDeg: number;
}

/** How well a position is known: 1σ of each coordinate, arcsec, or an ellipse. */
export type PositionError = number | ErrorEllipse;

/** Inverse covariance in the tangent plane, arcsec⁻²: east-east, east-north, north-north. */
export type Precision = readonly [number, number, number];

/**
 * 1σ of one coordinate of a radius that holds a share of all positions: σ = r/√(−2 ln(1 − share)).
 *
 * @example sigmaOfRadius(0.8, { confidence: 0.95 }) // CSC's err_ellipse_r0 → 0.327″
 */
export function sigmaOfRadius(radiusArcsec: number, options: { confidence: number }): number {
  const { confidence } = options;
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `Cannot use a confidence radius: confidence must be in (0, 1): current value is ${confidence}`,
    );
  }
  return radiusArcsec / Math.sqrt(-2 * Math.log(1 - confidence));
}

/** Inverse covariance of an error. */
export function precisionOf(error: PositionError): Precision {
  const { majorArcsec, minorArcsec, positionAngleDeg } =
    typeof error === "number" ? { majorArcsec: error, minorArcsec: error, positionAngleDeg: 0 } : error;
  if (!(majorArcsec > 0 && minorArcsec > 0 && Number.isFinite(majorArcsec + minorArcsec + positionAngleDeg))) {
    throw new RangeError(
      `Cannot use a position error: its axes must be positive numbers of arcsec: current value is ${JSON.stringify(error)}`,
    );
  }
  const angle = (positionAngleDeg * Math.PI) / 180;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const [major, minor] = [majorArcsec ** -2, minorArcsec ** -2];
  return [sin * sin * major + cos * cos * minor, sin * cos * (major - minor), cos * cos * major + sin * sin * minor];
}

/**
 * log₁₀ of the Bayes factor of "one source seen in all catalogues" over "as many unrelated sources".
 *
 * For any number of catalogues and elliptical errors; exact for Gaussians in the tangent plane. With Wᵢ the inverse
 * covariances, W = ΣWᵢ and m = W⁻¹ΣWᵢxᵢ:
 * B = 2ⁿ⁻¹ ∏√|Wᵢ| / √|W| · exp(−½ Σ(xᵢ−m)ᵀWᵢ(xᵢ−m)), angles in radians. Round errors give eq. 18 of Budavári & Szalay
 * 2008, two catalogues eq. 16. NWAY 4.8 treats ellipses in a first approximation (its determinant is that of the mean
 * circle); this does not.
 *
 * @param offsetsArcsec East and north offset of each detection from any common point.
 * @param errors As many errors.
 * @see Budavári & Szalay 2008, ApJ 679, 301; Pineau et al. 2017, A&A 597, A89
 */
export function logBayesFactor(
  offsetsArcsec: readonly (readonly [number, number])[],
  errors: readonly PositionError[],
): number {
  if (offsetsArcsec.length !== errors.length) {
    throw new TypeError(
      `Cannot compute a Bayes factor: there must be an error for each offset: current numbers are ${errors.length} and ${offsetsArcsec.length}`,
    );
  }
  return logBayesFactorOf(offsetsArcsec, errors.map(precisionOf));
}

/** The same from inverse covariances, arcsec⁻². */
export function logBayesFactorOf(
  offsetsArcsec: readonly (readonly [number, number])[],
  precisions: readonly Precision[],
): number {
  let [ee, en, nn, we, wn, logDeterminants] = [0, 0, 0, 0, 0, 0];
  for (const [i, [pee, pen, pnn]] of precisions.entries()) {
    const [east, north] = offsetsArcsec[i]!;
    ee += pee;
    en += pen;
    nn += pnn;
    we += pee * east + pen * north;
    wn += pen * east + pnn * north;
    logDeterminants += Math.log(pee * pnn - pen * pen);
  }
  const determinant = ee * nn - en * en;
  const meanEast = (nn * we - en * wn) / determinant;
  const meanNorth = (ee * wn - en * we) / determinant;
  let chi2 = 0;
  for (const [i, [pee, pen, pnn]] of precisions.entries()) {
    const east = offsetsArcsec[i]![0] - meanEast;
    const north = offsetsArcsec[i]![1] - meanNorth;
    chi2 += pee * east * east + 2 * pen * east * north + pnn * north * north;
  }
  const steps = precisions.length - 1;
  const scale = steps * (Math.LN2 + 2 * Math.log(ARCSEC_PER_RAD));
  return (scale + (logDeterminants - Math.log(determinant)) / 2 - chi2 / 2) * Math.LOG10E;
}

/**
 * Probability of an association by itself: 1/(1 + (1 − π)/(π 10^B)).
 *
 * @param prior Chance before the positions are looked at, 0–1.
 * @param logFactor log₁₀ of the Bayes factor.
 * @see Budavári & Szalay 2008, eq. 13
 */
export function associationProbability(prior: number, logFactor: number): number {
  if (prior === 1) return 1;
  return 1 / (1 + (1 - prior) * 10 ** (-logFactor - Math.log10(prior)));
}

/**
 * Chance that at least one unrelated source lies within a radius: 1 − exp(−πr²ρ).
 *
 * @param radiusArcsec Radius of the search.
 * @param perSquareDeg Density of the other catalogue, sources/deg².
 */
export function chanceProbability(radiusArcsec: number, perSquareDeg: number): number {
  return -Math.expm1(-Math.PI * (radiusArcsec / 3600) ** 2 * perSquareDeg);
}
