/**
 * Our side of the data benchmark: `node ours.ts TASK FILE REPEATS` runs one task in a process of its own, so that its
 * memory can be told, and prints {"first", "again", "peakMB", "check"}: seconds of the first run and of the best later
 * one, memory, and a number that shows the work was done.
 */
import { readFileSync } from "node:fs";
import { openFits } from "../../../src/io/index.ts";
import { SkyIndex } from "../../../src/match/index.ts";
import { sql } from "../../../src/sql/index.ts";
import { bayesianBlocks, gregoryLoredo, type TimedPhotons } from "../../../src/timing/index.ts";
import { readVotable } from "../../../src/votable/index.ts";
import { FILTER, MATCH_ARCSEC, WIDE_COLUMNS } from "./tasks.ts";

type Numbers = ArrayLike<number>;

/** What is timed, and a number that tells its result. */
interface Work<T> {
  run(): T | Promise<T>;
  check(result: T): number;
}

const work = <T>(value: Work<T>): Work<unknown> => value as Work<unknown>;

/** Sum of what is not missing. */
function sumOf(values: Numbers): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) sum += values[i] as number;
  return sum;
}

const sumAll = (columns: readonly { readonly data: unknown }[]): number =>
  columns.reduce((sum, { data }) => sum + sumOf(data as Numbers), 0);

function doublesOf(path: string): Float64Array {
  const bytes = readFileSync(path);
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
}

function photonsOf(path: string): TimedPhotons[] {
  const values = doublesOf(path);
  const [sources = 0] = values;
  let at = 1 + sources;
  return Array.from(values.subarray(1, at), (count) => {
    const timeSec = values.subarray(at, at + count);
    at += count;
    return {
      timeSec,
      energyKeV: new Float32Array(count).fill(Number.NaN),
      gti: { startSec: Float64Array.of(0), stopSec: Float64Array.of(30_000) },
    };
  });
}

function match(path: string): Work<unknown> {
  const values = doublesOf(path);
  const [left = 0, right = 0] = values;
  const part = (start: number, n: number) => values.subarray(start, start + n);
  const a = { raDeg: part(2, left), decDeg: part(2 + left, left) };
  const b = { raDeg: part(2 + 2 * left, right), decDeg: part(2 + 2 * left + right, right) };
  return work({
    run: () => new SkyIndex(b).nearest(a, { radiusArcsec: MATCH_ARCSEC }),
    check: ({ separationArcsec }) => sumOf(separationArcsec),
  });
}

const votable = (path: string) =>
  work({
    run: () => readVotable(readFileSync(path)).tables[0],
    check: (table) => sumAll(table?.columns.filter(({ datatype }) => datatype !== "char") ?? []),
  });

const TASKS: Readonly<Record<string, (path: string) => Work<unknown> | Promise<Work<unknown>>>> = {
  events: (path) => work({ run: async () => (await openFits(path)).table("EVENTS").read(), check: sumAll }),
  columns: (path) =>
    work({ run: async () => (await openFits(path)).table("SOURCES").read(WIDE_COLUMNS), check: sumAll }),
  binary2: votable,
  tabledata: votable,
  sql: async (path) => {
    await import("@duckdb/node-api"); // the first query would load it: no import is counted
    return work({
      run: () => sql(FILTER.replace("sources", `'${path}'`)),
      check: (catalog) => catalog.numRows + sumOf(catalog.numbers("ra")),
    });
  },
  match,
  "gregory-loredo": (path) => {
    const sources = photonsOf(path);
    return work({
      run: () => sources.map((photons) => gregoryLoredo(photons).logOdds * Math.LN10),
      check: sumOf,
    });
  },
  blocks: (path) => {
    const sources = photonsOf(path);
    return work({
      run: () => sources.map((photons) => bayesianBlocks(photons, { extent: "photons" }).length),
      check: sumOf,
    });
  },
};

const [name = "", path = "", repeats = "1"] = process.argv.slice(2);
const task = await TASKS[name]?.(path);
if (!task) throw new RangeError(`Cannot run "${name}": the task must be one of ${Object.keys(TASKS).join(", ")}`);
const seconds: number[] = [];
let check = 0;
for (let i = 0; i < Number(repeats); i++) {
  const began = performance.now();
  const result = await task.run();
  seconds.push((performance.now() - began) / 1000);
  check = task.check(result);
}
const [first] = seconds;
const again = seconds.length > 1 ? Math.min(...seconds.slice(1)) : null;
// The counter of getrusage would start at the memory of the process that started this one.
const [, peakKB] = /^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
console.log(JSON.stringify({ first, again, peakMB: Number(peakKB) / 1000, check }));
