import { formatNumber } from "../plot/index.ts";
import type { PileupFit } from "./fit-result.ts";
import { HEAVY } from "./search.ts";

/** Less pile-up than this leaves its parameters free. */
const LITTLE = 0.01;
/** Parameters that correlate more than this are measured together only. */
const TOGETHER = 0.95;
/** Of the range allowed; a parameter that the data say nothing of covers 0.68. */
const ANYWHERE = 0.5;
/** Of its value; beyond it a norm is not known to a factor of two. */
const UNKNOWN_NORM = 0.5;

/**
 * What a pile-up fit cannot tell, in words: too little pile-up, parameters that the data leave free, that are measured
 * only together, or that stand at a limit, and other minima about as good.
 */
export function pileupWarnings(fit: PileupFit): string[] {
  const isLittle = fit.pileupFraction < LITTLE && fit.names.some((name) => name.startsWith("pileup."));
  if (isLittle) return littlePileup(fit);
  return [...heavyPileup(fit), ...otherMinima(fit), ...atLimits(fit), ...unconstrained(fit), ...together(fit)];
}

function littlePileup({ pileupFraction }: PileupFit): string[] {
  return [
    `only ${formatNumber(100 * pileupFraction)} % of the core's events are piled: the data do not say what pile-up's parameters are; fitSpectrum fits without them`,
  ];
}

function heavyPileup({ pileupFraction }: PileupFit): string[] {
  if (pileupFraction <= HEAVY) return [];
  return [
    `${formatNumber(100 * pileupFraction)} % of the core's events are piled: the image of such a source has a hole; without one the model may lack a component`,
  ];
}

function otherMinima({ alternatives, best, names }: PileupFit): string[] {
  return alternatives.map(({ statistic, pileupFraction, values }) => {
    const differing = names.filter((name) => name.endsWith(".norm") || name === "pileup.gradeMigration");
    const list = differing.map((name) => `${name} ${formatNumber(values[name] as number)}`).join(", ");
    const away = statistic - best.statistic;
    const place = `${formatNumber(Math.abs(away))} ${away < 0 ? "below" : "above"}`;
    return `another minimum is ${place} in ${best.statisticName}: ${list}, ${formatNumber(100 * pileupFraction)} % piled; values given as parameters start there, and the posterior does not cover it`;
  });
}

function atLimits({ best }: PileupFit): string[] {
  const stuck = best.parameters.filter(
    ({ frozen, name, value, min, max }) =>
      !frozen && name.startsWith("pileup.") && Math.min(value - min, max - value) < 1e-3 * (max - min),
  );
  return stuck.map(({ name, value }) => `${name} is at its limit ${formatNumber(value)}`);
}

function unconstrained(fit: PileupFit): string[] {
  if (!fit.posterior) return [];
  return fit.names.flatMap((name) => {
    const { lower, median, upper } = fit.interval(name);
    const { min, max } = fit.best.parameters.find((parameter) => parameter.name === name) as {
      min: number;
      max: number;
    };
    const isFree = name.startsWith("pileup.") && upper - lower > ANYWHERE * (max - min);
    const isUnknown = name.endsWith(".norm") && (upper - lower) / 2 > UNKNOWN_NORM * Math.abs(median);
    return isFree || isUnknown ? [`${name} is not constrained: ${formatNumber(lower)} to ${formatNumber(upper)}`] : [];
  });
}

function together({ names, posterior }: PileupFit): string[] {
  if (!posterior) return [];
  const [rows, columns] = posterior.samples.shape;
  const centred = names.map((_, column) => {
    const values = Float64Array.from(
      { length: rows },
      (_, row) => posterior.samples.data[row * columns + column] as number,
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / rows;
    return values.map((value) => value - mean);
  });
  const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  return names.flatMap((name, i) =>
    names.slice(0, i).flatMap((other, j) => {
      const [a, b] = [centred[i] as Float64Array, centred[j] as Float64Array];
      const correlation = product(a, b) / Math.sqrt(product(a, a) * product(b, b));
      return Math.abs(correlation) > TOGETHER
        ? [`${other} and ${name} are measured only together (correlation ${correlation.toFixed(2)})`]
        : [];
    }),
  );
}
