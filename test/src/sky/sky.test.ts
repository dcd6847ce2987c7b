import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readFits } from "../../../src/fits/index.ts";
import {
  photonsOf,
  readTruth,
  type SkyProduct,
  SOURCE_KINDS,
  simulateSky,
  skyProducts,
  trueRate,
} from "../../../src/sky/index.ts";
import { FRAME_TIME_SEC } from "../../../src/sky/instrument.ts";
import { formatSourceName } from "../../../src/sky/position.ts";

const sky = simulateSky({ nSources: 240, seed: 11 });
const products = [...skyProducts(sky)];
const product = (kind: SkyProduct["kind"]) => products.find((one) => one.kind === kind)!;
const table = (kind: SkyProduct["kind"]) => readFits(product(kind).bytes, { name: kind }).table(1);

describe("simulateSky()", () => {
  it("has at least 30 of every rare kind among 1200 sources, under different names", () => {
    const { sources } = simulateSky();
    for (const kind of SOURCE_KINDS)
      expect(sources.filter((one) => one.kind === kind).length).toBeGreaterThanOrEqual(30);
    expect(new Set(sources.map(({ name }) => name)).size).toBe(1200);
    expect(sources.filter(({ kind }) => kind === "constant").length).toBeGreaterThan(600);
  });

  it("has many faint and few bright sources", () => {
    const counts = simulateSky()
      .sources.map(({ expectedCounts }) => expectedCounts)
      .sort((a, b) => a - b);
    expect(counts[600]!).toBeLessThan(60);
    expect(counts[1195]!).toBeGreaterThan(1500);
    expect(counts[0]!).toBeGreaterThan(5);
  });

  it("depends on the seed and on nothing else", () => {
    const hash = createHash("sha256");
    for (const { name, bytes } of skyProducts(simulateSky({ nSources: 12, seed: 3 }))) hash.update(name).update(bytes);
    expect(hash.digest("hex")).toMatchInlineSnapshot(
      `"e632cc259b2e88999746db58a7f18dfbf27d34732497488f626eee063747a4e1"`,
    );
    expect(simulateSky({ nSources: 12, seed: 4 }).sources[0]!.name).not.toBe(
      simulateSky({ nSources: 12, seed: 3 }).sources[0]!.name,
    );
  });

  it("refuses impossible sizes", () => {
    expect(() => simulateSky({ nSources: 0 })).toThrow("nSources must be an integer within 1–9999: current value is 0");
  });
});

describe("photons", () => {
  it("are as many as the true rate says, over all sources", () => {
    let [chi2, difference, total] = [0, 0, 0];
    sky.sources.forEach((source, index) => {
      const { gti, originSec } = sky.fields[source.field]!;
      // Midpoint rule on frames: what a benchmark would do with trueRate.
      let expected = 0;
      for (let i = 0; i < gti.startSec.length; i++) {
        const n = Math.round((gti.stopSec[i]! - gti.startSec[i]!) / FRAME_TIME_SEC);
        const times = Float64Array.from(
          { length: n },
          (_, k) => originSec + gti.startSec[i]! + (k + 0.5) * FRAME_TIME_SEC,
        );
        expected += trueRate(source, times).b.reduce((sum, rate) => sum + rate * FRAME_TIME_SEC, 0);
      }
      const found = photonsOf(sky, index).energyKeV.filter((energy) => energy >= 0.5 && energy <= 7).length;
      chi2 += (found - expected) ** 2 / expected;
      difference += found - expected;
      total += expected;
    });
    // Poisson: the total within 4 standard deviations; Pearson's sum has mean 240 and standard deviation √480 ≈ 22.
    expect(Math.abs(difference)).toBeLessThan(4 * Math.sqrt(total));
    expect(Math.abs(chi2 - 240)).toBeLessThan(4 * 24);
  });

  it("lie in the middles of frames, inside the good time and the region", () => {
    sky.sources.slice(0, 60).forEach((source, index) => {
      const { originSec, gti } = sky.fields[source.field]!;
      const photons = photonsOf(sky, index);
      photons.timeSec.forEach((time, i) => {
        const seconds = time - originSec;
        expect(seconds / FRAME_TIME_SEC - Math.floor(seconds / FRAME_TIME_SEC)).toBeCloseTo(0.5, 3);
        expect(gti.startSec.some((start, g) => seconds > start && seconds < gti.stopSec[g]!)).toBe(true);
        expect(Math.hypot(photons.x[i]! - source.x, photons.y[i]! - source.y)).toBeLessThan(source.radiusPx + 1e-3);
      });
    });
  });
});

describe("fast transients", () => {
  it("soften as XRT 200515 does, with a quarter of the photons in the first 10 s", () => {
    const large = simulateSky();
    const windows = [
      [-10, 10],
      [10, 200],
      [200, 810],
    ] as const;
    const counts = windows.map(() => ({ hard: 0, soft: 0 }));
    let [first, all] = [0, 0];
    large.sources.forEach((source, index) => {
      if (source.kind !== "transient") return;
      const { timeSec, energyKeV, origin } = photonsOf(large, index);
      timeSec.forEach((time, i) => {
        if (energyKeV[i]! < 0.5 || energyKeV[i]! > 7 || origin[i]! < 0) return;
        const since = time - source.originSec - source.eventSec;
        all++;
        if (since < 10) first++;
        const window = windows.findIndex(([from, to]) => since >= from && since < to);
        if (window >= 0) counts[window]![energyKeV[i]! >= 2 ? "hard" : "soft"]++;
      });
    });
    const ratios = counts.map(({ hard, soft }) => (hard - soft) / (hard + soft));
    // Published: .93, .63, .44 and a quarter; a family of 60 with its own parameters comes within 0.12.
    const distances = [0.93, 0.63, 0.44].map((published, i) => Math.abs(ratios[i]! - published));
    expect(Math.max(...distances)).toBeLessThan(0.12);
    expect(Math.abs(first / all - 0.25)).toBeLessThan(0.05);
  });
});

describe("skyProducts()", () => {
  it("names and fills event files as the archive does", () => {
    const events = products.filter(({ kind }) => kind === "events");
    expect(events.length).toBe(240);
    const file = readFits(events[0]!.bytes, { name: events[0]!.name });
    expect(events[0]!.name).toMatch(/^acisf\d{5}_\d{3}N\d{3}_r\d{4}_regevt3\.fits\.gz$/);
    const table = file.table("EVENTS");
    expect(table.header.number("TIMEDEL")).toBe(3.14104);
    expect(table.header.number("EXPOSURE")).toBeCloseTo(table.header.number("ONTIME") * 0.98693, 6);
    expect(table.header.number("BKGRATE")).toBe(sky.sources[0]!.backgroundRate);
    expect(Array.from(table.column("time").data as Float64Array)).toEqual(Array.from(photonsOf(sky, 0).timeSec));
    expect(table.column("energy").unit).toBe("eV");
    const gti = file.table("GTI");
    expect((gti.column("START").data as Float64Array)[0]).toBe(sky.fields[sky.sources[0]!.field]!.originSec);
  });

  it("measures what was simulated", () => {
    const observations = table("observations");
    const column = (name: string) => observations.column(name).data as Float64Array;
    const [hard, gamma, index] = [column("hard_ms"), column("powlaw_gamma"), column("var_index_b")];
    const rows = (test: (source: (typeof sky.sources)[number]) => boolean) =>
      sky.sources.flatMap((source, row) => (test(source) ? [row] : []));
    const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
    const ofShape = (data: Float64Array, shape: string) =>
      median(
        rows((one) => one.shape === shape && one.kind !== "flaring")
          .map((row) => data[row]!)
          .filter(Number.isFinite),
      );
    expect(ofShape(hard, "absorbed")).toBeGreaterThan(ofShape(hard, "agn"));
    expect(ofShape(hard, "agn")).toBeGreaterThan(ofShape(hard, "supersoft"));
    // Mean photon index of the simulated nuclei is 1.8 ± 0.25; some 20 of them.
    expect(Math.abs(ofShape(gamma, "agn") - 1.8)).toBeLessThan(0.35);
    const variable = (kind: string) =>
      rows((one) => one.kind === kind).filter((row) => index[row]! >= 6).length /
      rows((one) => one.kind === kind).length;
    expect(variable("constant")).toBeLessThan(0.05);
    expect(variable("flaring")).toBeGreaterThan(0.9);
    expect(variable("transient")).toBe(1);
    expect(variable("qpe")).toBeGreaterThan(0.9);
  });

  it("gives the twelve features of the mixture, finite for most sources with a spectral fit", () => {
    const observations = table("observations");
    const column = (name: string) => observations.column(name).data as Float64Array;
    const fitted = Array.from(column("powlaw_gamma").keys()).filter((row) =>
      Number.isFinite(column("powlaw_gamma")[row]),
    );
    const names = [
      "hard_hm",
      "hard_hs",
      "hard_ms",
      "bb_kt",
      "var_prob_b",
      "var_prob_h",
      "var_prob_s",
      "var_mean_b",
      "var_sigma_b",
      "var_max_b",
      "var_min_b",
      "var_mean_h",
      "var_sigma_h",
      "var_mean_s",
      "var_sigma_s",
    ];
    const complete = fitted.filter((row) => names.every((name) => Number.isFinite(column(name)[row])));
    expect(fitted.length).toBeGreaterThan(100);
    expect(complete.length / fitted.length).toBeGreaterThan(0.8);
  });

  it("keeps master, observations and truth in one order, and the truth apart", () => {
    const names = sky.sources.map(({ name }) => name);
    expect(table("master").column("name").data).toEqual(names);
    expect(table("observations").column("name").data).toEqual(names);
    const truth = readTruth(product("truth").bytes);
    expect(truth.map(({ name }) => name)).toEqual(names);
    sky.sources.forEach((source, row) => {
      const times = [source.originSec + 100, source.originSec + 5000.5, source.originSec + 20_000];
      expect(trueRate(truth[row]!, times)).toEqual(trueRate(source, times));
      expect(truth[row]!.kind).toBe(source.kind);
    });
    const columns = table("observations").columns.map(({ name }) => name);
    expect(columns).not.toContain("kind");
  });
});

describe("formatSourceName()", () => {
  it("truncates as the catalogue does", () => {
    expect(formatSourceName(10.66666, 41.27999)).toBe("2CXO J004239.9+411647");
    expect(formatSourceName(0.0001, -0.5)).toBe("2CXO J000000.0-003000");
  });
});
