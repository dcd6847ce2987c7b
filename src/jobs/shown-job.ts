import { progressDisplay } from "../host/index.ts";
import { type JobOptions, type JobProgress, runJob } from "./job.ts";

/** How to watch and stop work that shows its progress itself. */
export interface ShownJobOptions extends JobOptions {
  /** Whether to show a progress bar in a notebook. Default true. */
  display?: boolean;
}

/** Options of a job apart from those of its method. */
export function splitJobOptions<Settings extends object>(
  options: Settings & ShownJobOptions,
): { settings: Omit<Settings, keyof ShownJobOptions>; watching: ShownJobOptions } {
  const { onProgress, signal, display, ...settings } = options;
  return {
    settings: settings as Omit<Settings, keyof ShownJobOptions>,
    watching: { ...(onProgress && { onProgress }), ...(signal && { signal }), display: display ?? true },
  };
}

/**
 * Runs a job with a progress bar in the cell that called.
 *
 * @param work.title Stands before the bar.
 * @param work.finished Whether the output is a whole one; what was stopped early is not. Default: whether the last
 *   report was of the last step.
 */
export async function runShownJob<Input, Output>(
  work: { title: string; worker: URL; input: Input; finished?: (output: Output) => boolean },
  options: ShownJobOptions,
): Promise<Output> {
  const shown = options.display === false ? undefined : progressDisplay(work.title);
  let last: JobProgress | undefined;
  const onProgress = (progress: JobProgress) => {
    last = progress;
    shown?.update(progress);
    options.onProgress?.(progress);
  };
  try {
    const output = await runJob<Input, Output>(work.worker, work.input, { ...options, onProgress });
    const whole = work.finished?.(output) ?? (last === undefined || last.done >= last.total);
    shown?.finish(whole ? "done" : "stopped");
    return output;
  } catch (error) {
    shown?.finish("failed");
    throw error;
  }
}
