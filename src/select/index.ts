/**
 * Selection recipes: kinds of sources found by matching catalogues.
 *
 * @module
 */
export { type CataclysmicOptions, selectCataclysmic } from "./cataclysmic.ts";
export type { Values } from "./columns.ts";
export { type DualAgnOptions, selectDualAgn } from "./dual-agn.ts";
export {
  backgroundFlareFilter,
  type FxtCandidate,
  type FxtFilter,
  FxtFunnel,
  fxtFunnel,
  type KnownObjects,
  positionFilter,
} from "./fxt-funnel.ts";
export { selectUlx, type UlxOptions, type UlxSelection } from "./ulx.ts";
