/**
 * The photons of whole populations in one file, read observation by observation.
 *
 * The file is in the safetensors format: columns time_sec, energy_kev, gti_start_sec, gti_stop_sec of all observations,
 * one after another, and as index photon_count and gti_count of each; its names are in the header.
 *
 * @module
 */
export { PhotonReader, type StoredPhotons } from "./photon-reader.ts";
export { openPhotons, PhotonStore } from "./photon-store.ts";
export { readStoreIndex, type StoreIndex } from "./store-index.ts";
export { type StoreWriter, writeStore } from "./store-writer.ts";
