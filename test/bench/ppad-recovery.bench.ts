/**
 * How well rates are recovered: PPAD beside Bayesian blocks, a kernel density and Gregory–Loredo, on simulated sources
 * that the model never saw, by number of photons; and how often PPAD's limits hold the true rate. Prints the tables
 * and writes them to test/bench/tables/ppad-recovery.md.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { ppad } from "../../src/jobs/index.ts";
import { type SkySource, SOURCE_KINDS, simulateSky, trueRate } from "../../src/sky/index.ts";
import { bayesianBlocks, gregoryLoredo } from "../../src/timing/index.ts";
import { kernelRate } from "./kernel-rate.ts";
import { goodGrid, onGrid, skyPhotons, stepRate } from "./sky-rates.ts";

const COUNTS = [10, 30, 100, 300, 1000, 10_000];
/** Sources of each kind. */
const PER_KIND = 12;
const SIGMAS = [1, 2];
const METHODS = ["PPAD", "Bayesian blocks", "kernel density", "Gregory–Loredo", "constant"] as const;
type Method = (typeof METHODS)[number];

const trainingSky = simulateSky({ seed: 1 });
const training = trainingSky.sources.map((_, index) => skyPhotons(trainingSky, index));
const model = await ppad.fit(training, { seed: 1, display: false });

const testSky = simulateSky({ seed: 2, nSources: 2400 });
const chosen = SOURCE_KINDS.flatMap((kind) =>
  testSky.sources.flatMap((source, index) => (source.kind === kind ? [index] : [])).slice(0, PER_KIND),
);

/** The same source, so bright that `counts` are expected. */
function scaledTo(source: SkySource, counts: number): SkySource {
  const onTimeSec = testSky.fields[source.field]!.onTimeSec;
  const factor = counts / (source.expectedCounts + source.backgroundRate * source.backgroundFractions.b * onTimeSec);
  return {
    ...source,
    components: source.components.map((component) => ({ ...component, rate: component.rate * factor })),
    backgroundRate: source.backgroundRate * factor,
  };
}

const median = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  return 0.5 * (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!);
};
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

interface Score {
  readonly counts: number;
  readonly variable: boolean;
  readonly method: Method;
  /** ∫(r̂ − r)² dt / ∫ r² dt. */
  readonly error: number;
  /** Nats per photon of a second observation that the true rate is better by. */
  readonly deficit: number;
}
const scores: Score[] = [];
const coverage: { counts: number; variable: boolean; inside: number[] }[] = [];

for (const counts of COUNTS) {
  const sky = { ...testSky, sources: testSky.sources.map((source) => scaledTo(source, counts)) };
  const seen = chosen.map((index) => skyPhotons(sky, index)).map((photons, i) => ({ photons, index: chosen[i]! }));
  const used = seen.filter(({ photons }) => photons.timeSec.length >= 3);
  const latents = await ppad.embed(
    used.map(({ photons }) => photons),
    model,
    { display: false },
  );
  const size = model.config.latentSize;
  for (const [i, { photons, index }] of used.entries()) {
    const source = sky.sources[index]!;
    const grid = goodGrid(photons.gti);
    const truth = trueRate(source, grid.timeSec).b;
    const again = skyPhotons({ ...sky, seed: sky.seed + 1000 }, index);
    const future = onGrid(again.timeSec, grid);
    const z = latents.data.subarray(i * size, (i + 1) * size);
    const originSec = photons.gti.startSec[0]!;
    const flat = photons.timeSec.length / grid.liveSec;
    const blocks = bayesianBlocks(photons, { band: "b" }).lightCurve;
    const test = gregoryLoredo(photons, { band: "b" });
    const rates: Record<Method, Float64Array> = {
      PPAD: model.rateCurve(
        z,
        grid.timeSec.map((time) => time - originSec),
        { source: photons },
      ).total,
      "Bayesian blocks": stepRate(blocks, grid),
      "kernel density": kernelRate(onGrid(photons.timeSec, grid), grid),
      "Gregory–Loredo": stepRate(test.curve, grid),
      constant: new Float64Array(grid.timeSec.length).fill(flat),
    };
    const stepSec = grid.liveSec / grid.timeSec.length;
    // A rate of 0 makes a photon impossible: each estimate is mixed with one photon's worth of the constant rate.
    const share = 1 / (photons.timeSec.length + 1);
    const likelihood = (rate: Float64Array) => {
      let sum = 0;
      rate.forEach((value, cell) => {
        sum += future[cell]! * Math.log(value) - value * stepSec;
      });
      return sum;
    };
    const best = likelihood(truth);
    const futureCounts = future.reduce((sum, value) => sum + value, 0);
    const power = truth.reduce((sum, value) => sum + value ** 2, 0);
    for (const method of METHODS) {
      const rate = rates[method].map((value) => (1 - share) * value + share * flat);
      const error = rate.reduce((sum, value, cell) => sum + (value - truth[cell]!) ** 2, 0) / power;
      const deficit = (best - likelihood(rate)) / futureCounts;
      if (futureCounts > 0) scores.push({ counts, variable: source.kind !== "constant", method, error, deficit });
    }
    const curve = model.lightCurve(photons, z);
    const trueAt = trueRate(
      source,
      curve.timeSec.map((time) => time + originSec),
    ).b;
    const inside = SIGMAS.map((sigma) => {
      let [held, all] = [0, 0];
      curve.timeSec.forEach((_, k) => {
        if (k === 0 || k === curve.timeSec.length - 1) return;
        const weight = curve.timeSec[k + 1]! - curve.timeSec[k - 1]!;
        const limit = sigma * Math.log(curve.rateHigh[k]! / curve.rate[k]!);
        all += weight;
        if (Math.abs(Math.log(trueAt[k]! / curve.rate[k]!)) <= limit) held += weight;
      });
      return held / all;
    });
    coverage.push({ counts, variable: source.kind !== "constant", inside });
  }
}

function table(title: string, value: (score: Score) => number, variable: boolean): string {
  const head = `| photons expected | ${METHODS.join(" | ")} |\n| ---: | ${METHODS.map(() => "---:").join(" | ")} |`;
  const rows = COUNTS.map((counts) => {
    const cells = METHODS.map((method) => {
      const own = scores.filter((s) => s.counts === counts && s.variable === variable && s.method === method);
      return median(own.map(value)).toFixed(3);
    });
    const least = Math.min(...cells.map(Number));
    return `| ${counts} | ${cells.map((cell) => (Number(cell) === least ? `**${cell}**` : cell)).join(" | ")} |`;
  });
  return [`### ${title}`, "", head, ...rows, ""].join("\n");
}

function coverageTable(): string {
  const kinds = [
    ["constant", false],
    ["variable", true],
  ] as const;
  const columns = kinds.flatMap(([name]) => SIGMAS.map((sigma) => `${name}, ±${sigma}σ`));
  const rows = COUNTS.map((counts) => {
    const cells = kinds.flatMap(([, variable]) =>
      SIGMAS.map((_, k) =>
        mean(coverage.filter((c) => c.counts === counts && c.variable === variable).map((c) => c.inside[k]!)).toFixed(
          2,
        ),
      ),
    );
    return `| ${counts} | ${cells.join(" | ")} |`;
  });
  return [
    "### Share of the time at which PPAD's limits hold the true rate (nominal 0.68 and 0.95)",
    "",
    `| photons expected | ${columns.join(" | ")} |`,
    `| ---: | ${columns.map(() => "---:").join(" | ")} |`,
    ...rows,
    "",
  ].join("\n");
}

const text = [
  "# PPAD: rates recovered",
  "",
  "Written by `npm run bench -- ppad-recovery`. `ppad.compact` trained on the simulated sky of seed 1, new sources",
  `(seed 2, ${PER_KIND} of each kind, ${SOURCE_KINDS.join(", ")}) scaled to a number of expected photons. Medians over sources;`,
  "the best of a row is bold. Every estimate is mixed with 1/(N + 1) of the constant rate, so that none is zero.",
  "The kernel's width is chosen by leave-one-out likelihood.",
  "",
  ...[true, false].flatMap((variable) => {
    const which = variable ? "variable sources" : "constant sources";
    return [
      table(`∫(r̂ − r)² dt / ∫ r² dt, ${which}`, ({ error }) => error, variable),
      table(`Held-out log-likelihood: nats per photon below the true rate, ${which}`, (s) => s.deficit, variable),
    ];
  }),
  coverageTable(),
].join("\n");
writeFileSync(resolve(import.meta.dirname, "tables/ppad-recovery.md"), text);
console.log(text);
