import { formatNumber, readableUnit } from "../../src/plot/index.ts";
import type { Photons } from "../light-curve/bin.ts";
import type { BandState, CurveState } from "../light-curve/state.ts";
import { asF32, asU16 } from "./binary.ts";

/** Photons of the curve shown, decoded. */
export interface LoadedPhotons extends Photons {
  readonly state: CurveState;
  readonly modelTimes: Float32Array;
  readonly rates: readonly { low: number; high: number; rate: Float32Array }[];
}

/** Decodes what was sent. */
export function decodePhotons(state: CurveState): LoadedPhotons {
  return {
    state,
    times: asF32(state.times),
    energies: asU16(state.energies),
    gti: asF32(state.gti),
    duration: state.duration,
    modelTimes: asF32(state.model_times),
    rates: state.model_rates.map(({ low, high, rate }) => ({ low, high, rate: asF32(rate) })),
  };
}

/** The model's rate in a band: the sum over the model's bands that lie in it, if they fill it. */
export function modelRate(loaded: LoadedPhotons, band: BandState): Float32Array | undefined {
  const inside = loaded.rates.filter(({ low, high }) => low >= band.low - 0.01 && high <= band.high + 0.01);
  const covered = inside.reduce((sum, { low, high }) => sum + high - low, 0);
  if (inside.length === 0 || covered < 0.95 * (band.high - band.low)) return undefined;
  return inside[0].rate.map((_, i) => inside.reduce((sum, { rate }) => sum + rate[i], 0));
}

/** Seconds in a unit that reads well. */
export function durationText(seconds: number): string {
  const { unit, factor } = readableUnit("s", seconds);
  return `${formatNumber(seconds / factor)} ${unit}`;
}
