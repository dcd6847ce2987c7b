/**
 * What each option of PPAD is worth: the same small model trained with one option changed, then a second observation of
 * sources that it never saw, split by source. Prints the table and writes it to test/bench/tables/ppad-options.md.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { exposureSec } from "../../src/gti/index.ts";
import { ppad } from "../../src/jobs/index.ts";
import { type PhotonRecord, type PpadConfig, withBackground } from "../../src/ppad/index.ts";
import { type SkySource, simulateSky, trueRate } from "../../src/sky/index.ts";
import { goodGrid, onGrid, skyPhotons } from "./sky-rates.ts";

const TRAINING = 300;
const NEW = 120;
/** Fewer photons than this embed nothing worth comparing. */
const MIN_PHOTONS = 20;

const stages = ppad.compact.stages.map((stage) => ({ ...stage, epochs: 24 }));
const base: PpadConfig = { ...ppad.compact, stages };
const { nodes } = base.quadrature;
const bands = base.bandEdgesEv.length - 1;

/** Each option, and where it is one of the records, what it makes of them. */
const VARIANTS: readonly (readonly [string, Partial<PpadConfig>, typeof withKnownBackground?])[] = [
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
  ["`lengthInput: true`: the length of the observation is an input", { lengthInput: true }],
  ['`brightness: "latent"`, as published', { brightness: "latent", rateScale: "population" }],
  ["`latentSize: 24`", { latentSize: 24 }],
  ['`start: "normal"`, as published', { start: "normal" }],
  ["`withBackground`: the background's rate is known", {}, withKnownBackground],
];

/** A record with its true background, as a region beside it a thousand photons bright would tell it. */
function withKnownBackground(record: PhotonRecord, { backgroundRate, backgroundFractions }: SkySource): PhotonRecord {
  const { s, m, h } = backgroundFractions;
  const energies = [s, m, h].flatMap((share, band) =>
    Array.from({ length: Math.round((1000 * share) / (s + m + h)) }, () => [0.8, 1.6, 4][band]!),
  );
  const scale = (backgroundRate * exposureSec(record.gti)) / energies.length;
  return scale > 0 ? withBackground(record, { energyKeV: Float32Array.from(energies) }, { scale }) : record;
}

const trainingSky = simulateSky({ seed: 1, nSources: TRAINING });
const training = trainingSky.sources.map((source, index) => ({ source, photons: skyPhotons(trainingSky, index) }));
const testSky = simulateSky({ seed: 2, nSources: NEW });
const seen = testSky.sources
  .map((source, index) => ({ source, index, photons: skyPhotons(testSky, index) }))
  .filter(({ photons }) => photons.timeSec.length >= MIN_PHOTONS);

/** Nats of a second observation that the true rate is better by, and the photons of it, for each new source. */
async function deficits(
  config: PpadConfig,
  seed: number,
  recordOf: (record: PhotonRecord, source: SkySource) => PhotonRecord = (record) => record,
): Promise<{ nats: number; photons: number }[]> {
  const model = await ppad.fit(
    training.map(({ source, photons }) => recordOf(photons, source)),
    { config, seed, display: false },
  );
  const records = seen.map(({ photons, source }) => recordOf(photons, source));
  const latents = await ppad.embed(records, model, { display: false });
  const size = config.latentSize;
  return seen.map(({ source, index, photons }, i) => {
    const grid = goodGrid(photons.gti);
    const future = onGrid(skyPhotons({ ...testSky, seed: testSky.seed + 1000 }, index).timeSec, grid);
    const originSec = photons.gti.startSec[0]!;
    const { total } = model.rateCurve(
      latents.data.subarray(i * size, (i + 1) * size),
      grid.timeSec.map((time) => time - originSec),
      { source: records[i]! },
    );
    const known = records[i]!.background ? source.backgroundRate : 0;
    const recorded = total.map((rate) => rate + known);
    const cellSec = grid.liveSec / grid.timeSec.length;
    const likelihood = (rate: Float64Array) =>
      rate.reduce((sum, value, cell) => sum + future[cell]! * Math.log(value) - value * cellSec, 0);
    const nats = likelihood(trueRate(source, grid.timeSec).b) - likelihood(recorded);
    return { nats, photons: future.reduce((sum, count) => sum + count, 0) };
  });
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const SEEDS = [1, 2];
const rows: string[] = [];
let baseline: number[] | undefined;
for (const [name, change, recordOf] of VARIANTS) {
  const runs = await Promise.all(SEEDS.map((seed) => deficits({ ...base, ...change }, seed, recordOf)));
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
