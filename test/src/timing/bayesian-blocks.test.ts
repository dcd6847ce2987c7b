import { describe, expect, it } from "vitest";
import { DISPLAY } from "../../../src/host/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { partitionBlocks } from "../../../src/timing/block-partition.ts";
import { adaptiveLightCurve, bayesianBlocks, blockPrior } from "../../../src/timing/index.ts";
import { deviation, peers, photonsAt } from "./peers.ts";

/** Scargle's dynamic programme as he writes it, O(n²). */
function naivePartition(counts: number[], lengths: number[], penalty: number): number[] {
  const best = [0];
  const last = [0];
  for (let end = 1; end <= counts.length; end++) {
    best[end] = Number.NEGATIVE_INFINITY;
    for (let start = 0; start < end; start++) {
      const n = counts.slice(start, end).reduce((a, b) => a + b);
      const value = best[start]! + n * Math.log(n / lengths.slice(start, end).reduce((a, b) => a + b)) - penalty;
      if (value > best[end]!) [best[end], last[end]] = [value, start];
    }
  }
  const starts: number[] = [];
  for (let end = counts.length; end > 0; end = last[end]!) starts.unshift(last[end]!);
  return starts;
}

describe("partitionBlocks()", () => {
  it("finds the same optimum as the dynamic programme without pruning", () => {
    const rng = new Rng(5);
    for (let trial = 0; trial < 60; trial++) {
      const n = 5 + rng.integer(60);
      const counts = Array.from({ length: n }, () => 1 + rng.integer(3));
      const lengths = Array.from({ length: n }, (_, i) => rng.exponential() * (i % 20 < 10 ? 1 : 5) + 1e-6);
      const penalty = 5 * rng.uniform();
      expect(Array.from(partitionBlocks(counts, lengths, penalty))).toEqual(naivePartition(counts, lengths, penalty));
    }
  });

  it("takes about as long per photon for many photons as for few", () => {
    const rng = new Rng(6);
    const lengths = Array.from({ length: 100_000 }, () => rng.exponential());
    const began = performance.now();
    partitionBlocks(new Uint8Array(100_000).fill(1), lengths, 12);
    // The programme without pruning needs a minute for this
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe("bayesianBlocks()", () => {
  it("has astropy's edges to 1e-9", () => {
    expect(peers.blocks).toHaveLength(6);
    for (const { times, p0, edges } of peers.blocks) {
      const photons = photonsAt(times, [[-1, 1001]]);
      // Scargle's prior counts photons, astropy's distinct times
      const ncpPrior = blockPrior(p0, new Set(times).size);
      const found = bayesianBlocks(photons, { ncpPrior, extent: "photons" });
      expect(deviation(found.edgesSec, edges)).toBeLessThan(1e-9);
      if (new Set(times).size === times.length) {
        expect(bayesianBlocks(photons, { p0, extent: "photons" }).edgesSec).toEqual(found.edgesSec);
      }
    }
  });

  it("takes a penalty, as astropy does", () => {
    const [{ times, ncp_prior, edges }] = peers.blocks_prior;
    const found = bayesianBlocks(photonsAt(times, [[0, 1000]]), { ncpPrior: ncp_prior, extent: "photons" });
    expect(edges.length).toBeGreaterThan(10);
    expect(deviation(found.edgesSec, edges)).toBeLessThan(1e-9);
  });

  it("begins no block at a gap, and puts gaps back into the edges", () => {
    const rng = new Rng(8);
    const good = [
      [0, 300],
      [5000, 5400],
      [9000, 9300],
    ];
    const times = good.flatMap(([a, b]) => Array.from({ length: b! - a! }, () => a! + (b! - a!) * rng.uniform()));
    const blocks = bayesianBlocks(photonsAt(times, good), { p0: 0.01 });
    expect(Array.from(blocks.edgesSec)).toEqual([0, 9300]);
    expect(blocks.lightCurve.exposureSec[0]).toBe(1000);
    const flare = Array.from({ length: 60 }, () => 5200 + 20 * rng.uniform());
    const changed = bayesianBlocks(photonsAt([...times, ...flare], good), { p0: 0.01 });
    expect(changed.length).toBe(3);
    expect(Math.abs(changed.edgesSec[1]! - 5200)).toBeLessThan(2);
    expect(Math.abs(changed.edgesSec[2]! - 5220)).toBeLessThan(2);
    expect(changed[DISPLAY]()["text/html"]).toContain("<svg");
    expect(changed[DISPLAY]()["text/plain"]).toContain("3 blocks from 1,060 counts");
  });

  it("finds changes in a constant source with chance p0", () => {
    let found = 0;
    for (let seed = 0; seed < 400; seed++) {
      const rng = new Rng(seed, 9);
      const times = Array.from({ length: 100 }, () => 1000 * rng.uniform());
      if (bayesianBlocks(photonsAt(times, [[0, 1000]]), { p0: 0.05 }).length > 1) found++;
    }
    // Binomial 400 × 0.05 = 20 ± 4.4; the prior is a fit to simulations that is good to a factor of 2
    expect(found).toBeGreaterThan(6);
    expect(found).toBeLessThan(44);
  });

  it("makes one block of one photon or none", () => {
    expect(bayesianBlocks(photonsAt([], [[0, 10]])).length).toBe(1);
    expect(Array.from(bayesianBlocks(photonsAt([4], [[0, 10]])).edgesSec)).toEqual([0, 10]);
  });

  it("rejects a p0 that is no chance, and no good time", () => {
    expect(() => bayesianBlocks(photonsAt([1], [[0, 10]]), { p0: 0 })).toThrow(/p0 must be above 0.*value is 0/);
    expect(() => bayesianBlocks(photonsAt([1], []))).toThrow(/there must be good time/);
  });
});

describe("adaptiveLightCurve()", () => {
  it("fills bins evenly and keeps every photon and second", () => {
    const rng = new Rng(3);
    const good = [
      [0, 400],
      [600, 1000],
    ];
    const times = good.flatMap(([a, b]) => Array.from({ length: 512 }, () => a! + (b! - a!) * rng.uniform()));
    const curve = adaptiveLightCurve(photonsAt(times, good), { minSnr: 5 });
    expect(curve.length).toBe(40);
    expect(curve.totalCounts).toBe(1024);
    expect(Array.from(curve.counts.subarray(0, -1))).toEqual(Array(39).fill(25));
    expect(curve.exposureSec.reduce((a, b) => a + b)).toBeCloseTo(800, 9);
    expect(curve.binSec).toBeNaN();
    expect(curve[DISPLAY]()["text/plain"]).toContain("40 bins, broad");
  });

  it("rejects two rules at once", () => {
    expect(() => adaptiveLightCurve(photonsAt([1], [[0, 10]]), { minCounts: 3, minSnr: 2 })).toThrow(/either/);
  });
});
