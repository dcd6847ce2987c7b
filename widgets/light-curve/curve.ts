import type { PhotonRecord } from "../latent/index.ts";
import { sampleRate } from "./rate-times.ts";
import type { CurveState } from "./state.ts";

/** Count rates over time in one or more bands. */
export interface RateCurves {
  /** Mission seconds. */
  readonly timeSec: ArrayLike<number>;
  readonly bands: readonly {
    readonly lowKeV: number;
    readonly highKeV: number;
    /** counts/s, one per time. */
    readonly rate: ArrayLike<number>;
    readonly label?: string;
  }[];
}

/**
 * Photons as the browser gets them: times as f32 since the first good time (0.008 s precise after 100 ks), energies
 * as u16 eV.
 */
export function encodeCurve(
  photons: PhotonRecord,
  options: { index: number; name: string; rates?: RateCurves | undefined },
): CurveState {
  const { timeSec, energyKeV, gti } = photons;
  const nGti = gti.startSec.length;
  const start = nGti > 0 ? (gti.startSec[0] as number) : (timeSec[0] ?? 0);
  const stop = nGti > 0 ? (gti.stopSec[nGti - 1] as number) : (timeSec.at(-1) ?? start + 1);
  const intervals = new Float32Array(2 * Math.max(1, nGti));
  intervals.set([0, stop - start]);
  for (let g = 0; g < nGti; g++) {
    intervals[2 * g] = (gti.startSec[g] as number) - start;
    intervals[2 * g + 1] = (gti.stopSec[g] as number) - start;
  }
  const { rates } = options;
  return {
    index: options.index,
    name: options.name,
    start,
    date: dateOf(photons, start),
    duration: Math.max(stop - start, 1e-3),
    times: Float32Array.from(timeSec, (time) => time - start),
    energies: Uint16Array.from(energyKeV, (energy) => Math.min(65535, Math.max(0, Math.round(energy * 1000)))),
    gti: intervals,
    model_times: Float32Array.from(rates?.timeSec ?? [], (time) => time - start),
    model_rates: (rates?.bands ?? []).map(({ lowKeV, highKeV, rate, label }) => ({
      label: label ?? "model rate",
      low: lowKeV,
      high: highKeV,
      rate: Float32Array.from(rate),
    })),
  };
}

/** The date of a mission time; "" where there is no clock. An event list refuses one where its file has no MJDREF. */
function dateOf(photons: PhotonRecord, timeSec: number): string {
  try {
    return photons.clock?.date(timeSec, { digits: 0 }) ?? "";
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
}

/** A model of count rates, as PPAD's is. */
export interface RateModel {
  /** Latents of the sources it was trained on, shape (sources, latentSize). */
  readonly latents: { readonly data: ArrayLike<number>; readonly shape: readonly [number, number] };
  /** Rates along seconds from the first good time, shape (times, bands). */
  rateCurve(
    z: ArrayLike<number>,
    timeSec: ArrayLike<number>,
    options: { source: PhotonRecord },
  ): { readonly rate: { readonly data: ArrayLike<number> }; readonly bandEdgesEv: readonly number[] };
}

/**
 * The model's rate for the i-th source, over its whole observation.
 *
 * @param latents Latents of the sources shown, shape (sources, latentSize).
 */
export function modelRateCurves(
  model: RateModel,
  options: { latents: RateModel["latents"]; index: number; photons: PhotonRecord },
): RateCurves | undefined {
  const { latents, index, photons } = options;
  const [, size] = latents.shape;
  const { startSec, stopSec } = photons.gti;
  if (startSec.length === 0) return undefined;
  const start = startSec[0] as number;
  const z = Float64Array.from({ length: size }, (_, k) => latents.data[index * size + k] as number);
  let bandEdgesEv: readonly number[] = [];
  const rateAt = (times: Float64Array) => {
    const curve = model.rateCurve(z, times, { source: photons });
    bandEdgesEv = curve.bandEdgesEv;
    return curve.rate.data;
  };
  const { timeSec, rate } = sampleRate(rateAt, {
    durationSec: (stopSec[stopSec.length - 1] as number) - start,
    photonSec: photons.timeSec.map((time) => time - start),
  });
  const nBands = bandEdgesEv.length - 1;
  return {
    timeSec: timeSec.map((seconds) => start + seconds),
    bands: Array.from({ length: nBands }, (_, band) => ({
      lowKeV: (bandEdgesEv[band] as number) / 1000,
      highKeV: (bandEdgesEv[band + 1] as number) / 1000,
      rate: Float64Array.from(timeSec, (_, i) => rate[i * nBands + band] as number),
    })),
  };
}
