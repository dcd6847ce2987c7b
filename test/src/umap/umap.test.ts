import { expect, test } from "vitest";
import type { Matrix } from "../../../src/array/index.ts";
import type { JobProgress } from "../../../src/jobs/index.ts";
import { umap } from "../../../src/jobs/umap.ts";
import { fitUmap, fitUmapModel, transformUmap, trustworthiness, type UmapOptions } from "../../../src/umap/index.ts";
import { fixtureData } from "./fixture-data.ts";

const blobs = fixtureData({ kind: "blobs", n: 300, d: 6, k: 3, seed: 3 });
const far = { data: blobs.data.map((value, at) => value + 100 * (Math.floor(at / 6) % 3)), shape: blobs.shape };

/** Whether each row's nearest in the embedding is of its own cluster (rows take turns). */
function purity(embedding: { data: Float32Array; shape: readonly [number, number] }, clusters: number): number {
  const [n, d] = embedding.shape;
  let pure = 0;
  for (let row = 0; row < n; row++) {
    let nearest = -1;
    let least = Infinity;
    for (let other = 0; other < n; other++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += (embedding.data[row * d + j] - embedding.data[other * d + j]) ** 2;
      if (other !== row && sum < least) [least, nearest] = [sum, other];
    }
    if (nearest % clusters === row % clusters) pure++;
  }
  return pure / n;
}

test("fitUmap() gives the same embedding for the same seed and another for another", () => {
  const [one, again, other] = [1, 1, 2].map((seed) => fitUmap(blobs, { seed, nEpochs: 50 }));
  expect(one.data).toEqual(again.data);
  expect(one.data).not.toEqual(other.data);
});

test("fitUmap() keeps far clusters apart and says how it started them", () => {
  const messages: string[] = [];
  const context = { report: ({ message = "" }) => void messages.push(message), stopped: () => false };
  expect(purity(fitUmap(far, { seed: 1, nEpochs: 100 }, context), 3)).toBe(1);
  expect(messages).toContainEqual(expect.stringContaining("falls into 3 parts"));
});

test("fitUmap() gives every row coordinates beyond the exact search, in the caller's order", () => {
  const data = fixtureData({ kind: "blobs", n: 4500, d: 6, k: 3, seed: 3 });
  const apart = { data: data.data.map((value, at) => value + 100 * (Math.floor(at / 6) % 3)), shape: data.shape };
  const embedding = fitUmap(apart, { seed: 1, nEpochs: 20 });
  expect(embedding.data.every(Number.isFinite)).toBe(true);
  expect(purity(embedding, 3)).toBe(1);
});

for (const options of [
  { nComponents: 1 },
  { nComponents: 3 },
  { init: "random" },
  { init: "pca" },
  { nNeighbors: 2 },
  { nNeighbors: 100 },
  { minDist: 0 },
  { spread: 2, minDist: 0.5 },
  { setOpMixRatio: 0.5, localConnectivity: 1.5, repulsionStrength: 2, negativeSampleRate: 10, learningRate: 0.5 },
] as UmapOptions[]) {
  test(`fitUmap() keeps neighbourhoods with ${JSON.stringify(options)}`, () => {
    const embedding = fitUmap(blobs, { seed: 1, nEpochs: 200, ...options });
    expect(embedding.shape).toEqual([300, options.nComponents ?? 2]);
    // A random layout has 0.5; nNeighbors 2 leaves the graph in shreds, one dimension folds.
    expect(trustworthiness(blobs, embedding)).toBeGreaterThan(options.nNeighbors === 2 ? 0.7 : 0.85);
  });
}

test("fitUmap() starts from given coordinates", () => {
  const start = { data: Float64Array.from({ length: 600 }, (_, at) => (at * 7919) % 600), shape: [300, 2] } as const;
  const embedding = fitUmap(blobs, { init: start, nEpochs: 0 });
  const scale = 10 / (Math.max(...start.data) - Math.min(...start.data));
  expect(embedding.data[5] - embedding.data[3]).toBeCloseTo((start.data[5] - start.data[3]) * scale, 1);
});

test("fitUmap() takes duplicates, tiny data and rows as arrays", () => {
  const some = blobs.data.subarray(0, 300);
  const twice: Matrix = { data: Float64Array.of(...some, ...some), shape: [100, 6] };
  expect(fitUmap(twice, { seed: 1 }).data.every(Number.isFinite)).toBe(true);
  expect(fitUmap([[0], [1], [3]], { nNeighbors: 2, seed: 1 }).data.every(Number.isFinite)).toBe(true);
  const same = Array.from({ length: 40 }, () => [1, 2]);
  expect(fitUmap(same, { seed: 1, nNeighbors: 5 }).data.every(Number.isFinite)).toBe(true);
});

test("fitUmap() names what is wrong", () => {
  const holed = { data: blobs.data.slice(), shape: blobs.shape };
  holed.data[6 * 17 + 4] = Number.NaN;
  expect(() => fitUmap(holed)).toThrow("Cannot fit UMAP: data must be finite numbers: row 17, column 4 is NaN");
  expect(() => fitUmap(blobs, { nNeighbors: 300 })).toThrow(
    "Cannot fit UMAP: nNeighbors must be 2–299 (number of rows − 1): current value is 300",
  );
  expect(() => fitUmap(blobs, { minDist: 2 })).toThrow("minDist must be 0–1 (spread): current value is 2");
  expect(() => fitUmap([[1], [2]])).toThrow("at least 3 rows");
  expect(() =>
    fitUmap(
      [
        [0, 0],
        [1, 2],
        [1, 1],
        [2, 1],
      ],
      { metric: "cosine", nNeighbors: 2 },
    ),
  ).toThrow("row 0 is");
});

test("umap() embeds in a worker with progress, the same as fitUmap()", async () => {
  const seen: JobProgress[] = [];
  const embedding = await umap(blobs, { seed: 4, nEpochs: 100, onProgress: (progress) => seen.push(progress) });
  expect(embedding.data).toEqual(fitUmap(blobs, { seed: 4, nEpochs: 100 }).data);
  expect(seen[0].message).toContain("finding neighbours");
  expect(seen.at(-1)).toMatchObject({ done: 100, total: 100 });
});

test("umap() gives the layout so far when stopped", async () => {
  const stop = new AbortController();
  const embedding = await umap(blobs, {
    seed: 4,
    nEpochs: 1_000_000,
    signal: stop.signal,
    onProgress: ({ done }) => done > 0 && stop.abort(),
  });
  expect(trustworthiness(blobs, embedding)).toBeGreaterThan(0.8);
});

test("umap() rejects when stopped before there is a layout", async () => {
  await expect(umap(blobs, { signal: AbortSignal.abort() })).rejects.toThrow("stopped before the layout began");
});

test("umap() on several threads without a seed keeps neighbourhoods as one thread with a seed does", async () => {
  const data = fixtureData({ kind: "blobs", n: 1500, d: 10, k: 8, seed: 11 });
  const [alone, together] = await Promise.all([
    umap(data, { seed: 1, nEpochs: 200 }),
    umap(data, { threads: 3, nEpochs: 200 }),
  ]);
  // Seeds differ by 0.001 here.
  expect(trustworthiness(data, together)).toBeGreaterThan(trustworthiness(data, alone) - 0.01);
});

for (const n of [1200, 16_000]) {
  test(`umap.fit() places new rows among their like, ${n} fitted`, async () => {
    const all = fixtureData({ kind: "blobs", n: n + 300, d: 10, k: 6, seed: 17 });
    const fitted = { data: all.data.subarray(0, n * 10), shape: [n, 10] } as const;
    const fresh = { data: all.data.subarray(n * 10), shape: [300, 10] } as const;
    const projection = await umap.fit(fitted, { seed: 1, nEpochs: 60 });
    const placed = await projection.transform(fresh);
    const sums = new Float64Array(6 * 3);
    projection.embedding.data.forEach((value, at) => {
      sums[(Math.floor(at / 2) % 6) * 3 + (at % 2)] += value / (n / 6);
    });
    let right = 0;
    for (let row = 0; row < 300; row++) {
      const gap = (k: number) =>
        Math.hypot(placed.data[2 * row] - sums[k * 3], placed.data[2 * row + 1] - sums[k * 3 + 1]);
      const nearest = [0, 1, 2, 3, 4, 5].sort((i, j) => gap(i) - gap(j))[0];
      if (nearest === (n + row) % 6) right++;
    }
    // The clusters are apart: each fitted row is nearest to its own centre, and so should nearly all new ones be.
    expect(right / 300).toBeGreaterThan(0.98);
  });
}

test("transformUmap() leaves fitted rows where they are", () => {
  const model = fitUmapModel(far, { seed: 1, nEpochs: 100 });
  const before = model.embedding.data.slice();
  const again = transformUmap(model, far, { nEpochs: 30 });
  const shifts = again.data.map((value, at) => Math.abs(value - before[at])).sort();
  const size = Math.max(...before) - Math.min(...before);
  expect(model.embedding.data).toEqual(before);
  expect(shifts[300] / size).toBeLessThan(0.02);
  expect(() => transformUmap(model, [[1, 2]])).toThrow("data must have 6 columns");
});
