import type { SpectralFit } from "./fit-result.ts";
import type { Spectrum } from "./spectrum.ts";

export function spectrumBundle(spectrum: Spectrum): { readonly [mime: string]: string } {
  return { "text/plain": `Spectrum ${spectrum.name}` };
}
export function fitBundle(fit: SpectralFit): { readonly [mime: string]: string } {
  return { "text/plain": `Fit ${fit.model.expression}: ${fit.statisticName} ${fit.statistic} / ${fit.dof}` };
}
