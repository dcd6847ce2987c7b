import { containsTimes, exposureSec, type Gti } from "../gti/index.ts";
import { type Band, type BandSpec, defaultBand, resolveBand, type TimedPhotons } from "./bands.ts";

/** Which photons a method takes. */
export interface PhotonChoice {
  /** Energies that count. Default: "broad" (0.5–7 keV; NuSTAR 3–79, RXTE 2–60) where energies are known, else "all". */
  readonly band?: BandSpec | "all";
}

/** Photons of a band in the good time, in order of arrival. */
export interface GoodPhotons {
  /** s of mission time, ascending. */
  readonly timeSec: Float64Array;
  readonly gti: Gti;
  /** Length of the good time, s, dead time not taken off. */
  readonly onTimeSec: number;
  readonly liveFraction: number;
  /** Undefined where every energy counts. */
  readonly band: Band | undefined;
  readonly name: string;
  /** Photons of the band that arrived outside the good time and are left out. */
  readonly outside: number;
  /** Photons of other energies, in the good time. */
  readonly otherEnergies: number;
}

/**
 * The photons of a band that arrived in the good time.
 *
 * @param purpose Completes "Cannot …" where there is no good time.
 * @throws {RangeError} If there is no good time, or a band is asked for where no energies are known.
 */
export function goodPhotons(photons: TimedPhotons, options: PhotonChoice, purpose: string): GoodPhotons {
  const { timeSec, energyKeV, gti } = photons;
  const onTimeSec = exposureSec(gti);
  if (!(onTimeSec > 0)) {
    throw new RangeError(`Cannot ${purpose}: there must be good time: "${photons.name ?? ""}" has 0 s`);
  }
  const band = chooseBand(photons, options.band, purpose);
  const good = containsTimes(gti, timeSec);
  const kept = new Float64Array(timeSec.length);
  let n = 0;
  let outside = 0;
  let otherEnergies = 0;
  for (let i = 0; i < timeSec.length; i++) {
    const energy = energyKeV[i] as number;
    if (band && !(energy >= band.lowKeV && energy < band.highKeV)) {
      if (good[i]) otherEnergies++;
      continue;
    }
    if (good[i]) kept[n++] = timeSec[i] as number;
    else outside++;
  }
  const times = kept.subarray(0, n);
  if (!isAscending(times)) times.sort();
  return {
    timeSec: times,
    gti,
    onTimeSec,
    liveFraction: photons.liveFraction ?? 1,
    band,
    name: photons.name ?? "",
    outside,
    otherEnergies,
  };
}

/** The band asked for, else the telescope's where any energy is known. */
function chooseBand(photons: TimedPhotons, spec: BandSpec | "all" | undefined, purpose: string): Band | undefined {
  if (spec === "all") return undefined;
  const { energyKeV, name = "" } = photons;
  const known = energyKeV.length === 0 || energyKeV.some((energy) => !Number.isNaN(energy));
  if (spec === undefined) return known ? resolveBand(defaultBand(photons)) : undefined;
  if (known) return resolveBand(spec);
  throw new RangeError(`Cannot ${purpose}: photons must have energies to choose a band: those of "${name}" have none`);
}

function isAscending(times: Float64Array): boolean {
  for (let i = 1; i < times.length; i++) if ((times[i] as number) < (times[i - 1] as number)) return false;
  return true;
}
