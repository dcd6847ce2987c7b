import {
  type FitOptions,
  FitProblem,
  fitSpectrum,
  type ParameterSettings,
  type SpectralFit,
  type Spectrum,
} from "../spectra/index.ts";
import { pileUpSpectrum } from "./detector.ts";

/** A minimum that was not chosen. */
export interface OtherMinimum {
  readonly statistic: number;
  /** Share of the core's events with more than one photon. */
  readonly pileupFraction: number;
  /** Of all parameters, by name. */
  readonly values: { readonly [name: string]: number };
}

/** How much brighter than it looks a heavily piled source is tried to be. */
const BRIGHTER = 5;
/** With more than this share of events piled a source is rare, and its image has a hole. */
export const HEAVY = 0.5;
/** By how much a heavily piled minimum must be better to be chosen, and what is told of others: 5 σ of one parameter. */
const CLEARLY = 25;

/** Progress and early stop of one search. */
type SearchContext = Parameters<typeof fitSpectrum>[2];

/**
 * Fits from several starts, since pile-up allows a source to be faint and little piled or bright and heavily piled: the
 * components' own values, those of a fit without pile-up, and those five times as bright. Values that the caller gives
 * to free parameters choose the start, and no others are tried.
 *
 * Of the minima the lowest is chosen, but one with most events piled only where it is better by 25 than one without.
 */
export function searchMinima(
  spectrum: Spectrum,
  options: FitOptions,
  context: SearchContext,
): { best: SpectralFit; others: OtherMinimum[] } {
  const fits = [fitSpectrum(spectrum, options, context)];
  for (const start of otherStarts(spectrum, options, context)) {
    if (context?.stopped?.()) break;
    fits.push(fitSpectrum(spectrum, { ...options, parameters: start }, context));
  }
  fits.sort((a, b) => a.statistic - b.statistic);
  const [lowest] = fits as [SpectralFit];
  const isPlausible = (fit: SpectralFit) => fractionOf(fit) <= HEAVY && fit.statistic - lowest.statistic <= CLEARLY;
  const best = fits.find(isPlausible) ?? lowest;
  const others: SpectralFit[] = [];
  for (const fit of fits) {
    if (Math.abs(fit.statistic - best.statistic) > CLEARLY) continue;
    if ([best, ...others].every((known) => differs(known, fit))) others.push(fit);
  }
  return {
    best,
    others: others.map((fit) => ({
      statistic: fit.statistic,
      pileupFraction: fractionOf(fit),
      values: valuesOf(fit.parameters),
    })),
  };
}

function otherStarts(spectrum: Spectrum, options: FitOptions, context: SearchContext): ParameterSettings[] {
  const settings = options.parameters ?? {};
  const { parameters, model } = new FitProblem(spectrum, options);
  const varied = names(parameters.filter(({ frozen }) => !frozen));
  const isGiven = ([name, setting]: [string, ParameterSettings[string]]) =>
    varied.has(name) && (typeof setting === "number" || setting.value !== undefined);
  if (Object.entries(settings).some(isGiven)) return [];
  const modelled = names(model.parameters);
  const own = Object.fromEntries(Object.entries(settings).filter(([name]) => modelled.has(name)));
  const { detector: _, ...linear } = options;
  const alone = fitSpectrum(spectrum, { ...linear, parameters: own, errors: false }, context);
  const free = alone.parameters.filter(({ frozen }) => !frozen);
  return [1, BRIGHTER].map((factor) => ({
    ...settings,
    ...Object.fromEntries(
      free.map(({ name, value, min, max }) => {
        const start = name.endsWith(".norm") ? Math.min(max, factor * value) : value;
        return [name, { min, max, value: start }];
      }),
    ),
  }));
}

/** Full and short names of parameters, as settings may use them. */
function names(parameters: readonly { readonly name: string }[]): Set<string> {
  return new Set(parameters.flatMap(({ name }) => [name, name.slice(name.indexOf(".") + 1)]));
}

/** Whether two fits are two minima: a free parameter is elsewhere by a tenth and by half the smaller error bar. */
function differs(a: SpectralFit, b: SpectralFit): boolean {
  return a.parameters.some(({ value, frozen, error }, index) => {
    const other = b.parameters[index] as SpectralFit["parameters"][number];
    const distance = Math.abs(value - other.value);
    const bar = Math.min(error ?? other.error ?? 0, other.error ?? error ?? 0);
    return !frozen && distance > 0.1 * Math.max(Math.abs(value), Math.abs(other.value)) && distance > 0.5 * bar;
  });
}

/** Share of the core's events with more than one photon at a fit's parameters. */
export function fractionOf({ spectrum, model, parameters }: SpectralFit): number {
  const settings = Object.fromEntries(
    parameters
      .filter(({ name }) => name.startsWith("pileup."))
      .map(({ name, value }) => [name.slice("pileup.".length), value]),
  );
  return pileUpSpectrum(spectrum, (grid) => model.photons(grid), settings).pileupFraction;
}

function valuesOf(parameters: readonly { readonly name: string; readonly value: number }[]): {
  [name: string]: number;
} {
  return Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
}
