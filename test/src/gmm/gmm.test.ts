import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Matrix } from "../../../src/array/index.ts";
import { type CovarianceType, fitBicCurve, fitGmm, GaussianMixture } from "../../../src/gmm/index.ts";
import { DISPLAY } from "../../../src/host/index.ts";
import { bicCurve, gmm } from "../../../src/jobs/gmm.ts";
import { Rng } from "../../../src/random/index.ts";
import { fixtureData } from "./fixture-data.ts";

const fixture = JSON.parse(readFileSync(new URL("../../fixtures/gmm/mixture.json", import.meta.url), "utf8"));
const { k: nComponents } = fixture.data;
const data = fixtureData(fixture.data);
const largestDifference = (ours: Iterable<number>, theirs: readonly number[]) =>
  [...ours].reduce((worst, value, at) => Math.max(worst, Math.abs(value - theirs[at])), 0);

test("fixtureData() makes the rows that the generator made", () => {
  expect(largestDifference(data.data.subarray(0, data.shape[1]), fixture.data.first_row)).toBeLessThan(1e-12);
  expect(data.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(fixture.data.sum, 8);
});

for (const covarianceType of ["full", "tied", "diag", "spherical"] as CovarianceType[]) {
  test(`fitGmm() agrees with scikit-learn from the same start when covariances are ${covarianceType}`, () => {
    const theirs = fixture.cases[covarianceType];
    const fit = fitGmm(data, {
      nComponents,
      covarianceType,
      tolerance: 1e-7,
      maxIter: 400,
      init: { ...fixture.init, precisions: theirs.precisions },
    });
    expect(fit.nIter).toBe(theirs.n_iter);
    expect(fit.converged).toBe(theirs.converged);
    expect(Math.abs(fit.logLikelihood - theirs.log_likelihood)).toBeLessThan(1e-8);
    expect(Math.abs(fit.bic - theirs.bic)).toBeLessThan(1e-7);
    expect(Math.abs(fit.aic - theirs.aic)).toBeLessThan(1e-7);
    expect(largestDifference(fit.mixture.weights, theirs.weights)).toBeLessThan(1e-9);
    expect(largestDifference(fit.mixture.means.data, theirs.means.flat())).toBeLessThan(1e-9);
    expect(largestDifference(fit.mixture.covariances.data, theirs.covariances.flat(Infinity))).toBeLessThan(1e-9);
    const every10th = Array.from(theirs.responsibilities as number[][], (_, at) =>
      Array.from(fit.responsibilities.data.subarray(at * 10 * nComponents, (at * 10 + 1) * nComponents)),
    );
    expect(largestDifference(every10th.flat(), theirs.responsibilities.flat())).toBeLessThan(1e-8);
  });
}

test("fitGmm() recovers the components of a sampled mixture from a k-means start", () => {
  const truth = new GaussianMixture({
    weights: [0.5, 0.3, 0.2],
    means: [
      [0, 0],
      [6, 0],
      [0, 6],
    ],
    covariances: [
      [
        [1, 0.5],
        [0.5, 1],
      ],
      [
        [0.5, 0],
        [0, 2],
      ],
      [
        [1, -0.3],
        [-0.3, 0.4],
      ],
    ],
  });
  const { data: sample } = truth.sample(6000, new Rng(5));
  const { mixture } = fitGmm(sample, { nComponents: 3, seed: 1 });
  const order = [0, 1, 2].sort((i, j) => mixture.weights[j] - mixture.weights[i]);
  // Standard errors: √(w(1−w)/n) ≈ 0.006 for weights, 1/√(n w) ≤ 0.03 for means; four of them.
  order.forEach((k, at) => {
    expect(Math.abs(mixture.weights[k] - truth.weights[at])).toBeLessThan(0.026);
    expect(Math.abs(mixture.means.data[2 * k] - truth.means.data[2 * at])).toBeLessThan(0.12);
    expect(Math.abs(mixture.means.data[2 * k + 1] - truth.means.data[2 * at + 1])).toBeLessThan(0.12);
  });
});

test("fitGmm() gives the same numbers for the same seed", () => {
  const [one, two] = [7, 7].map((seed) => fitGmm(data, { nComponents: 4, seed, nInit: 2 }));
  expect(one.responsibilities.data).toEqual(two.responsibilities.data);
});

test("fitGmm() does not change its input and never lowers the likelihood", () => {
  const before = data.data.slice();
  const bounds: number[] = [];
  fitGmm(
    data,
    { nComponents: 5, tolerance: 0, maxIter: 40, regCovar: 0 },
    { report: ({ values }) => bounds.push(values?.logLikelihood as number), stopped: () => false },
  );
  expect(data.data).toEqual(before);
  expect(bounds).toHaveLength(40);
  for (let at = 1; at < bounds.length; at++) expect(bounds[at]).toBeGreaterThanOrEqual(bounds[at - 1] - 1e-12);
});

test("fitGmm() hands over the fit so far when stopped", () => {
  let reports = 0;
  const context = { report: () => reports++, stopped: () => reports >= 3 };
  const fit = fitGmm(data, { nComponents: 5, tolerance: 0 }, context);
  expect(fit.nIter).toBe(3);
  expect(fit.converged).toBe(false);
});

test("fitGmm() names what is wrong", () => {
  const rows = { data: new Float64Array(240).map((_, at) => Math.sin(at)), shape: [120, 2] } as const;
  expect(() => fitGmm(rows, { nComponents: 0 })).toThrow(
    "Cannot fit GMM: nComponents must be 1–120 (number of rows): current value is 0",
  );
  const holed = { data: rows.data.slice(), shape: rows.shape };
  holed.data[7] = Number.NaN;
  expect(() => fitGmm(holed, { nComponents: 2 })).toThrow("data must be finite numbers: row 3, column 1 is NaN");
  const flat: Matrix = { data: new Float64Array(240).map((_, at) => (at % 2 ? 0 : at)), shape: [120, 2] };
  expect(() => fitGmm(flat, { nComponents: 2, regCovar: 0 })).toThrow(
    /the covariance of component 0 must be positive definite: it is singular at feature 1: raise regCovar/,
  );
  expect(() => fitGmm([[1, 2], [3]], { nComponents: 1 })).toThrow("row 1 has 1");
  expect(() => new GaussianMixture({ weights: [0.5, 0.6], means: [[0], [1]], covariances: [[[1]], [[1]]] })).toThrow(
    "weights must be >= 0 and sum to 1",
  );
});

test("GaussianMixture.mahalanobis() is |x − μ| in units of σ on a diagonal covariance", () => {
  const mixture = new GaussianMixture({ weights: [1], means: [[1, 2]], covariances: [[4, 9]], covarianceType: "diag" });
  const { data: distances } = mixture.mahalanobis([
    [1, 2],
    [3, 2],
    [1, 8],
    [3, 5],
    [1, 2],
  ]);
  expect(largestDifference(distances, [0, 1, 2, Math.SQRT2, 0])).toBeLessThan(1e-15);
});

test("GaussianMixture.scoreSamples() stays finite where every density underflows", () => {
  const mixture = new GaussianMixture({ weights: [0.5, 0.5], means: [[0], [1]], covariances: [[[1]], [[1]]] });
  expect(mixture.scoreSamples([[1e4]])[0]).toBeCloseTo(
    Math.log(0.5) - 0.5 * Math.log(2 * Math.PI) - 0.5 * 9999 ** 2,
    3,
  );
  expect([...mixture.predictProba([[1e4]]).data]).toEqual([0, 1]);
});

test("GaussianMixture survives JSON with the same numbers", () => {
  const { mixture } = fitGmm(data, { nComponents: 3 });
  const copy = new GaussianMixture(JSON.parse(JSON.stringify(mixture)));
  expect(copy.scoreSamples(data)).toEqual(mixture.scoreSamples(data));
});

test("fitBicCurve() is lowest at the number of components that the sample has", () => {
  const truth = new GaussianMixture({
    weights: [0.4, 0.3, 0.3],
    means: [
      [0, 0],
      [5, 1],
      [0, 6],
    ],
    covariances: [1, 0.8, 1.2],
    covarianceType: "spherical",
  });
  const curve = fitBicCurve(truth.sample(900, new Rng(3)).data, { nComponents: [1, 2, 3, 4, 5], seed: 2 });
  expect(curve.best).toBe(3);
  expect(curve.gradient).toHaveLength(5);
  expect(curve[DISPLAY]()["text/plain"]).toContain("lowest at K = 3");
});

test("gmm() fits in a worker, reports iterations and shows a table", async () => {
  const seen: number[] = [];
  const fit = await gmm(data, { nComponents, seed: 1, onProgress: ({ done }) => seen.push(done) });
  expect(fit.responsibilities.data).toEqual(fitGmm(data, { nComponents, seed: 1 }).responsibilities.data);
  expect(seen.length).toBe(fit.nIter);
  const shown = fit[DISPLAY]();
  expect(shown["text/plain"]).toContain(`BIC = ${fit.bic.toFixed(2)}`);
  expect(shown["text/html"].match(/<tr>/g)).toHaveLength(nComponents + 1);
});

test("gmm() returns early with what it has when the signal aborts", async () => {
  const fit = await gmm(data, { nComponents, maxIter: 100_000, tolerance: 0, signal: AbortSignal.abort() });
  expect(fit.converged).toBe(false);
  expect(fit.nIter).toBe(1);
});

test("gmm() rejects with the method's own error", async () => {
  await expect(gmm(data, { nComponents: 1000 })).rejects.toThrow("nComponents must be 1–600");
});

test("bicCurve() gives the worker's curve", async () => {
  const curve = await bicCurve(data, { nComponents: [1, 2], nInit: 1 });
  expect(curve.bic).toEqual(fitBicCurve(data, { nComponents: [1, 2], nInit: 1 }).bic);
});
