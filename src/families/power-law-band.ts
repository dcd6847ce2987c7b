import type { BandFlux } from "./family.ts";

/** Energy flux of a power law E^−Γ photons per keV between two energies, to a constant. */
function energyFlux(lowKeV: number, highKeV: number, photonIndex: number): number {
  const power = 2 - photonIndex;
  if (Math.abs(power) < 1e-9) return Math.log(highKeV / lowKeV);
  return (highKeV ** power - lowKeV ** power) / power;
}

/**
 * Flux in one band over that in another, of a power law without absorption.
 *
 * @param photonIndex Γ of photons per keV, such as 1.7.
 */
export function bandRatio(
  to: Pick<BandFlux, "lowKeV" | "highKeV">,
  from: Pick<BandFlux, "lowKeV" | "highKeV">,
  photonIndex: number,
): number {
  return energyFlux(to.lowKeV, to.highKeV, photonIndex) / energyFlux(from.lowKeV, from.highKeV, photonIndex);
}
