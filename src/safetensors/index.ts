/**
 * Named arrays in one file, in the safetensors format: models, and photons read by ranges.
 *
 * @module
 */
export {
  type PlacedTensor,
  readSafetensors,
  readSafetensorsHeader,
  type SafetensorsHeader,
  safetensorsHeaderLength,
} from "./read.ts";
export type { Tensor, TensorEntry, TensorType } from "./tensor.ts";
export { safetensorsHeader, writeSafetensors } from "./write.ts";
