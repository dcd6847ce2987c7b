import {
  davis,
  emulate,
  estimatePileup,
  fractionOf,
  PileupFit,
  type PileupFitOptions,
  pileUp,
  pileUpSpectrum,
  pileupFraction,
  pileupOptions,
} from "../pileup/index.ts";
import { FitProblem, SpectralFit, type Spectrum } from "../spectra/index.ts";
import { workerModule } from "./job.ts";
import type { PileupAnswer, PileupTask } from "./pileup-worker.ts";
import { runShownJob, type ShownJobOptions, splitJobOptions } from "./shown-job.ts";

const WORKER = workerModule(import.meta.url, "./pileup-worker");

/**
 * Fits a model to a piled spectrum through Davis's model of pile-up and samples its posterior, with flat priors between
 * the parameters' limits, in a worker thread.
 *
 * @param options What its keys say, with `onProgress`, `signal` and `display`; stopping gives what there is by then.
 * @throws {RangeError} If the range is empty or a parameter does not fit.
 * @throws {TypeError} If the spectrum has no RMF.
 * @example
 * const fit = await pileup.fit(spectrum, { model: "wabs*powerlaw", range: [1, 7], statistic: "chi2gehrels" });
 * fit.interval("gamma");
 */
async function fit(spectrum: Spectrum, options: PileupFitOptions & ShownJobOptions): Promise<PileupFit> {
  const { settings, watching } = splitJobOptions(options);
  const problem = new FitProblem(spectrum, pileupOptions(spectrum, settings)); // throws before a thread is started
  const { background, ...data } = spectrum.toData();
  const { background: _, ...backgroundData } = background?.toData() ?? { background: undefined };
  const task: PileupTask = {
    spectrum: data as PileupTask["spectrum"],
    background: background && (backgroundData as PileupTask["background"]),
    options: settings,
  };
  const answer = await runShownJob<PileupTask, PileupAnswer>(
    { title: "Pile-up fit", worker: WORKER, input: task },
    watching,
  );
  const point = problem.free.map((index) => answer.values[problem.parameters[index].name]);
  const { evaluations, converged, covariance, others, posterior } = answer;
  const statistic = problem.statistic(point);
  const best = new SpectralFit(
    problem,
    { point, statistic, evaluations, converged },
    covariance?.map((row) => [...row]),
  );
  return new PileupFit(best, posterior, fractionOf(best), others);
}

/**
 * Everything about pile-up under one name: `pileup.emulate(spectrum, …)`, `await pileup.fit(spectrum, …)`,
 * `pileup.estimate(events)`, and the parts they are made of.
 */
export const pileup = {
  /** Emulates what a piled CCD records. */
  emulate,
  fit,
  /** Estimates how piled an event list is. */
  estimate: estimatePileup,
  /** Davis's model on an array of incident photons per frame. */
  forward: pileUp,
  /** Davis's model on a photon spectrum through a response. */
  forwardSpectrum: pileUpSpectrum,
  /** Share of piled events at a rate. */
  fraction: pileupFraction,
  /** Davis's model as a detector for `fitSpectrum`. */
  davis,
} as const;
