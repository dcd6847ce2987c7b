import { existsSync, readFileSync } from "node:fs";
import { type PpadConfig, PpadModel, type PpadParts, readPpad, writePpad } from "../ppad/index.ts";
import { saveWhole } from "./save-whole.ts";

/** What a run must have in common with a checkpoint to go on from it. */
export interface RunIdentity {
  readonly config: PpadConfig;
  readonly seed: number;
  readonly names: readonly string[];
  /** Photons in band and good time of the population. */
  readonly photons: number;
}

/** Keeps a model as a checkpoint. */
export function saveCheckpoint(path: string, parts: PpadParts): void {
  saveWhole(path, writePpad(new PpadModel(parts)), "checkpoint");
}

/** First of the run's features that differs; undefined where it is the same run. */
function differenceOf({ config, names, optimizer }: PpadModel, run: RunIdentity): string | undefined {
  const json = (value: unknown) => (value === Infinity ? "Infinity" : JSON.stringify(value));
  for (const key of Object.keys({ ...config, ...run.config }) as (keyof PpadConfig)[]) {
    if (json(config[key]) === json(run.config[key])) continue;
    return `its ${key} is ${json(config[key])}, the run's ${json(run.config[key])}`;
  }
  if (optimizer?.seed !== run.seed) return `its seed is ${optimizer?.seed}, the run's ${run.seed}`;
  if (names.length !== run.names.length) return `it has ${names.length} sources, the run ${run.names.length}`;
  const renamed = names.findIndex((name, i) => name !== run.names[i]);
  if (renamed >= 0) return `its source ${renamed} is "${names[renamed]}", the run's "${run.names[renamed]}"`;
  if (optimizer.photons === run.photons) return undefined;
  return `its sources have ${optimizer.photons} photons in band and good time, the run's ${run.photons}`;
}

/**
 * The model that an earlier run left at a path; undefined where there is none.
 *
 * @throws {RangeError} If it is of another run, naming what differs.
 */
export function openCheckpoint(path: string, run: RunIdentity): PpadModel | undefined {
  if (!existsSync(path)) return undefined;
  const model = readPpad(readFileSync(path));
  const difference = differenceOf(model, run);
  if (difference === undefined) return model;
  throw new RangeError(
    `Cannot resume PPAD: the checkpoint "${path}" must be of the same run, or removed, or another be named: ${difference}`,
  );
}
