import { lnGamma } from "./special.ts";

/** Units of a periodogram's power, as astropy names them. */
export type Normalization = "standard" | "model" | "log" | "psd";

/** How the chance of a false peak is found: at one frequency, with independent trials, or by upper bounds. */
export type FalseAlarmMethod = "single" | "naive" | "davies" | "baluev";

/** What a periodogram was made of. */
interface Searched {
  readonly method: FalseAlarmMethod;
  readonly normalization: Normalization;
  /** Values. */
  readonly n: number;
  readonly maxHz: number;
  readonly spanSec: number;
  /** Weighted variance of the times, s². */
  readonly timeVariance: number;
}

/**
 * Chance that white noise reaches a power.
 *
 * @see Baluev 2008, MNRAS 385, 1279, table 1 and eqs. 5–6
 */
export function falseAlarm(power: number, searched: Searched): number {
  const { method, maxHz, spanSec } = searched;
  const single = singleFalseAlarm(power, searched);
  switch (method) {
    case "single":
      return single;
    case "naive":
      return -Math.expm1(maxHz * spanSec * Math.log1p(-single));
    case "davies":
      return single + upcrossings(power, searched);
    case "baluev":
      return 1 - (1 - single) * Math.exp(-upcrossings(power, searched));
  }
}

/** At one frequency. */
function singleFalseAlarm(power: number, { normalization, n }: Searched): number {
  const free = n - 3;
  switch (normalization) {
    case "standard":
      return (1 - power) ** (0.5 * free);
    case "model":
      return (1 + power) ** (-0.5 * free);
    case "log":
      return Math.exp(-0.5 * free * power);
    case "psd":
      return Math.exp(-power);
  }
}

/** Mean number of times that the periodogram crosses a power upwards. */
function upcrossings(power: number, { normalization, n, maxHz, timeVariance }: Searched): number {
  const width = maxHz * Math.sqrt(4 * Math.PI * timeVariance);
  const [nH, nK] = [n - 1, n - 3];
  switch (normalization) {
    case "standard":
      return gammaRatio(nH) * width * (1 - power) ** (0.5 * (nK - 1)) * Math.sqrt(0.5 * nH * power);
    case "model":
      return gammaRatio(nK) * width * (1 + power) ** (-0.5 * nK) * Math.sqrt(0.5 * nK * power);
    case "log":
      return gammaRatio(nK) * width * Math.exp(-0.5 * power * (nK - 0.5)) * Math.sqrt(nK * Math.sinh(0.5 * power));
    case "psd":
      return width * Math.exp(-power) * Math.sqrt(power);
  }
}

function gammaRatio(n: number): number {
  return Math.sqrt(2 / n) * Math.exp(lnGamma(n / 2) - lnGamma((n - 1) / 2));
}
