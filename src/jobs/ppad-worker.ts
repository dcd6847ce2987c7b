import type { Matrix } from "../array/index.ts";
import {
  createRunState,
  drawRate,
  type EmbeddingModel,
  type Engine,
  embedPpad,
  fitPpad,
  type ListedPopulation,
  listPopulation,
  type PackedPopulation,
  type PartialEmbedding,
  type PpadCheckpoint,
  type PpadConfig,
  type PpadModel,
  type PpadParts,
  RecordWindow,
  type RunState,
  startLatents,
  type TrainedParts,
  wholeWindow,
} from "../ppad/index.ts";
import { PhotonReader, type StoreIndex } from "../store/index.ts";
import { type JobContext, type JobProgress, serveJob } from "./job.ts";
import { openCheckpoint, saveCheckpoint } from "./ppad-checkpoint.ts";
import { embeddingDigest, openEmbedding, saveEmbedding } from "./ppad-embedding-file.ts";
import { startTeam } from "./ppad-team.ts";
import { libraryOf } from "./product-library.ts";

/** What fits and embeddings have in common. */
interface PpadWork {
  /** The photons: in memory, or in a store. */
  readonly photons: { readonly packed: PackedPopulation; readonly rateScale: number } | StoreIndex;
  readonly config: PpadConfig;
  readonly seed: number;
  /** Bytes of the compiled kernels. */
  readonly module: Uint8Array;
  readonly threads: number;
  readonly engine: Engine | undefined;
  readonly shards: number;
  /** File that keeps the work, and seconds between its versions. */
  readonly checkpoint?: { readonly path: string; readonly everySec: number };
}

/** What `ppad.fit` sends. */
export interface PpadFitJob extends PpadWork {
  readonly names: readonly string[];
  /** Model to train on. */
  readonly resume?: PpadParts;
  /** Source whose rate is drawn as it improves, or the one of most photons. Default: nothing is drawn. */
  readonly watch?: number | "brightest";
}

/** What `ppad.embed` sends. */
export interface PpadEmbedJob extends PpadWork {
  readonly model: EmbeddingModel & { readonly rateScale: number };
}

/** Milliseconds between reports of progress, and between those that bring values. */
const REPORT_MS = 250;

/** Share of a job's time that pictures may take. */
const PICTURE_SHARE = 0.05;

/**
 * Passes on a few reports a second.
 *
 * @param draw Makes a picture for those that bring values, as often as its cost allows, and for the last one.
 */
function throttled(context: JobContext, draw?: () => string): JobContext {
  const last = { plain: -Infinity, values: -Infinity };
  let nextPicture = -Infinity;
  const picture = (finished: boolean) => {
    const began = performance.now();
    if (!draw || (began < nextPicture && !finished)) return {};
    const drawn = { picture: draw() };
    nextPicture = performance.now() + (performance.now() - began) / PICTURE_SHARE;
    return drawn;
  };
  return {
    stopped: () => context.stopped(),
    report(progress: JobProgress) {
      const kind = progress.values ? "values" : "plain";
      const now = performance.now();
      if (progress.done < progress.total && now - last[kind] < REPORT_MS) return;
      last[kind] = now;
      context.report(progress.values ? { ...progress, ...picture(progress.done >= progress.total) } : progress);
    },
  };
}

/** The run's photons as its threads and the leading thread see them. */
function openPopulation(
  work: PpadWork,
  options: { action: string; rateScale: number | undefined; context: JobContext },
) {
  const { photons, config } = work;
  if ("packed" in photons) {
    const { packed, rateScale } = photons;
    return { population: packed, rateScale, window: wholeWindow(packed), store: undefined, records: undefined };
  }
  const records = new PhotonReader(photons);
  const population = listPopulation(records, { config, ...options });
  const { rateScale } = population;
  const window = new RecordWindow(records, 1, { config, rateScale, action: options.action });
  return { population, rateScale, window, store: photons, records };
}

async function fit(job: PpadFitJob, context: JobContext): Promise<PpadParts> {
  const { config, seed, names, checkpoint } = job;
  const action = "fit PPAD";
  const photons = openPopulation(job, { action, rateScale: job.resume?.rateScale, context: throttled(context) });
  const state = stateOf(job, photons.population);
  const total = state.eventCount.reduce((sum, count) => sum + count, 0);
  const saved = checkpoint && openCheckpoint(checkpoint.path, { config, seed, names, photons: total });
  const resume: PpadParts | PpadModel | undefined = saved ?? job.resume;
  const start = resume ? undefined : startLatents(photons.window, names.length, { config, seed });
  const given = {
    config,
    names,
    rateScale: resume?.rateScale ?? photons.rateScale,
    profileStart: resume ? resume.profileStart : start?.profileStart,
  };
  const team = await startTeam(state, { threads: job.threads, ...photons });
  try {
    const source = job.watch === "brightest" ? brightest(state.eventCount) : job.watch;
    const draw =
      source === undefined ? undefined : () => drawRate(state, photons.window, { source, name: names[source]! });
    const parts = fitPpad(state, team, {
      context: throttled(context, draw),
      ...(start && { start: start.latents }),
      ...(resume && { resume }),
      ...keeping<TrainedParts>(job, (path, parts) => saveCheckpoint(path, { ...given, ...parts })),
    });
    return { ...given, ...parts };
  } finally {
    await team.close();
  }
}

async function embed(job: PpadEmbedJob, context: JobContext): Promise<Matrix<Float32Array>> {
  const { model, seed, checkpoint } = job;
  const photons = openPopulation(job, { action: "embed with PPAD", rateScale: model.rateScale, context });
  const state = stateOf(job, photons.population);
  const digest = embeddingDigest([model.parameters, model.latents.data, state.eventCount], [job.config, seed]);
  const resume = checkpoint && openEmbedding(checkpoint.path, digest);
  const team = await startTeam(state, { threads: job.threads, ...photons });
  try {
    return embedPpad(state, team, {
      model,
      window: photons.window,
      context,
      resume,
      ...keeping<PartialEmbedding>(job, (path, found) => saveEmbedding(path, digest, found)),
    });
  } finally {
    await team.close();
  }
}

function brightest(eventCount: Int32Array): number {
  return eventCount.reduce((best, count, source) => (count > eventCount[best]! ? source : best), 0);
}

/** The checkpoint of a job that wants one. */
function keeping<Kept>(
  { checkpoint }: PpadWork,
  save: (path: string, kept: Kept) => void,
): { checkpoint?: PpadCheckpoint<Kept> } {
  if (!checkpoint) return {};
  let due = 0;
  const write = (kept: Kept) => {
    save(checkpoint.path, kept);
    due = performance.now() + 1000 * checkpoint.everySec;
  };
  return { checkpoint: { due: () => performance.now() >= due, write } };
}

/** The memory of a job, on the engine that it asks for. */
function stateOf(job: PpadWork, population: PackedPopulation | ListedPopulation): RunState {
  const { engine = "native" } = job;
  const state = createRunState(population, { ...job, library: libraryOf(engine), frozen: "model" in job });
  if (job.engine === undefined || job.engine === state.engine) return state;
  throw new Error(`Cannot multiply with the engine "${engine}": onnxruntime-node must load: it does not`);
}

/** A GPU is driven by one thread, which does a minibatch in one piece. */
function aloneOnGpu<Job extends PpadWork>(job: Job): Job {
  return job.engine === "gpu" ? { ...job, threads: 1, shards: 1 } : job;
}

serveJob<PpadFitJob | PpadEmbedJob, PpadParts | Matrix<Float32Array>>((job, context) =>
  "model" in job ? embed(aloneOnGpu(job), throttled(context)) : fit(aloneOnGpu(job), context),
);
