/** How often `%timeit` runs its code. */
export interface TimeitOptions {
  /** Calls in one run. Default: as many as fill a tenth of a second. */
  readonly loops?: number;
  /** Runs. Default: 7. */
  readonly runs?: number;
}

const FILL_MS = 100;

/** What a function costs: mean and standard deviation over runs of many calls, in one line. */
export async function measure(run: () => unknown, options: TimeitOptions = {}): Promise<string> {
  const loops = options.loops ?? (await enoughLoops(run));
  const runs = options.runs ?? 7;
  const each: number[] = [];
  for (let at = 0; at < runs; at++) each.push((await timeLoops(run, loops)) / loops);
  const mean = each.reduce((sum, ms) => sum + ms, 0) / runs;
  const deviation = Math.sqrt(each.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / runs);
  const calls = `${runs} runs, ${loops.toLocaleString("en")} ${loops === 1 ? "loop" : "loops"} each`;
  return `${seconds(mean)} ± ${seconds(deviation)} per loop (mean ± std. dev. of ${calls})`;
}

/** A power of ten of calls that takes a tenth of a second or more. */
async function enoughLoops(run: () => unknown): Promise<number> {
  for (let loops = 1; ; loops *= 10) if ((await timeLoops(run, loops)) >= FILL_MS) return loops;
}

/** Milliseconds that some calls take, one after another. */
async function timeLoops(run: () => unknown, loops: number): Promise<number> {
  const started = performance.now();
  for (let at = 0; at < loops; at++) {
    const value = run();
    if (value instanceof Promise) await value;
  }
  return performance.now() - started;
}

/** A time in the unit that suits it, three significant digits. */
export function seconds(ms: number): string {
  const [factor, unit] = UNITS.find(([factor]) => ms * factor >= 1) ?? UNITS.at(-1)!;
  return `${Number((ms * factor).toPrecision(3))} ${unit}`;
}

const UNITS: readonly (readonly [factor: number, unit: string])[] = [
  [1e-3, "s"],
  [1, "ms"],
  [1e3, "µs"],
  [1e6, "ns"],
];
