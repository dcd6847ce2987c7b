import {
  createRunState,
  type Engine,
  embedPpad,
  fitPpad,
  type PackedPopulation,
  type PpadConfig,
  type PpadResume,
} from "../ppad/index.ts";
import { type JobProgress, serveJob } from "./job.ts";
import { nativeProducts } from "./native-products.ts";
import { startTeam } from "./ppad-team.ts";

/** What `src/jobs/ppad.ts` sends. */
export interface PpadJob {
  readonly population: PackedPopulation;
  readonly config: PpadConfig;
  readonly seed: number;
  /** Bytes of the compiled kernels. */
  readonly module: Uint8Array;
  readonly threads: number;
  readonly engine: Engine | undefined;
  readonly shards: number;
  readonly start?: Float32Array;
  readonly resume?: PpadResume;
  /** Starts to choose from when embedding. */
  readonly starts?: readonly Float32Array[];
  /** Given: embed under these parameters. Absent: fit. */
  readonly parameters?: Float32Array;
}

/** Milliseconds between reports of progress. */
const REPORT_MS = 250;

serveJob(async (job: PpadJob, context) => {
  const openLibrary = job.engine === "wasm" ? undefined : nativeProducts;
  const state = createRunState(job.population, { ...job, openLibrary });
  const team = await startTeam(state, job.threads);
  let last = -Infinity;
  const throttled = {
    stopped: () => context.stopped(),
    report(progress: JobProgress) {
      const now = performance.now();
      if (progress.done < progress.total && now - last < REPORT_MS) return;
      last = now;
      context.report(progress);
    },
  };
  try {
    const { start, starts, parameters } = job;
    if (parameters && starts) return embedPpad(state, team, { parameters, starts, context: throttled });
    return fitPpad(state, team, {
      context: throttled,
      ...(start && { start }),
      ...(job.resume && { resume: job.resume }),
    });
  } finally {
    await team.close();
  }
});
