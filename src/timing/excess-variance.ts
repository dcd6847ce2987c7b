import { DISPLAY } from "../host/index.ts";
import { formatMeasured } from "../plot/index.ts";
import type { LightCurve } from "./light-curve.ts";

/** Variability beyond Poisson noise. */
export class ExcessVariance {
  /** Variance of the rates less that of the noise, in units of the mean rate squared; negative where noise dominates. */
  readonly normalised: number;
  readonly normalisedErr: number;
  /** √normalised: the fractional rms; NaN where the variance is negative. */
  readonly fvar: number;
  readonly fvarErr: number;
  /** Bins used. */
  readonly n: number;

  /** Use `excessVariance`. */
  constructor(normalised: number, normalisedErr: number, options: { noise: number; n: number }) {
    const { noise, n } = options;
    this.normalised = normalised;
    this.normalisedErr = normalisedErr;
    this.fvar = normalised >= 0 ? Math.sqrt(normalised) : Number.NaN;
    // Eq. B2, which stays finite where the excess vanishes
    this.fvarErr =
      normalised > 0 ? Math.hypot((Math.sqrt(1 / (2 * n)) * noise) / this.fvar, Math.sqrt(noise / n)) : Number.NaN;
    this.n = n;
  }

  [DISPLAY](): Record<string, string> {
    return {
      "text/plain": `ExcessVariance: σ²_NXS ${formatMeasured(this.normalised, this.normalisedErr)}, Fvar ${formatMeasured(this.fvar, this.fvarErr)}, ${this.n} bins`,
    };
  }
}

/**
 * Normalised excess variance and fractional variability of a light curve's rates.
 *
 * σ²_NXS = (S² − ⟨σ²⟩)/x̄², with errors √(2/N ⟨σ²⟩²/x̄⁴ + 4⟨σ²⟩σ²_NXS/(N x̄²)) that hold the measurement's noise, not the
 * scatter of red noise from one observation to the next. Squared errors are counts/exposure², so bins want a dozen counts.
 *
 * @throws {RangeError} If fewer than two bins have exposure, or there are no counts.
 * @see Vaughan et al. 2003, MNRAS 345, 1271, eqs. 8–11 and B2
 */
export function excessVariance(curve: LightCurve): ExcessVariance {
  const used = Array.from(curve.exposureSec.keys()).filter((bin) => (curve.exposureSec[bin] as number) > 0);
  const n = used.length;
  const mean = used.reduce((sum, bin) => sum + (curve.rate[bin] as number), 0) / n;
  if (!(n >= 2 && mean > 0)) {
    throw new RangeError(
      `Cannot find excess variance: counts in at least 2 exposed bins are needed: there are ${curve.totalCounts} in ${n}`,
    );
  }
  const variance = used.reduce((sum, bin) => sum + ((curve.rate[bin] as number) - mean) ** 2, 0) / (n - 1);
  const noise =
    used.reduce((sum, bin) => sum + (curve.counts[bin] as number) / (curve.exposureSec[bin] as number) ** 2, 0) /
    (n * mean ** 2);
  const normalised = variance / mean ** 2 - noise;
  const error = Math.sqrt((2 / n) * noise ** 2 + (4 * noise * Math.max(normalised, 0)) / n);
  return new ExcessVariance(normalised, error, { noise, n });
}
