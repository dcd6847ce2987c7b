import type { Gti } from "../gti/index.ts";
import type { Rng } from "../random/index.ts";
import { logUniform, uniform } from "./field.ts";
import type { Profile } from "./profile.ts";
import type { SourceKind, SpectralShape } from "./source.ts";
import type { Spectrum } from "./spectrum.ts";

/** One component before the source is given its brightness: `share` is its part of the source's expected counts. */
export interface EmissionPart {
  readonly profile: Profile;
  readonly spectrum: Spectrum;
  readonly share: number;
}

/** How a source shines, before its brightness is set. */
export interface Emission {
  readonly shape: SpectralShape;
  readonly nH: number;
  readonly parts: readonly EmissionPart[];
  readonly periodSec: number;
  readonly eventSec: number;
}

/** Where and when: length of the observation and its good time, seconds after its first frame. */
interface Place {
  readonly spanSec: number;
  readonly gti: Gti;
  readonly rng: Rng;
}

const CONSTANT: Profile = { kind: "constant" };

/** Draws the parameters of a source of a kind. Ranges are in the code: this is the population's definition. */
export function drawEmission(kind: SourceKind, place: Place): Emission {
  return EMISSIONS[kind](place);
}

const EMISSIONS: Readonly<Record<SourceKind, (place: Place) => Emission>> = {
  constant: constantSource,
  flaring: flaringStar,
  dipping: dippingBinary,
  periodic: pulsatingSource,
  qpe: quasiPeriodicErupter,
  transient: fastTransient,
};

function constantSource({ rng }: Place): Emission {
  const [shape, spectrum] = drawSteadySpectrum(rng, [0.45, 0.25, 0.2, 0.1]);
  return emission(shape, [{ profile: CONSTANT, spectrum, share: 1 }]);
}

/** A coronal star: quiescent plasma, and one to three flares of hotter plasma with fast rise and exponential decay. */
function flaringStar({ spanSec, rng }: Place): Emission {
  const nH = logUniform(rng, 1e19, 3e21);
  const quiet: Spectrum = { shape: "plasma", kT: uniform(rng, 0.6, 2), nH };
  const hot: Spectrum = { shape: "plasma", kT: uniform(rng, 2, 4.5), nH };
  const numFlares = rng.uniform() < 0.8 ? 1 : 2 + rng.integer(2);
  const flareShare = uniform(rng, 0.35, 0.85);
  const flares = Array.from({ length: numFlares }, (_, index): EmissionPart => {
    const riseSec = logUniform(rng, 150, 1500);
    const profile: Profile = {
      kind: "flare",
      peakSec: spanSec * uniform(rng, 0.05, 0.85),
      riseSec,
      decaySec: riseSec * uniform(rng, 2, 6),
    };
    return { profile, spectrum: hot, share: (flareShare / numFlares) * (index === 0 ? 1 : 0.8) };
  });
  const parts = [{ profile: CONSTANT, spectrum: quiet, share: 1 - flareShare }, ...flares];
  return emission("thermal", parts, { eventSec: (flares[0]!.profile as { peakSec: number }).peakSec });
}

/**
 * A binary seen edge-on: every orbit something hides the source. In half of them it is a star (all energies vanish), in
 * the others gas, which lets an absorbed component through, so that the dips are hard.
 */
function dippingBinary({ spanSec, rng }: Place): Emission {
  const nH = logUniform(rng, 1e21, 1e22);
  const gamma = uniform(rng, 1.2, 2.2);
  const periodSec = spanSec * uniform(rng, 0.22, 0.6);
  const widthSec = periodSec * uniform(rng, 0.1, 0.28);
  const profile: Profile = {
    kind: "eclipse",
    zeroSec: spanSec * uniform(rng, 0.12, 0.5),
    periodSec,
    widthSec,
    flankSec: widthSec * uniform(rng, 0.05, 0.3),
    depth: uniform(rng, 0.85, 1),
  };
  const parts: EmissionPart[] = [{ profile, spectrum: { shape: "powerlaw", gamma, nH }, share: 1 }];
  if (rng.uniform() < 0.5) {
    const shaded: Spectrum = { shape: "powerlaw", gamma, nH: logUniform(rng, 1e23, 3e23) };
    parts.push({ profile: CONSTANT, spectrum: shaded, share: uniform(rng, 0.05, 0.2) });
  }
  return emission("absorbed", parts, { periodSec, eventSec: profile.zeroSec });
}

/** A pulsar or polar: a sinusoid or a narrow pulse, with a period from 100 s to a fifth of the observation. */
function pulsatingSource({ spanSec, rng }: Place): Emission {
  const periodSec = logUniform(rng, 100, spanSec / 5);
  const zeroSec = periodSec * rng.uniform();
  const profile: Profile =
    rng.uniform() < 0.5
      ? { kind: "sinusoid", zeroSec, periodSec, depth: uniform(rng, 0.6, 1) }
      : { kind: "pulse", zeroSec, periodSec, kappa: uniform(rng, 1.5, 6) };
  const [shape, spectrum] = drawSteadySpectrum(rng, [0.4, 0, 0.45, 0.15]);
  const parts: EmissionPart[] = [{ profile, spectrum, share: 1 }];
  if (rng.uniform() < 0.5) parts.push({ profile: CONSTANT, spectrum, share: uniform(rng, 0.05, 0.4) });
  return emission(shape, parts, { periodSec, eventSec: zeroSec });
}

/** A galactic nucleus with soft bursts that recur nearly regularly: 5–9 % jitter, heights that differ by 30 %. */
function quasiPeriodicErupter({ spanSec, rng }: Place): Emission {
  const nH = logUniform(rng, 1e20, 5e20);
  const periodSec = spanSec * uniform(rng, 0.13, 0.28);
  const sigmaSec = periodSec * uniform(rng, 0.035, 0.07);
  const jitter = uniform(rng, 0.05, 0.09);
  const spectrum: Spectrum = { shape: "blackbody", kT: uniform(rng, 0.1, 0.14), nH };
  const bursts: EmissionPart[] = [];
  for (let centreSec = periodSec * rng.uniform(); centreSec < spanSec; ) {
    bursts.push({ profile: { kind: "burst", centreSec, sigmaSec }, spectrum, share: uniform(rng, 0.7, 1.3) });
    centreSec += periodSec * (1 + jitter * rng.normal());
  }
  const quiet: Spectrum = { shape: "blackbody", kT: uniform(rng, 0.05, 0.075), nH };
  const parts = [...bursts, { profile: CONSTANT, spectrum: quiet, share: bursts.length * uniform(rng, 0.08, 0.25) }];
  return emission("supersoft", parts, { periodSec, eventSec: (bursts[0]!.profile as { centreSec: number }).centreSec });
}

/**
 * A transient like XRT 200515: nothing, then a spike of 10 s and a tail of some 800 s. The spike is absorbed and hard;
 * the tail sets in after it, as a hot and a cooler blackbody of which the hot one fades first, so the source softens.
 */
function fastTransient({ spanSec, gti, rng }: Place): Emission {
  const nH = logUniform(rng, 1e21, 1e22);
  const peakSec = drawGoodTime(spanSec, gti, rng);
  const stretch = logUniform(rng, 0.6, 1.6);
  const flare = (delaySec: number, riseSec: number, decaySec: number): Profile => ({
    kind: "flare",
    peakSec: peakSec + delaySec,
    riseSec,
    decaySec,
  });
  const spike: Spectrum = { shape: "powerlaw", gamma: uniform(rng, -0.5, 0.3), nH: logUniform(rng, 3e22, 8e22) };
  const hot: Spectrum = { shape: "blackbody", kT: uniform(rng, 2.1, 2.8), nH };
  const cool: Spectrum = { shape: "blackbody", kT: uniform(rng, 1, 1.5), nH };
  const parts: EmissionPart[] = [
    { profile: flare(0, uniform(rng, 2, 4), 3 * stretch), spectrum: spike, share: uniform(rng, 0.2, 0.3) },
    { profile: flare(14 * stretch, 10, 110 * stretch), spectrum: hot, share: uniform(rng, 0.3, 0.4) },
    { profile: flare(40 * stretch, 30, 330 * stretch), spectrum: cool, share: uniform(rng, 0.35, 0.45) },
  ];
  return emission("burst", parts, { eventSec: peakSec });
}

/** A moment with some good time after it; a burst that nobody watched would not be in a catalogue. */
function drawGoodTime(spanSec: number, gti: Gti, rng: Rng): number {
  for (;;) {
    const tSec = spanSec * uniform(rng, 0.02, 0.95);
    if (gti.startSec.some((start, i) => tSec > start + 20 && tSec < gti.stopSec[i]! - 300)) return tSec;
  }
}

/** A spectrum of an unspectacular source: active nucleus, corona, absorbed nucleus or binary, supersoft source. */
function drawSteadySpectrum(rng: Rng, weights: readonly number[]): [SpectralShape, Spectrum] {
  let left = rng.uniform();
  const choice = weights.findIndex((weight) => (left -= weight) < 0);
  switch (choice) {
    case 0:
      return ["agn", { shape: "powerlaw", gamma: 1.8 + 0.25 * rng.normal(), nH: logUniform(rng, 1e20, 5e21) }];
    case 1:
      return ["thermal", { shape: "plasma", kT: uniform(rng, 0.6, 2.5), nH: logUniform(rng, 1e19, 3e21) }];
    case 2:
      return ["absorbed", { shape: "powerlaw", gamma: 1.6 + 0.25 * rng.normal(), nH: logUniform(rng, 2e22, 2e23) }];
    default:
      return ["supersoft", { shape: "blackbody", kT: uniform(rng, 0.06, 0.13), nH: logUniform(rng, 1e20, 1e21) }];
  }
}

function emission(
  shape: SpectralShape,
  parts: readonly EmissionPart[],
  times: { periodSec?: number; eventSec?: number } = {},
): Emission {
  const { periodSec = Number.NaN, eventSec = Number.NaN } = times;
  return { shape, nH: parts[0]!.spectrum.nH, parts, periodSec, eventSec };
}
