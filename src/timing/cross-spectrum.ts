import { countOf } from "../array/index.ts";
import { DISPLAY } from "../host/index.ts";
import { escapeMarkup, xyPlotSvg } from "../plot/index.ts";
import type { LightCurve } from "./light-curve.ts";
import {
  type PowerNorm,
  powerScale,
  type SpectrumOptions,
  segmentFrequencies,
  segmentsOf,
  transformSegments,
} from "./spectral-segments.ts";

/** A cross spectrum of two light curves, averaged over segments. */
export class CrossSpectrum {
  readonly frequencyHz: Float64Array;
  /** Real and imaginary part of F₁*F₂, as Stingray has it. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** |⟨F₁*F₂⟩|²/(⟨|F₁|²⟩⟨|F₂|²⟩), 0–1, noise not subtracted; 1/nSegments for unrelated curves. */
  readonly coherence: Float64Array;
  readonly norm: PowerNorm;
  readonly nSegments: number;
  readonly name: string;

  /** Use `crossSpectrum`. */
  constructor(fields: {
    frequencyHz: Float64Array;
    re: Float64Array;
    im: Float64Array;
    coherence: Float64Array;
    norm: PowerNorm;
    nSegments: number;
    name: string;
  }) {
    this.frequencyHz = fields.frequencyHz;
    this.re = fields.re;
    this.im = fields.im;
    this.coherence = fields.coherence;
    this.norm = fields.norm;
    this.nSegments = fields.nSegments;
    this.name = fields.name;
  }

  /** Phase by which the first curve comes after the second, rad, −π to π. */
  get phaseLag(): Float64Array {
    return this.im.map((im, k) => Math.atan2(im, this.re[k] as number));
  }

  /** 1σ error of the phase lag, rad: √((1−γ²)/(2γ²m)) (Bendat & Piersol 2010, eq. 9.52), γ² the coherence. */
  get phaseLagErr(): Float64Array {
    return this.coherence.map((coherence) => Math.sqrt((1 - coherence) / (2 * coherence * this.nSegments)));
  }

  /** Phase lag over 2πf, s. Ambiguous by 1/f. */
  get timeLagSec(): Float64Array {
    return this.phaseLag.map((lag, k) => lag / (2 * Math.PI * (this.frequencyHz[k] as number)));
  }

  get timeLagErrSec(): Float64Array {
    return this.phaseLagErr.map((error, k) => error / (2 * Math.PI * (this.frequencyHz[k] as number)));
  }

  [DISPLAY](): Record<string, string> {
    const { frequencyHz, timeLagSec: lag, timeLagErrSec: error } = this;
    const text = `${countOf(this.nSegments, "segment")}, ${frequencyHz.length} frequencies, mean coherence ${(this.coherence.reduce((a, b) => a + b, 0) / this.coherence.length).toFixed(3)}`;
    const svg = xyPlotSvg({
      title: `${this.name ? `${this.name}: ` : ""}time lags`,
      x: { label: "Frequency", unit: "Hz", scale: "log" },
      y: { label: "Lag", unit: "s" },
      marks: [
        {
          kind: "points",
          x: frequencyHz,
          y: lag,
          yLow: lag.map((value, k) => value - (error[k] as number)),
          yHigh: lag.map((value, k) => value + (error[k] as number)),
        },
      ],
    });
    return {
      "text/html": `<div>${svg}<div style="font-size:85%;opacity:.75">${escapeMarkup(text)}</div></div>`,
      "text/plain": `CrossSpectrum ${this.name} (${this.norm}): ${text}`,
    };
  }
}

/**
 * Cross spectrum of two light curves on the same bins, such as two bands of one event list: lags and coherence.
 *
 * @throws {RangeError} If the bins differ, or no segment fits.
 * @see Vaughan & Nowak 1997, ApJ 474, L43; Nowak et al. 1999, ApJ 510, 874
 * @example
 * crossSpectrum(obs.lightCurve({ binSec: 1, band: "hard" }), obs.lightCurve({ binSec: 1, band: "soft" }), { segmentSec: 256 });
 */
export function crossSpectrum(first: LightCurve, second: LightCurve, options: SpectrumOptions = {}): CrossSpectrum {
  checkSameBins(first, second);
  const { norm = "frac" } = options;
  const segments = segmentsOf(first, options.segmentSec);
  const one = transformSegments(first.counts, segments);
  const two = transformSegments(second.counts, segments);
  const mean = (parts: { total: number }[]) =>
    parts.reduce((sum, { total }) => sum + total, 0) / (parts.length * segments.size);
  const scale = powerScale(norm, segments, Math.sqrt(mean(one) * mean(two))) / one.length;
  const frequencyHz = segmentFrequencies(segments);
  const average = (term: (a: (typeof one)[0], b: (typeof two)[0], k: number) => number) =>
    frequencyHz.map((_, k) => one.reduce((sum, a, i) => sum + term(a, two[i] as (typeof two)[0], k), 0));
  const re = average(
    (a, b, k) => (a.re[k] as number) * (b.re[k] as number) + (a.im[k] as number) * (b.im[k] as number),
  );
  const im = average(
    (a, b, k) => (a.re[k] as number) * (b.im[k] as number) - (a.im[k] as number) * (b.re[k] as number),
  );
  const power1 = average((a, _, k) => (a.re[k] as number) ** 2 + (a.im[k] as number) ** 2);
  const power2 = average((_, b, k) => (b.re[k] as number) ** 2 + (b.im[k] as number) ** 2);
  return new CrossSpectrum({
    frequencyHz,
    re: re.map((value) => value * scale),
    im: im.map((value) => value * scale),
    coherence: re.map(
      (value, k) => (value ** 2 + (im[k] as number) ** 2) / ((power1[k] as number) * (power2[k] as number)),
    ),
    norm,
    nSegments: one.length,
    name: [first.name, second.name].filter(Boolean).join(" × "),
  });
}

function checkSameBins(first: LightCurve, second: LightCurve): void {
  const same =
    first.length === second.length && first.binSec === second.binSec && first.startSec[0] === second.startSec[0];
  if (same) return;
  throw new RangeError(
    `Cannot make a cross spectrum: both light curves must have the same bins: they have ${first.length} of ${first.binSec} s and ${second.length} of ${second.binSec} s`,
  );
}
