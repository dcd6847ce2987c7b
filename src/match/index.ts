/**
 * Cross-matching on the sphere: by distance, by Bayes factors, with motions and chance rates.
 *
 * @module
 */
export {
  associationProbability,
  chanceProbability,
  type ErrorEllipse,
  logBayesFactor,
  type PositionError,
  sigmaOfRadius,
} from "./bayes-factor.ts";
export { ChanceMatches, chanceMatches } from "./chance-matches.ts";
export { CrossMatch, type CrossMatchOptions, crossMatch } from "./cross-match.ts";
export { healpixNested } from "./healpix.ts";
export { type MagnitudeHistogram, magnitudeFactor, magnitudeHistogram } from "./magnitude-prior.ts";
export { type NwayMagnitude, type NwayOptions, type NwayResult, type NwayTable, nway } from "./nway.ts";
export { nwayCutoffs } from "./nway-cutoff.ts";
export { type PositionColumns, positionsOf } from "./positions.ts";
export { type ProperMotion, propagate } from "./proper-motion.ts";
export { type NearestMatches, SkyIndex, type SkyPairs } from "./sky-index.ts";
export { offsetArcsec, type SkyPositions, separationArcsec, shiftPositions } from "./sphere.ts";
