import {
  type FitOptions,
  fitSpectrum,
  type ParameterSettings,
  parseModel,
  type SpectralFit,
  type Spectrum,
} from "../spectra/index.ts";

/** A minimum that is not the best one. */
export interface OtherMinimum {
  readonly statistic: number;
  /** Of all parameters, by name. */
  readonly values: { readonly [name: string]: number };
}

/** How much brighter than it looks a heavily piled source is tried to be. */
const BRIGHTER = 5;
/** Minima farther above the best one are of no interest: a chance of e^{-5} against it. */
const WORTH_TELLING = 10;

/** Progress and early stop of one search. */
type SearchContext = Parameters<typeof fitSpectrum>[2];

/**
 * Fits from several starts, since pile-up allows a source to be faint and little piled or bright and heavily piled: the
 * components' own values, those of a fit without pile-up, and those five times as bright. Values that the caller gives
 * choose the start, and no others are tried.
 */
export function searchMinima(
  spectrum: Spectrum,
  options: FitOptions & { readonly model: string | FitOptions["model"] },
  context: SearchContext,
): { best: SpectralFit; others: OtherMinimum[] } {
  const fits = [fitSpectrum(spectrum, options, context)];
  for (const start of otherStarts(spectrum, options, context)) {
    if (context?.stopped?.()) break;
    fits.push(fitSpectrum(spectrum, { ...options, parameters: start }, context));
  }
  fits.sort((a, b) => a.statistic - b.statistic);
  const [best, ...rest] = fits as [SpectralFit, ...SpectralFit[]];
  const others: SpectralFit[] = [];
  for (const fit of rest) {
    if (fit.statistic - best.statistic > WORTH_TELLING) continue;
    if ([best, ...others].every((known) => differs(known, fit))) others.push(fit);
  }
  return { best, others: others.map(({ statistic, parameters }) => ({ statistic, values: valuesOf(parameters) })) };
}

function otherStarts(spectrum: Spectrum, options: FitOptions, context: SearchContext): ParameterSettings[] {
  const settings = options.parameters ?? {};
  const model = typeof options.model === "string" ? parseModel(options.model) : options.model;
  const isGiven = (setting: ParameterSettings[string]) =>
    typeof setting === "number" || (setting.value !== undefined && !setting.frozen);
  if (Object.values(settings).some(isGiven)) return [];
  const own = Object.fromEntries(Object.entries(settings).filter(([name]) => names(model.parameters).has(name)));
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

/** Whether two fits are two minima: a free parameter is elsewhere by a tenth and by half its error bar. */
function differs(a: SpectralFit, b: SpectralFit): boolean {
  return a.parameters.some(({ value, frozen, error }, index) => {
    const distance = Math.abs(value - (b.parameters[index] as { value: number }).value);
    return !frozen && distance > 0.1 * Math.abs(value) && distance > 0.5 * (error ?? 0);
  });
}

function valuesOf(parameters: readonly { readonly name: string; readonly value: number }[]): {
  [name: string]: number;
} {
  return Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
}
