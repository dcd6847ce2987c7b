import type { PileupEmulation } from "./emulation.ts";
export function emulationBundle(emulation: PileupEmulation): { readonly [mime: string]: string } {
  return { "text/plain": `PileupEmulation ${emulation.name}` };
}

import type { PileupFit } from "./fit-result.ts";
export function pileupFitBundle(fit: PileupFit): { readonly [mime: string]: string } {
  return { "text/plain": `PileupFit ${fit.best.statistic}` };
}
