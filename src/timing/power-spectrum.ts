import { DISPLAY } from "../host/index.ts";
import { escapeMarkup, xyPlotSvg } from "../plot/index.ts";
import type { LightCurve } from "./light-curve.ts";
import {
  type PowerNorm,
  powerLabel,
  powerScale,
  type SpectrumOptions,
  segmentFrequencies,
  segmentsOf,
  transformSegments,
} from "./spectral-segments.ts";

/** A power spectrum, averaged over segments and maybe over neighbouring frequencies. */
export class PowerSpectrum {
  readonly frequencyHz: Float64Array;
  readonly power: Float64Array;
  /** power/√(values averaged): right from about 30 values on. */
  readonly powerErr: Float64Array;
  /** Values averaged for each frequency. */
  readonly averaged: Float64Array;
  readonly norm: PowerNorm;
  readonly nSegments: number;
  /** Power of Poisson noise in this normalisation, dead time not considered. */
  readonly noise: number;
  readonly name: string;

  /** Use `powerSpectrum`. */
  constructor(fields: {
    frequencyHz: Float64Array;
    power: Float64Array;
    averaged: Float64Array;
    norm: PowerNorm;
    nSegments: number;
    noise: number;
    name: string;
  }) {
    this.frequencyHz = fields.frequencyHz;
    this.power = fields.power;
    this.averaged = fields.averaged;
    this.powerErr = fields.power.map((power, k) => power / Math.sqrt(fields.averaged[k] as number));
    this.norm = fields.norm;
    this.nSegments = fields.nSegments;
    this.noise = fields.noise;
    this.name = fields.name;
  }

  /**
   * Averages neighbouring frequencies in bins that grow by a factor.
   *
   * @param growth Width of the bins in units of their frequency, > 0. Default 0.1.
   */
  rebin(growth = 0.1): PowerSpectrum {
    if (!(growth > 0)) {
      throw new RangeError(`Cannot rebin a power spectrum: growth must be above 0: current value is ${growth}`);
    }
    const rows: { f: number; p: number; n: number }[] = [];
    for (let from = 0; from < this.frequencyHz.length; ) {
      const limit = (this.frequencyHz[from] as number) * (1 + growth);
      let to = from + 1;
      while (to < this.frequencyHz.length && (this.frequencyHz[to] as number) < limit) to++;
      const mean = (values: Float64Array) => values.subarray(from, to).reduce((a, b) => a + b, 0) / (to - from);
      rows.push({ f: mean(this.frequencyHz), p: mean(this.power), n: (to - from) * mean(this.averaged) });
      from = to;
    }
    return new PowerSpectrum({
      ...this,
      frequencyHz: Float64Array.from(rows, ({ f }) => f),
      power: Float64Array.from(rows, ({ p }) => p),
      averaged: Float64Array.from(rows, ({ n }) => n),
    });
  }

  [DISPLAY](): Record<string, string> {
    const { frequencyHz, power, powerErr, norm, noise, name } = this;
    const text = `${this.nSegments} ${this.nSegments === 1 ? "segment" : "segments"}, ${frequencyHz.length} frequencies, Poisson noise ${noise.toPrecision(4)}`;
    const svg = xyPlotSvg({
      title: `${name ? `${name}, ` : ""}power spectrum`,
      x: { label: "Frequency", unit: "Hz", scale: "log" },
      y: { ...powerLabel(norm), scale: "log" },
      marks: [
        {
          kind: "points",
          x: frequencyHz,
          y: power,
          yLow: power.map((value, k) => Math.max(value - (powerErr[k] as number), value * 1e-2)),
          yHigh: power.map((value, k) => value + (powerErr[k] as number)),
        },
        { kind: "rule", y: noise, dash: "4 3", label: "Poisson noise" },
      ],
    });
    return {
      "text/html": `<div>${svg}<div style="font-size:85%;opacity:.75">${escapeMarkup(text)}</div></div>`,
      "text/plain": `PowerSpectrum ${name} (${norm}): ${text}`,
    };
  }
}

/**
 * Power spectrum of a light curve's counts, averaged over segments that lie within the good time.
 *
 * Bins that are only partly exposed are left out, not corrected. All segments share one mean, as Stingray's
 * `use_common_mean`. Frequencies 1/segment up to below Nyquist's.
 *
 * @throws {RangeError} If bins are uneven or no segment fits.
 * @see Leahy et al. 1983, ApJ 266, 160; Belloni & Hasinger 1990, A&A 230, 103
 * @example
 * powerSpectrum(events.lightCurve({ binSec: 1 }), { segmentSec: 512, norm: "leahy" }).rebin();
 */
export function powerSpectrum(curve: LightCurve, options: SpectrumOptions = {}): PowerSpectrum {
  const { norm = "frac" } = options;
  const segments = segmentsOf(curve, options.segmentSec);
  const transforms = transformSegments(curve.counts, segments);
  const meanCounts = transforms.reduce((sum, { total }) => sum + total, 0) / (transforms.length * segments.size);
  const scale = powerScale(norm, segments, meanCounts) / transforms.length;
  const frequencyHz = segmentFrequencies(segments);
  const power = frequencyHz.map(
    (_, k) => scale * transforms.reduce((sum, { re, im }) => sum + (re[k] as number) ** 2 + (im[k] as number) ** 2, 0),
  );
  return new PowerSpectrum({
    frequencyHz,
    power,
    averaged: new Float64Array(power.length).fill(transforms.length),
    norm,
    nSegments: transforms.length,
    noise: powerScale(norm, segments, meanCounts) * segments.size * meanCounts,
    name: curve.name,
  });
}
