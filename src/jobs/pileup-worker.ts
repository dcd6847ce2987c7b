import { fitPileup, type OtherMinimum, type PileupFitOptions, type PosteriorSamples } from "../pileup/index.ts";
import { Spectrum, type SpectrumData } from "../spectra/index.ts";
import { serveJob } from "./job.ts";

/** A fit as it travels: spectra are classes, so their data go and come back as parameters. */
export interface PileupTask {
  readonly spectrum: SpectrumData;
  readonly background: SpectrumData | undefined;
  readonly options: PileupFitOptions;
}

/** What comes back: enough to rebuild the best fit without searching again. */
export interface PileupAnswer {
  readonly values: { readonly [name: string]: number };
  readonly covariance: readonly (readonly number[])[] | undefined;
  readonly evaluations: number;
  readonly converged: boolean;
  readonly others: readonly OtherMinimum[];
  readonly posterior: PosteriorSamples | undefined;
}

serveJob<PileupTask, PileupAnswer>((task, context) => {
  const background = task.background && new Spectrum(task.background);
  const { best, others, posterior } = fitPileup(new Spectrum({ ...task.spectrum, background }), task.options, context);
  const { covariance, evaluations, converged } = best;
  const values = Object.fromEntries(best.parameters.map(({ name, value }) => [name, value]));
  return { values, covariance, evaluations, converged, others, posterior };
});
