/**
 * What each option of PPAD is worth: the same small model trained with one option changed, then a second observation of
 * sources that it never saw, split by source. Prints the table and writes it to test/bench/tables/ppad-options.md.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { ppad } from "../../src/jobs/index.ts";
import type { PpadConfig } from "../../src/ppad/index.ts";
import { simulateSky, trueRate } from "../../src/sky/index.ts";
import { goodGrid, onGrid, skyPhotons } from "./sky-rates.ts";

const TRAINING = 300;
const NEW = 120;
/** Fewer photons than this embed nothing worth comparing. */
const MIN_PHOTONS = 20;

const stages = ppad.compact.stages.map((stage) => ({ ...stage, epochs: 24 }));
const base: PpadConfig = { ...ppad.compact, stages };
const { nodes } = base.quadrature;
const bands = base.bandEdgesEv.length - 1;

const VARIANTS: readonly (readonly [string, Partial<PpadConfig>])[] = [
  ["`ppad.compact`, 24 epochs", {}],
  ['`quadrature.rule: "stratified"`: jittered, even in exposure', { quadrature: { rule: "stratified", nodes } }],
  ['`quadrature.rule: "trapezoid"`: a fixed mesh of as many nodes', { quadrature: { rule: "trapezoid", nodes } }],
  ['`exposure: "span"`: gaps count as exposure, as published', { exposure: "span" }],
  ['`end: "lastEvent"`: ends at its last photon, as published', { end: "lastEvent" }],
  [
    '`totalVariation.norm: "sum"`, of equal weight on the nodes',
    { totalVariation: { weight: base.totalVariation.weight / ((nodes - 1) * bands), norm: "sum" } },
  ],
  ["`totalVariation.weight: 0`", { totalVariation: { weight: 0, norm: "mean" } }],
  ["`timeScale: 28_800`: seconds instead of parts of the observation", { timeScale: 28_800 }],
  ['`brightness: "latent"`, as published', { brightness: "latent", rateScale: "population" }],
  ["`latentSize: 24`", { latentSize: 24 }],
  ['`start: "normal"`, as published', { start: "normal" }],
];

const trainingSky = simulateSky({ seed: 1, nSources: TRAINING });
const training = trainingSky.sources.map((_, index) => skyPhotons(trainingSky, index));
const testSky = simulateSky({ seed: 2, nSources: NEW });
const seen = testSky.sources
  .map((source, index) => ({ source, index, photons: skyPhotons(testSky, index) }))
  .filter(({ photons }) => photons.timeSec.length >= MIN_PHOTONS);

/** Nats of a second observation that the true rate is better by, and the photons of it, for each new source. */
async function deficits(config: PpadConfig, seed: number): Promise<{ nats: number; photons: number }[]> {
  const model = await ppad.fit(training, { config, seed, display: false });
  const records = seen.map(({ photons }) => photons);
  const latents = await ppad.embed(records, model, { display: false });
  const size = config.latentSize;
  return seen.map(({ source, index, photons }, i) => {
    const grid = goodGrid(photons.gti);
    const future = onGrid(skyPhotons({ ...testSky, seed: testSky.seed + 1000 }, index).timeSec, grid);
    const originSec = photons.gti.startSec[0]!;
    const { total } = model.rateCurve(
      latents.data.subarray(i * size, (i + 1) * size),
      grid.timeSec.map((time) => time - originSec),
      { source: photons },
    );
    const cellSec = grid.liveSec / grid.timeSec.length;
    const likelihood = (rate: Float64Array) =>
      rate.reduce((sum, value, cell) => sum + future[cell]! * Math.log(value) - value * cellSec, 0);
    const nats = likelihood(trueRate(source, grid.timeSec).b) - likelihood(total);
    return { nats, photons: future.reduce((sum, count) => sum + count, 0) };
  });
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const SEEDS = [1, 2];
const rows: string[] = [];
let baseline: number[] | undefined;
for (const [name, change] of VARIANTS) {
  const runs = await Promise.all(SEEDS.map((seed) => deficits({ ...base, ...change }, seed)));
  const perSource = seen.map((_, i) => sum(runs.map((run) => run[i]!.nats)) / runs.length);
  baseline ??= perSource;
  const against = perSource.map((value, i) => value - baseline![i]!);
  const average = sum(against) / against.length;
  const spread = Math.sqrt(sum(against.map((value) => (value - average) ** 2)) / (against.length - 1) / against.length);
  const perPhoton = sum(perSource) / sum(runs[0]!.map(({ photons }) => photons));
  const more = perSource === baseline ? "" : `${average.toFixed(2)} ± ${spread.toFixed(2)}`;
  console.log(`bench ppad-options option="${name}" nats_per_photon=${perPhoton.toFixed(4)} change="${more}"`);
  rows.push(`| ${name} | ${perPhoton.toFixed(4)} | ${more} |`);
}

const text = [
  "# PPAD: what each option is worth",
  "",
  `Written by \`npm run bench -- ppad-options\`. One option changed at a time; ${TRAINING} simulated sources trained on, ${seen.length} others`,
  `of ${MIN_PHOTONS} photons or more embedded, then the likelihood of a second observation of each; mean of ${SEEDS.length} seeds. The first column`,
  "of figures is how far it falls short of the true rate's; the second how much further than the first row, with its",
  "standard error over sources (seeds left out). Lower is better.",
  "",
  "| option | nats per photon below the true rate | more nats per source |",
  "| --- | ---: | ---: |",
  ...rows,
  "",
].join("\n");
writeFileSync(resolve(import.meta.dirname, "tables/ppad-options.md"), text);
