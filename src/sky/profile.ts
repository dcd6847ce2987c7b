import type { Gti } from "../gti/index.ts";
import type { Rng } from "../random/index.ts";

/**
 * How a component's rate goes with time, relative to its amplitude. Times are seconds after the start of the
 * observation.
 *
 * - `constant`: 1.
 * - `flare`: rises linearly over `riseSec` to 1 at `peakSec`, then falls as exp(−t/decaySec).
 * - `burst`: a Gaussian with maximum 1 at `centreSec`.
 * - `sinusoid`: 1 + depth · sin(2π(t − zeroSec)/periodSec).
 * - `pulse`: exp(κ(cos 2π(t − zeroSec)/periodSec − 1)), a von Mises peak once per period.
 * - `eclipse`: 1, but 1 − depth for `widthSec` once per period around `zeroSec`, with linear flanks of `flankSec`.
 */
export type Profile =
  | { readonly kind: "constant" }
  | { readonly kind: "flare"; readonly peakSec: number; readonly riseSec: number; readonly decaySec: number }
  | { readonly kind: "burst"; readonly centreSec: number; readonly sigmaSec: number }
  | { readonly kind: "sinusoid"; readonly zeroSec: number; readonly periodSec: number; readonly depth: number }
  | { readonly kind: "pulse"; readonly zeroSec: number; readonly periodSec: number; readonly kappa: number }
  | {
      readonly kind: "eclipse";
      readonly zeroSec: number;
      readonly periodSec: number;
      readonly widthSec: number;
      readonly flankSec: number;
      readonly depth: number;
    };

/** Value of a profile at a time, in units of the component's amplitude. */
export function profileValue(profile: Profile, tSec: number): number {
  switch (profile.kind) {
    case "constant":
      return 1;
    case "flare": {
      const t = tSec - profile.peakSec;
      return t < 0 ? Math.max(0, 1 + t / profile.riseSec) : Math.exp(-t / profile.decaySec);
    }
    case "burst":
      return Math.exp(-0.5 * ((tSec - profile.centreSec) / profile.sigmaSec) ** 2);
    case "sinusoid":
      return 1 + profile.depth * Math.sin((2 * Math.PI * (tSec - profile.zeroSec)) / profile.periodSec);
    case "pulse": {
      const phase = (2 * Math.PI * (tSec - profile.zeroSec)) / profile.periodSec;
      return Math.exp(profile.kappa * (Math.cos(phase) - 1));
    }
    case "eclipse": {
      const { zeroSec, periodSec, widthSec, flankSec, depth } = profile;
      const cycles = (tSec - zeroSec) / periodSec;
      const fromCentre = Math.abs(cycles - Math.round(cycles)) * periodSec;
      const shadow = Math.min(1, Math.max(0, (widthSec / 2 + flankSec - fromCentre) / flankSec));
      return 1 - depth * shadow;
    }
  }
}

/** Largest value a profile takes. */
export function profileMaximum(profile: Profile): number {
  return profile.kind === "sinusoid" ? 1 + profile.depth : 1;
}

/** Integral of a profile over good time, seconds, by Simpson's rule fine enough for its shortest feature. */
export function profileIntegral(profile: Profile, gti: Gti): number {
  let total = 0;
  for (let i = 0; i < gti.startSec.length; i++) {
    const [start, stop] = [gti.startSec[i]!, gti.stopSec[i]!];
    const knots = [start, ...profileKnots(profile).filter((knot) => knot > start && knot < stop), stop];
    for (let k = 1; k < knots.length; k++) total += simpson(profile, knots[k - 1]!, knots[k]!);
  }
  return total;
}

function simpson(profile: Profile, start: number, stop: number): number {
  const steps = 2 * Math.min(20000, Math.max(4, Math.ceil((stop - start) / timeScale(profile))));
  const step = (stop - start) / steps;
  let sum = profileValue(profile, start) + profileValue(profile, stop);
  for (let i = 1; i < steps; i++) sum += profileValue(profile, start + i * step) * (i % 2 === 1 ? 4 : 2);
  return (sum * step) / 3;
}

/** Times where the profile has a corner or is concentrated, so that no quadrature steps over them. */
function profileKnots(profile: Profile): number[] {
  if (profile.kind === "flare") {
    const { peakSec, riseSec, decaySec } = profile;
    return [peakSec - riseSec, peakSec, peakSec + 4 * decaySec, peakSec + 12 * decaySec, peakSec + 40 * decaySec];
  }
  if (profile.kind === "burst") return [-8, -3, 0, 3, 8].map((k) => profile.centreSec + k * profile.sigmaSec);
  return [];
}

/** Half the step that resolves a profile between its knots, seconds. */
function timeScale(profile: Profile): number {
  switch (profile.kind) {
    case "constant":
      return Number.POSITIVE_INFINITY;
    case "flare":
      return profile.decaySec / 8;
    case "burst":
      return profile.sigmaSec / 6;
    case "sinusoid":
      return profile.periodSec / 16;
    case "pulse":
      return profile.periodSec / (16 * (1 + Math.sqrt(profile.kappa)));
    case "eclipse":
      return Math.min(profile.flankSec / 4, profile.periodSec / 64);
  }
}

/**
 * Arrival times of a Poisson process with rate amplitude · profile over good time, in no particular order.
 *
 * Exact for the stated rate: flares and bursts are drawn over the whole time axis by inversion and kept where the time
 * is good (a restricted Poisson process is Poisson); periodic profiles are thinned from their maximum.
 *
 * @param amplitude Rate where the profile is 1, counts/s.
 */
export function drawArrivals(profile: Profile, amplitude: number, { gti, rng }: { gti: Gti; rng: Rng }): number[] {
  const times: number[] = [];
  if (profile.kind === "flare" || profile.kind === "burst") {
    const draw = profile.kind === "flare" ? flareTime : burstTime;
    const total =
      amplitude *
      (profile.kind === "flare" ? profile.riseSec / 2 + profile.decaySec : Math.sqrt(2 * Math.PI) * profile.sigmaSec);
    for (let left = rng.poisson(total); left > 0; left--) {
      const time = draw(profile as never, rng);
      if (isGood(gti, time)) times.push(time);
    }
    return times;
  }
  const maximum = profileMaximum(profile);
  for (let i = 0; i < gti.startSec.length; i++) {
    const [start, stop] = [gti.startSec[i]!, gti.stopSec[i]!];
    for (let left = rng.poisson(amplitude * maximum * (stop - start)); left > 0; left--) {
      const time = start + (stop - start) * rng.uniform();
      if (profile.kind === "constant" || rng.uniform() * maximum < profileValue(profile, time)) times.push(time);
    }
  }
  return times;
}

function flareTime({ peakSec, riseSec, decaySec }: Extract<Profile, { kind: "flare" }>, rng: Rng): number {
  const rise = riseSec / 2;
  if (rng.uniform() * (rise + decaySec) < rise) return peakSec - riseSec + riseSec * Math.sqrt(rng.uniform());
  return peakSec + decaySec * rng.exponential();
}

function burstTime({ centreSec, sigmaSec }: Extract<Profile, { kind: "burst" }>, rng: Rng): number {
  return centreSec + sigmaSec * rng.normal();
}

function isGood(gti: Gti, tSec: number): boolean {
  for (let i = 0; i < gti.startSec.length; i++) if (tSec >= gti.startSec[i]! && tSec < gti.stopSec[i]!) return true;
  return false;
}
