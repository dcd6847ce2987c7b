/**
 * Cosmology: distances, times and luminosities from redshifts.
 *
 * @module
 */
export { CM_PER_MPC, Cosmology, type CosmologyParameters } from "./cosmology.ts";
export { FLAT_70_03, PLANCK15, PLANCK18, WMAP9 } from "./presets.ts";
