/**
 * How many transients the two-window search finds, and how much else, on simulated sources with a background region
 * beside each. Prints the tables and writes them to test/bench/tables/fxt-search.md.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { exposureSec, timeAfterGood } from "../../src/gti/index.ts";
import { Rng } from "../../src/random/index.ts";
import { type Sky, SOURCE_KINDS, type SourceKind, simulateSky } from "../../src/sky/index.ts";
import { fxtSearch, type TimedPhotons } from "../../src/timing/index.ts";
import { skyPhotons } from "./sky-rates.ts";

const SEEDS = [1, 2, 3, 4, 5];
const SOURCES = 2400;
/** Area of the background region in units of the source's. */
const AREA_RATIO = 15;
/** Source and background counts expected within 0.5–7 keV. */
const COUNTS = [0, 10, 30, 100, 300, 1000];

/** Photons of a region without sources: they come as evenly as the good time. */
function backgroundOf(sky: Sky, index: number): TimedPhotons {
  const source = sky.sources[index]!;
  const { gti } = skyPhotons(sky, index);
  const onTimeSec = exposureSec(gti);
  const rng = new Rng(sky.seed, 3_000_000 + index);
  const n = rng.poisson(source.backgroundRate * source.backgroundFractions.b * onTimeSec * AREA_RATIO);
  const passed = Float64Array.from({ length: n }, () => onTimeSec * rng.uniform()).sort();
  return { timeSec: timeAfterGood(gti, passed), energyKeV: new Float32Array(n).fill(1), gti };
}

interface Outcome {
  readonly kind: SourceKind;
  readonly counts: number;
  readonly windows: number;
  readonly detected: boolean;
}

/** Counts that a transient leaves within 0.5–7 keV, where the sky's own are scaled. */
const FAINT = [5, 10, 15, 20, 30];

function search(sky: Sky, index: number) {
  return fxtSearch(skyPhotons(sky, index), { background: backgroundOf(sky, index), areaRatio: AREA_RATIO });
}

/** The same sky with every source so bright that `counts` are expected of it. */
function scaledTo(sky: Sky, counts: number): Sky {
  const sources = sky.sources.map((source) => ({
    ...source,
    components: source.components.map((part) => ({ ...part, rate: (part.rate * counts) / source.expectedCounts })),
  }));
  return { ...sky, sources };
}

const outcomes: Outcome[] = [];
const faint = FAINT.map((counts) => ({ counts, found: 0, all: 0 }));
const began = performance.now();
for (const seed of SEEDS) {
  const sky = simulateSky({ nSources: SOURCES, seed });
  sky.sources.forEach((source, index) => {
    const { windows, detected } = search(sky, index);
    const { onTimeSec } = sky.fields[source.field]!;
    const counts = source.expectedCounts + source.backgroundRate * source.backgroundFractions.b * onTimeSec;
    outcomes.push({ kind: source.kind, counts, windows: windows.length, detected });
  });
  for (const row of faint) {
    const fainter = scaledTo(sky, row.counts);
    fainter.sources.forEach(({ kind }, index) => {
      if (kind !== "transient") return;
      row.all++;
      if (search(fainter, index).detected) row.found++;
    });
  }
}

function share(chosen: readonly Outcome[]): string {
  const found = chosen.filter(({ detected }) => detected).length;
  return chosen.length > 0 ? `${found}/${chosen.length}` : "";
}

const head = COUNTS.map((from, i) => (i + 1 < COUNTS.length ? `${from}–${COUNTS[i + 1]}` : `> ${from}`));
const rows = SOURCE_KINDS.map((kind) => {
  const own = outcomes.filter((outcome) => outcome.kind === kind);
  const cells = COUNTS.map((from, i) =>
    share(own.filter(({ counts }) => counts >= from && counts < (COUNTS[i + 1] ?? Number.POSITIVE_INFINITY))),
  );
  return `| ${kind} | ${cells.join(" | ")} | ${share(own)} |`;
});
const constant = outcomes.filter(({ kind }) => kind === "constant");
const falseAlarms = constant.filter(({ detected }) => detected).length;
const windows = constant.reduce((sum, { windows: n }) => sum + n, 0);
const transients = outcomes.filter(({ kind }) => kind === "transient");
const text = [
  "# Two-window search for fast X-ray transients: completeness and false alarms",
  "",
  "Written by `npm run bench -- fxt-search`: `fxtSearch` with its default options (Quirola-Vásquez et al. 2022) on the",
  `simulated sky of seeds ${SEEDS.join(", ")} (${SOURCES} sources each), beside each source a background region ${AREA_RATIO} times its size.`,
  "Found/all by the counts expected in the whole observation. A transient here is a source that is dark but for one",
  "event; flares, eruptions and dips are found where they hold five times the counts of the rest of a window.",
  "",
  `| kind | ${head.join(" | ")} | all |`,
  `| --- | ${COUNTS.map(() => "---:").join(" | ")} | ---: |`,
  ...rows,
  "",
  `Completeness for transients: ${share(transients)}. False alarms: ${falseAlarms} of ${constant.length} constant sources`,
  `(${((100 * falseAlarms) / constant.length).toFixed(2)} %), ${((1e4 * falseAlarms) / windows).toFixed(1)} in 10,000 windows.`,
  "",
  "The same transients, scaled to fewer counts:",
  "",
  `| counts expected | ${FAINT.join(" | ")} |`,
  `| --- | ${FAINT.map(() => "---:").join(" | ")} |`,
  `| found | ${faint.map(({ found, all }) => `${found}/${all}`).join(" | ")} |`,
  "",
].join("\n");
writeFileSync(resolve(import.meta.dirname, "tables/fxt-search.md"), text);
console.log(text);
console.log(
  `${outcomes.length} sources in ${((performance.now() - began) / 1000).toFixed(1)} s, photons drawn included`,
);
