import type { EventList } from "../events/index.ts";
import type { JobOptions } from "../jobs/index.ts";
import { loadEvents } from "./load-events.ts";
import { SampleSky } from "./sample-sky.ts";

/** Which event lists a population takes in. */
export interface LoadPopulationOptions extends JobOptions {
  /**
   * Designations of the sources to load, in this order, so that the result lines up with a filtered catalogue. Only
   * for a sample sky. Default: all, in the sky's order.
   */
  readonly names?: ArrayLike<string>;
  /** Leaves out lists with fewer photons in `energyKeV`. Default 0. */
  readonly minCounts?: number;
  /** Keeps photons within these energies, keV. Default: all. */
  readonly energyKeV?: readonly [number, number];
}

/** Files read at once. */
const BATCH = 16;

/**
 * Loads many event files, such as all of a sample sky: what `ppad.fit` takes. For more than memory holds see
 * `savePhotons`.
 *
 * @param from A sample sky, or paths of FITS event files, plain or .gz.
 * @returns Event lists in the order of `names` or of the paths. Those of a sample sky are named after their sources.
 * @throws {RangeError} If a name in `names` is not in the sky.
 */
export async function loadPopulation(
  from: SampleSky | readonly string[],
  options: LoadPopulationOptions = {},
): Promise<EventList[]> {
  const population: EventList[] = [];
  for await (const list of eventLists(from, options)) population.push(list);
  return population;
}

/** The event lists of a population, one after another, a few files read ahead. See `loadPopulation`. */
export async function* eventLists(
  from: SampleSky | readonly string[],
  options: LoadPopulationOptions,
): AsyncGenerator<EventList, void> {
  const files = chooseFiles(from, options.names);
  const { minCounts = 0, energyKeV } = options;
  for (let start = 0; start < files.length; start += BATCH) {
    options.signal?.throwIfAborted();
    const lists = await Promise.all(
      files.slice(start, start + BATCH).map(({ path, name }) => loadEvents(path, name === undefined ? {} : { name })),
    );
    for (const list of lists) {
      const kept = energyKeV ? list.filter({ energyKeV }) : list;
      if (kept.timeSec.length >= minCounts) yield kept;
    }
    const done = Math.min(files.length, start + BATCH);
    options.onProgress?.({ done, total: files.length, message: `read ${done} of ${files.length} event files` });
  }
}

interface NamedFile {
  readonly path: string;
  readonly name?: string;
}

function chooseFiles(from: SampleSky | readonly string[], names: ArrayLike<string> | undefined): NamedFile[] {
  if (!(from instanceof SampleSky)) return from.map((path) => ({ path }));
  const rows = new Map(from.names.map((name, row) => [name, row]));
  return Array.from(names ?? from.names, (name) => {
    const row = rows.get(name);
    if (row === undefined) {
      throw new RangeError(
        `Cannot load population: names must be among the sky's ${rows.size}: current value is "${name}"`,
      );
    }
    return { path: from.events[row]!, name };
  });
}
