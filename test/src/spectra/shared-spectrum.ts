import { type LoadSpectrumOptions, loadSpectrum } from "../../../src/io/load-spectrum.ts";
import type { Spectrum } from "../../../src/spectra/index.ts";
import { sharedData } from "../../shared-data.ts";

/** A spectrum of the shared real data with its companions. */
export function sharedSpectrum(path: string, options: LoadSpectrumOptions = {}): Promise<Spectrum> {
  return loadSpectrum(sharedData("spectra", path), options);
}
