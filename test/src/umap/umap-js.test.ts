import { UMAP as UmapJs } from "umap-js";
import { expect, test } from "vitest";
import { Rng } from "../../../src/random/index.ts";
import { trustworthiness, UMAP } from "../../../src/umap/index.ts";
import { fixtureData } from "./fixture-data.ts";

const { data } = fixtureData({ kind: "blobs", n: 330, d: 6, k: 3, seed: 3 });
const all = Array.from({ length: 330 }, (_, row) => [...data.subarray(row * 6, row * 6 + 6)]);
const rows = all.slice(0, 300);
const fresh = all.slice(300);

/** The same calls on either class. */
function use(Class: typeof UMAP | typeof UmapJs): number {
  const rng = new Rng(1);
  const umap = new Class({ nNeighbors: 12, minDist: 0.2, nEpochs: 200, random: () => rng.uniform() });
  return trustworthiness(rows, umap.fit(rows));
}

test("UMAP embeds at least as well as umap-js under the same calls", () => {
  // Seeds of either differ by about 0.005 at this size.
  expect(use(UMAP)).toBeGreaterThan(use(UmapJs) - 0.01);
});

test("UMAP.transform() places new rows as well as fitted ones", () => {
  // No oracle here: umap-js 1.4.0 does not come back from transform() on these rows.
  const umap = new UMAP({ nNeighbors: 12, minDist: 0.2, nEpochs: 200 });
  const embedding = umap.fit(rows);
  const together = [...embedding, ...umap.transform(fresh)];
  expect(trustworthiness(all, together)).toBeGreaterThan(trustworthiness(rows, embedding) - 0.01);
});

test("UMAP.fitAsync() ends early when the callback returns false", async () => {
  const epochs: number[] = [];
  await new UMAP({ nEpochs: 10_000_000 }).fitAsync(rows, (epoch) => {
    epochs.push(epoch);
    return epochs.length < 2;
  });
  expect(epochs).toHaveLength(2);
});

test("UMAP.transform() says that fit() must come first", () => {
  expect(() => new UMAP().transform(rows)).toThrow("Cannot transform by UMAP: fit() must have been called");
});
