import type { WidgetValue } from "../protocol/buffers.ts";

/** What the light-curve view's two sides share; field names as they go over the wire. */

/** An energy band. */
export type BandState = {
  readonly key: string;
  readonly label: string;
  /** keV */
  readonly low: number;
  readonly high: number;
};

/** A model's count rate in a band over time. */
export type RateState = {
  readonly label: string;
  /** keV */
  readonly low: number;
  readonly high: number;
  /** f32, counts/s, one per model time. */
  readonly rate: ArrayBufferView;
};

/** Photons of one source as the browser gets them: 6 bytes a photon, binned there. */
export type CurveState = {
  /** Point of the latent view, or position in the list. */
  readonly index: number;
  readonly name: string;
  /** Mission time of second 0. */
  readonly start: number;
  /** The same as a date, UTC; "" where the clock is not known. */
  readonly date: string;
  /** Seconds from the first good time to the last. */
  readonly duration: number;
  /** f32 seconds since `start`, ascending. */
  readonly times: ArrayBufferView;
  /** u16 energies, eV (65535 for that and more). */
  readonly energies: ArrayBufferView;
  /** f32 pairs start, stop of the good times, seconds since `start`. */
  readonly gti: ArrayBufferView;
  /** f32 seconds since `start` at which the model's rates are given; empty without a model. */
  readonly model_times: ArrayBufferView;
  readonly model_rates: readonly RateState[];
};

/** Synchronised state of a light-curve view. */
export interface LightCurveState {
  readonly [key: string]: WidgetValue;
  /** "IPY_MODEL_<id>" of the latent view whose selection is followed; null for a list. */
  readonly latent: string | null;
  /** Number of sources in the list; 0 when following a selection. */
  readonly n: number;
  /** Light curves sent for the current selection, or of the list. */
  readonly curves: readonly CurveState[];
  /** Light curves that stay: what lets a page without a kernel follow the selection. */
  readonly library: readonly CurveState[];
  /** Source shown; -1 for none. Both sides set it. */
  readonly shown: number;
  /** Bin width, s; 0 chooses one for each source. Both sides set it. */
  readonly bin_sec: number;
  readonly bands: readonly BandState[];
  /** Keys of the bands drawn. Both sides set it. */
  readonly visible: readonly string[];
  /** Sources asked for that have no photons, and why, by index. */
  readonly missing: { readonly [index: string]: string };
  readonly height: number;
  readonly title: string;
}
