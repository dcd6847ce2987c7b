import { DISPLAY } from "../host/index.ts";
import { formatMeasured, formatNumber } from "../plot/index.ts";
import type { LightCurve } from "./light-curve.ts";
import { chiSquareTail, erfcTail } from "./special.ts";

/** Tests of a binned light curve against one rate. */
export class Constancy {
  /** Counts per second of all exposure together: the rate tested. */
  readonly rate: number;
  /** Σ (n − μ)²/μ; its chance is right from about 5 counts a bin on. */
  readonly chi2: number;
  /** Bins with exposure, less one. */
  readonly dof: number;
  readonly chi2PValue: number;
  /** 2 Σ (μ − n + n ln n/μ): right for few counts too. */
  readonly cash: number;
  /** Mean and variance of `cash` for a constant source. */
  readonly cashExpected: number;
  readonly cashVariance: number;
  /** Chance of so large a `cash`, from a normal distribution of that mean and variance. */
  readonly cashPValue: number;

  /** Use `constancy`. */
  constructor(fields: Omit<Constancy, typeof DISPLAY>) {
    this.rate = fields.rate;
    this.chi2 = fields.chi2;
    this.dof = fields.dof;
    this.chi2PValue = fields.chi2PValue;
    this.cash = fields.cash;
    this.cashExpected = fields.cashExpected;
    this.cashVariance = fields.cashVariance;
    this.cashPValue = fields.cashPValue;
  }

  [DISPLAY](): Record<string, string> {
    return {
      "text/plain": `Constancy: χ² ${this.chi2.toFixed(1)} for ${this.dof} degrees of freedom (chance ${formatNumber(this.chi2PValue, 2)}), C ${this.cash.toFixed(1)}, expected ${formatMeasured(this.cashExpected, Math.sqrt(this.cashVariance))} (chance ${formatNumber(this.cashPValue, 2)})`,
    };
  }
}

/**
 * Tests whether a light curve agrees with one rate, by χ² and by Cash's statistic, with the exposure of each bin.
 *
 * @throws {RangeError} If fewer than two bins have exposure, or there are no counts.
 * @see Cash 1979, ApJ 228, 939; Kaastra 2017, A&A 605, A51 for mean and variance of C
 */
export function constancy(curve: LightCurve): Constancy {
  const used = Array.from(curve.exposureSec.keys()).filter((bin) => (curve.exposureSec[bin] as number) > 0);
  const exposure = used.reduce((sum, bin) => sum + (curve.exposureSec[bin] as number), 0);
  const counts = used.reduce((sum, bin) => sum + (curve.counts[bin] as number), 0);
  if (used.length < 2 || counts === 0) {
    throw new RangeError(
      `Cannot test for constancy: counts in at least 2 exposed bins are needed: there are ${counts} in ${used.length}`,
    );
  }
  const rate = counts / exposure;
  let [chi2, cash, cashExpected, cashVariance] = [0, 0, 0, 0];
  for (const bin of used) {
    const n = curve.counts[bin] as number;
    const mu = rate * (curve.exposureSec[bin] as number);
    chi2 += (n - mu) ** 2 / mu;
    cash += cashOf(n, mu);
    const { mean, variance } = cashMoments(mu);
    cashExpected += mean;
    cashVariance += variance;
  }
  const dof = used.length - 1;
  return new Constancy({
    rate,
    chi2,
    dof,
    chi2PValue: chiSquareTail(chi2, dof),
    cash,
    cashExpected,
    cashVariance,
    cashPValue: erfcTail((cash - cashExpected) / Math.sqrt(cashVariance)),
  });
}

function cashOf(n: number, mu: number): number {
  return 2 * (mu - n + (n > 0 ? n * Math.log(n / mu) : 0));
}

/** Mean and variance of Cash's statistic of one bin of mean μ, by summing over the Poisson distribution. */
function cashMoments(mu: number): { mean: number; variance: number } {
  const reach = 12 * Math.sqrt(mu) + 30;
  const from = Math.max(0, Math.floor(mu - reach));
  let [mean, square, total] = [0, 0, 0];
  // From the mode outwards in both directions, in units of its probability
  const mode = Math.floor(mu);
  const add = (n: number, weight: number) => {
    const c = cashOf(n, mu);
    mean += weight * c;
    square += weight * c * c;
    total += weight;
  };
  for (let n = mode, weight = 1; n <= mu + reach; n++) {
    add(n, weight);
    weight *= mu / (n + 1);
  }
  for (let n = mode - 1, weight = mode / mu; n >= from; n--) {
    add(n, weight);
    weight *= n / mu;
  }
  mean /= total;
  return { mean, variance: square / total - mean * mean };
}
