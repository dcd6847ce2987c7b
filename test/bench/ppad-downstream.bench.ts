/**
 * What PPAD's latents are good for beside hand-made features and the trivial answer: random forests on the same splits
 * by source of the generated sky, whose labels are true, with 95 % limits from a bootstrap over sources; what a split by
 * chunk would claim; neighbours and anomalies; and real sources embedded by what the sky has taught. Prints the tables
 * and writes them to test/bench/tables/ppad-downstream.md.
 */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Matrix, Rows } from "../../src/array/index.ts";
import type { EventList } from "../../src/events/index.ts";
import { clipGti, exposureSec, timeAfterGood } from "../../src/gti/index.ts";
import { loadEvents, loadRegion } from "../../src/io/index.ts";
import { learn, ppad } from "../../src/jobs/index.ts";
import { bootstrapEstimates, type Comparison, type Estimate } from "../../src/learn/index.ts";
import type { PhotonRecord } from "../../src/ppad/index.ts";
import { simulateSky, trueRate } from "../../src/sky/index.ts";
import { sharedData } from "../shared-data.ts";
import { handMadeFeatures } from "./hand-made-features.ts";
import { goodGrid, skyPhotons } from "./sky-rates.ts";

const SOURCES = Number(process.argv[2] ?? 1200);
const MIN_PHOTONS = 10;
const NEIGHBOURS = 10;
const quiet = { display: false, seed: 1 } as const;

const sky = simulateSky({ seed: 1, nSources: SOURCES });
const seen = sky.sources
  .map((source, index) => ({ source, photons: skyPhotons(sky, index) }))
  .filter(({ photons }) => photons.timeSec.length >= MIN_PHOTONS);
const records: readonly PhotonRecord[] = seen.map(({ photons }) => photons);
const kinds = seen.map(({ source }) => source.kind);
const shapes = seen.map(({ source }) => source.shape);
/** (m − s)/(m + s) of the rates that the photons were drawn from. */
const hardness = seen.map(({ source, photons }) => {
  const { s, m } = trueRate(source, goodGrid(photons.gti).timeSec);
  const [soft, medium] = [s, m].map((rate) => rate.reduce((sum, value) => sum + value, 0)) as [number, number];
  return (medium - soft) / (medium + soft);
});

const sections: string[] = [];
const cell = ({ value, low, high }: Estimate) => `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;

function table(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): void {
  for (const row of rows) console.log(`bench ppad-downstream "${title}" ${row.join(" | ")}`);
  sections.push(
    `## ${title}`,
    "",
    `| ${heads.join(" | ")} |`,
    `| --- |${" ---: |".repeat(heads.length - 1)}`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
    "",
  );
}

function compared(title: string, comparison: Comparison<readonly string[]> | Comparison<Float64Array>): void {
  const { metrics, answers } = comparison;
  const rows = answers.map(({ name }) => [name, ...metrics.map((metric) => cell(comparison.score(name, metric)))]);
  const last = metrics.at(0)!;
  rows.push([
    "latents − hand-made",
    cell(comparison.difference("latents", "hand-made", last)),
    ...metrics.slice(1).map(() => ""),
  ]);
  table(title, ["features", ...metrics], rows);
}

/** The halves of an observation, by exposure. */
function halves({ timeSec, energyKeV, gti, name = "" }: PhotonRecord): PhotonRecord[] {
  const middle = timeAfterGood(gti as never, [0.5 * exposureSec(gti as never)])[0]!;
  const [start, stop] = [gti.startSec[0]!, gti.stopSec.at(-1)!];
  return [
    [start, middle],
    [middle, stop],
  ].map(([from, to], half) => {
    const kept = Array.from(timeSec.keys()).filter((i) => timeSec[i]! >= from! && (half === 1 || timeSec[i]! < to!));
    return {
      name: `${name}, half ${half + 1}`,
      timeSec: Float64Array.from(kept, (i) => timeSec[i]!),
      energyKeV: Float32Array.from(kept, (i) => energyKeV[i]!),
      gti: clipGti(gti as never, from!, to!),
    };
  });
}

type Table = Matrix<Float32Array | Float64Array>;

/** Columns brought to mean 0 and variance 1, so that distances weigh them alike. */
function standardised({ data, shape: [n, d] }: Table): Matrix<Float64Array> {
  const out = Float64Array.from(data);
  for (let column = 0; column < d; column++) {
    const values = Array.from({ length: n }, (_, row) => data[row * d + column]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n) || 1;
    for (let row = 0; row < n; row++) out[row * d + column] = (data[row * d + column]! - mean) / sd;
  }
  return { data: out, shape: [n, d] };
}

/** Rows by distance from a row, itself left out. */
function byDistance({ data, shape: [n, d] }: Table, row: number): number[] {
  const squared = Float64Array.from({ length: n }, (_, other) => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += (data[row * d + k]! - data[other * d + k]!) ** 2;
    return sum;
  });
  return Array.from(squared.keys())
    .filter((other) => other !== row)
    .sort((a, b) => squared[a]! - squared[b]!);
}

/** Chance that a positive row has the higher score. */
function areaUnderRoc(scores: Float64Array, positive: readonly boolean[], rows: Iterable<number>): number {
  const order = [...rows].sort((a, b) => scores[a]! - scores[b]!);
  const count = order.filter((row) => positive[row]).length;
  const ranks = order.reduce((sum, row, rank) => sum + (positive[row] ? rank + 1 : 0), 0);
  return (ranks - (count * (count + 1)) / 2) / (count * (order.length - count));
}

const model = await ppad.fit(records, quiet);
const handMade = handMadeFeatures(records);
const features = { latents: model.latents, "hand-made": handMade };
const both = { seed: 1, display: false, oversample: "smote" } as const;

compared("Kind of variability, 6 kinds", await learn.classify(features, kinds, both));
compared(
  "Variable or constant",
  await learn.classify(
    features,
    kinds.map((kind) => (kind === "constant" ? "constant" : "variable")),
    both,
  ),
);
compared("Spectral shape, 5 shapes", await learn.classify(features, shapes, both));
compared("True hardness (m − s)/(m + s)", await learn.regress(features, hardness, { seed: 1, display: false }));

// The same question asked of two chunks of each source: once a source's chunks are kept together, once they are not.
const pairs = records.map(halves);
const chunked = pairs.flatMap((pair, index) =>
  pair.every(({ timeSec }) => timeSec.length >= MIN_PHOTONS) ? pair.map((chunk) => ({ chunk, index })) : [],
);
const chunks = chunked.map(({ chunk }) => chunk);
const chunkModel = await ppad.fit(chunks, quiet);
const chunkFeatures = { latents: chunkModel.latents, "hand-made": handMadeFeatures(chunks) };
const chunkKinds = chunked.map(({ index }) => kinds[index]!);
const honest = await learn.classify(chunkFeatures, chunkKinds, { ...both, groups: chunked.map(({ index }) => index) });
const leaky = await learn.classify(chunkFeatures, chunkKinds, both);
table(
  "Kind of variability from half an observation: what a split by chunk claims",
  ["features", "accuracy, split by source", "accuracy, split by chunk"],
  ["latents", "hand-made"].map((name) => [
    name,
    cell(honest.score(name, "accuracy")),
    cell(leaky.score(name, "accuracy")),
  ]),
);

// Neighbours and anomalies look at distances, for which hand-made features need a common scale.
const spaces: { readonly [name: string]: Table } = { latents: model.latents, "hand-made": standardised(handMade) };
const perKind = Object.fromEntries(kinds.map((kind) => [kind, kinds.filter((one) => one === kind).length]));
const shares = Object.entries(spaces).map(([name, space]) => {
  const share = kinds.map((kind, row) => {
    const near = byDistance(space, row).slice(0, NEIGHBOURS);
    // Each kind weighs the same among the neighbours, however many it has
    const weight = (one: string) => 1 / perKind[one]!;
    const all = near.reduce((sum, other) => sum + weight(kinds[other]!), 0);
    return near.filter((other) => kinds[other] === kind).length * (weight(kind) / all);
  });
  const [estimate] = bootstrapEstimates(Array.from(share.keys()), (rows) => {
    const groups = Map.groupBy(rows, (row) => kinds[row]!);
    const means = [...groups.values()].map((of) => of.reduce((sum, row) => sum + share[row]!, 0) / of.length);
    return [means.reduce((sum, value) => sum + value, 0) / means.length];
  });
  return [name, cell(estimate!)];
});
table(
  `Share of ${NEIGHBOURS} nearest neighbours that are of the same kind, kinds weighed alike`,
  ["features", "share"],
  [...shares, ["chance", (1 / Object.keys(perKind).length).toFixed(3)]],
);

const transient = kinds.map((kind) => kind === "transient");
const areas = [];
for (const [name, space] of Object.entries(spaces)) {
  const scores = await learn.anomalies(space as Rows, { display: false });
  const [estimate] = bootstrapEstimates(Array.from(scores.keys()), (rows) => [areaUnderRoc(scores, transient, rows)]);
  areas.push([name, cell(estimate!)]);
}
table(
  `Fast transients (${transient.filter(Boolean).length} of ${kinds.length}) among anomalies: area under the ROC curve`,
  ["features", "area"],
  [...areas, ["chance", "0.500"]],
);

/** Real photons, the longest stretch of them that resembles an observation of the sky. */
async function realSources(): Promise<{ name: string; events: EventList }[]> {
  const events = (path: string, name: string) => loadEvents(sharedData("events", path), { name });
  const xrt = await events("chandra_23022_xrt200515/acisf23022_000N027_r0122_regevt3.fits.gz", "XRT 200515");
  const region = await loadRegion(sharedData("events/chandra_23022_xrt200515/acisf23022_000N020_r0122_reg3.fits.gz"), {
    hdu: "ECF90REGB",
  });
  return [
    { name: "XRT 200515, a fast transient", events: xrt.filter({ region }) },
    { name: "HBC 515, a young star", events: await events("chandra_ebascs/hbc515_events.csv", "HBC 515") },
    { name: "NGC 300 ULX-1, a pulsar (NICER)", events: await events("nicer/ngc300nicer_bary.evt", "NGC 300 ULX-1") },
  ];
}

const real = (await realSources()).map(({ name, events }) => ({
  name,
  record: events.filter({ energyKeV: [0.5, 7] }),
}));
const realLatents = await ppad.embed(
  real.map(({ record }) => record),
  model,
  { display: false },
);
const size = realLatents.shape[1];
const forest = learn.growRegressor(model.latents, hardness, { seed: 1 });
const withReal = (i: number): Table => ({
  data: Float64Array.from([...model.latents.data, ...realLatents.data.subarray(i * size, (i + 1) * size)]),
  shape: [records.length + 1, size],
});
table(
  "Real sources, embedded by the model of the generated sky",
  ["source", "photons", "(m − s)/(m + s) of its photons", "by the forest on latents", "kinds of its 10 neighbours"],
  real.map(({ name, record }, i) => {
    const { energyKeV } = record;
    const count = (low: number, high: number) => energyKeV.filter((energy) => energy >= low && energy < high).length;
    const [soft, medium] = [count(0.5, 1.2), count(1.2, 2)];
    const row = {
      data: Float64Array.from(realLatents.data.subarray(i * size, (i + 1) * size)),
      shape: [1, size] as const,
    };
    const near = byDistance(withReal(i), records.length).slice(0, NEIGHBOURS);
    const counted = [...Map.groupBy(near, (other) => kinds[other]!)].sort((a, b) => b[1].length - a[1].length);
    return [
      name,
      String(energyKeV.length),
      ((medium - soft) / (medium + soft)).toFixed(2),
      forest.predict(row)[0]!.toFixed(2),
      counted.map(([kind, of]) => `${of.length} ${kind}`).join(", "),
    ];
  }),
);

const text = [
  "# PPAD: what its latents are good for",
  "",
  `Written by \`npm run bench -- ppad-downstream\`: \`ppad.compact\` trained, without labels, on the ${records.length} sources of the simulated`,
  `sky (seed 1) that have ${MIN_PHOTONS} photons or more. Forests of 100 trees, 5 folds by source, classes filled up by SMOTE in`,
  "training; 95 % limits from a bootstrap over sources. Hand-made features: rate, counts, three hardness ratios, the odds of",
  "Gregory–Loredo, Kolmogorov–Smirnov's chance, the highest bin and twelve bins of equal exposure. The published code splits",
  "by chunk; Song et al. 2025 print no baselines. Photons of real sources beyond these three are not in the shared data.",
  "",
  ...sections,
].join("\n");
writeFileSync(join(resolve(import.meta.dirname, "tables"), "ppad-downstream.md"), text);
