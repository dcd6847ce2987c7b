import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readFits } from "../../../src/fits/index.ts";
import { makeGti } from "../../../src/gti/index.ts";
import { gregoryLoredoOfTimes, variabilityIndex } from "../../../src/timing/index.ts";
import { sharedData } from "../../shared-data.ts";
import { deviation, fixture } from "./peers.ts";

interface Recovered {
  readonly file: string;
  readonly mMax: number;
  /** Photons and shares of exposure between the edges j/m, m ≤ mMax, of the observation's span. */
  readonly counts: number[];
  readonly exposure: number[];
}

const folder = sharedData("events", "csc_lc3");

function published(file: string) {
  const table = readFits(gunzipSync(readFileSync(join(folder, file))), { name: file }).table("LIGHTCURVE");
  const column = (name: string) => table.column(name).data as Float64Array;
  const key = (name: string) => table.header.get(name) as number;
  return {
    rate: column("COUNT_RATE"),
    rateErr: column("COUNT_RATE_ERR"),
    n: key("TOTCTS"),
    logOdds: key("ODDS"),
    probability: key("PROB"),
    mMax: key("MMAX"),
    index: key("VARINDEX"),
    fraction3Sigma: key("FRAC3SIG"),
    fraction5Sigma: key("FRAC5SIG"),
    spanSec: key("TELAPSE"),
    onTimeSec: key("INTEGTIM"),
  };
}

/** Edges j/m of all binnings up to mMax, ascending. */
function binEdges(mMax: number): number[] {
  const edges = new Set<number>([0, 1]);
  for (let m = 2; m <= mMax; m++) for (let j = 1; j < m; j++) edges.add(j / m);
  return [...edges].sort((a, b) => a - b);
}

/** Photons and good time with the recovered counts and exposures; where within a segment does not matter. */
function rebuilt({ counts, exposure, mMax }: Recovered, spanSec: number) {
  const edges = binEdges(mMax);
  const fill = Math.max(...exposure.map((share, k) => share / (edges[k + 1]! - edges[k]!)));
  const starts: number[] = [];
  const stops: number[] = [];
  const times: number[] = [];
  counts.forEach((count, k) => {
    const width = edges[k + 1]! - edges[k]!;
    const length = Math.min(width, exposure[k]! / fill);
    const last = k === counts.length - 1;
    const start = last ? 1 - length : edges[k]!;
    starts.push(start * spanSec);
    stops.push((start + length) * spanSec);
    for (let i = 0; i < Math.round(count); i++) times.push((start + (length * (i + 0.5)) / count) * spanSec);
  });
  return { times: Float64Array.from(times), gti: makeGti(starts, stops) };
}

const files = globSync("*/*.fits.gz", { cwd: folder }).sort();
const recovered = fixture<Recovered[]>("lc3.json");

describe("the 71 published Gregory–Loredo curves of the CSC", () => {
  it("are 71, of which 52 hold all that their photons decide", () => {
    expect(files.length).toBe(71);
    expect(recovered.length).toBe(52);
  });

  // The counts were recovered as real numbers from 8 published digits; that they are whole is the proof
  it("come from whole numbers of photons", () => {
    for (const { file, counts } of recovered) {
      for (const count of counts) expect(Math.abs(count - Math.round(count)), file).toBeLessThan(0.05);
    }
  });

  it.each(recovered.map((entry) => [entry.file, entry] as const))(
    "%s: rates, errors, odds and index are ours",
    (file, entry) => {
      const truth = published(file);
      const { times, gti } = rebuilt(entry, truth.spanSec);
      const test = gregoryLoredoOfTimes(times, gti, { maxBins: truth.mMax, minBinSec: 1 });
      expect(times.length).toBe(truth.n);
      expect(test.mMax).toBe(truth.mMax);
      // Rounding counts to whole ones moves the odds by up to 1e-4
      expect(Math.abs(test.logOdds - truth.logOdds)).toBeLessThan(2e-4);
      expect(Math.abs(test.probability - truth.probability)).toBeLessThan(1e-4);
      expect(test.index).toBe(truth.index);
      const unit = truth.n / truth.onTimeSec;
      const ours = test.n / gti.startSec.reduce((sum, start, i) => sum + gti.stopSec[i]! - start, 0);
      const { rate, rateErr } = test.curve;
      expect(
        deviation(
          rate.map((value) => value / ours),
          truth.rate.map((value) => value / unit),
        ),
      ).toBeLessThan(2e-4);
      expect(
        deviation(
          rateErr.map((value) => value / ours),
          truth.rateErr.map((value) => value / unit),
        ),
      ).toBeLessThan(2e-5);
    },
  );

  it.each(files)("%s: probability and index follow from its odds and curve", (file) => {
    const truth = published(file);
    const odds = 10 ** truth.logOdds;
    expect(odds / (1 + odds)).toBeCloseTo(truth.probability, 8);
    expect(variabilityIndex(truth)).toBe(truth.index);
  });
});
