import { access, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { countOf } from "../array/index.ts";
import { DISPLAY } from "../host/index.ts";
import { runShownJob, type ShownJobOptions, workerModule } from "../jobs/index.ts";
import { cacheDir as defaultCacheDir } from "../net/index.ts";
import { readTruth, SKY_VERSION, type SourceTruth } from "../sky/index.ts";

/** A simulated sky on disk. Event files, master rows, observation rows, names and truth are all in the same order. */
export class SampleSky {
  readonly directory: string;
  readonly seed: number;
  /** Paths of the event files (`…_regevt3.fits.gz`), one per source. */
  readonly events: readonly string[];
  /** Designations of the sources. */
  readonly names: readonly string[];
  /** Path of the master table. */
  readonly master: string;
  /** Path of the per-observation table, which has the features of the Gaussian mixture. */
  readonly observations: string;
  /** Path of the true labels and parameters; `loadTruth` reads it. Nothing else needs it. */
  readonly truth: string;

  constructor(directory: string, manifest: SkyManifest) {
    this.directory = directory;
    this.seed = manifest.seed;
    this.names = manifest.names;
    this.events = manifest.events.map((name) => join(directory, "events", name));
    this.master = join(directory, "master.fits");
    this.observations = join(directory, "observations.fits");
    this.truth = join(directory, "truth.fits");
  }

  get length(): number {
    return this.events.length;
  }

  [DISPLAY](): { "text/plain": string } {
    return { "text/plain": `SampleSky of ${countOf(this.length, "source")}, seed ${this.seed}, in ${this.directory}` };
  }
}

/** What the folder of a sky says of itself, in `sky.json`. */
export interface SkyManifest {
  readonly seed: number;
  readonly names: readonly string[];
  readonly events: readonly string[];
}

/** What the worker is asked to write. */
export interface SampleSkyRequest {
  readonly directory: string;
  readonly nSources: number;
  readonly seed: number;
}

/**
 * The sample sky: simulated at first use, taken from the cache afterwards.
 *
 * It lies in `~/.cache/photonbook/sky-<version>-<seed>-<nSources>`, or under the environment variable
 * PHOTONBOOK_CACHE. The folder appears whole or not at all, also when two sessions make it at once. Simulation takes
 * about 4 ms per source, in a worker thread.
 *
 * @param options.nSources Number of sources, 1–9999. Default 1200.
 * @param options.seed Any integer. Default 1.
 * @param options.cacheDir Folder to keep skies in. Default: see above.
 * @throws {RangeError} If `nSources` is out of range.
 */
export async function sampleSky(
  options: { readonly nSources?: number; readonly seed?: number; readonly cacheDir?: string } & ShownJobOptions = {},
): Promise<SampleSky> {
  const { nSources = 1200, seed = 1, cacheDir = defaultCacheDir(), ...jobOptions } = options;
  const directory = join(cacheDir, `sky-${SKY_VERSION}-${seed}-${nSources}`);
  if (!(await exists(join(directory, "sky.json")))) {
    await mkdir(cacheDir, { recursive: true });
    const request: SampleSkyRequest = { directory, nSources, seed };
    const worker = workerModule(import.meta.url, "./sample-sky-worker");
    await runShownJob<SampleSkyRequest, void>({ title: "Sample sky", worker, input: request }, jobOptions);
  }
  return new SampleSky(directory, JSON.parse(await readFile(join(directory, "sky.json"), "utf8")) as SkyManifest);
}

/** Kind, spectral shape and parameters of every source of a sky, in its order; give one to `trueRate`. */
export async function loadTruth(sky: SampleSky | string): Promise<SourceTruth[]> {
  const path = typeof sky === "string" ? sky : sky.truth;
  return readTruth(await readFile(path), { name: path });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
