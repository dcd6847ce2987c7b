import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { classificationScores, growClassifier, growRegressor, regressionScores } from "../../../src/learn/index.ts";

/** Written by test/fixtures/learn/learn_sklearn.py. */
const peer = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../fixtures/learn/sklearn.json"), "utf8"));
const table = (x: readonly number[]) => ({ data: Float64Array.from(x), shape: [x.length / 6, 6] as const });
const train = table(peer.train.x);
const test = table(peer.test.x);

describe("growClassifier()", () => {
  it("is as often right as scikit-learn's forest", () => {
    const accuracy = [0, 1, 2, 3].map((seed) => {
      const predicted = growClassifier(train, peer.train.kind, { seed }).predict(test);
      return classificationScores(peer.test.kind, predicted).accuracy;
    });
    const mean = accuracy.reduce((sum, value) => sum + value, 0) / 4;
    // Four standard deviations of a mean of four forests: different random numbers, same method.
    expect(Math.abs(mean - peer.accuracy.mean)).toBeLessThan(2 * peer.accuracy.sd);
  });

  it("gives probabilities that add up to 1 and the same for the same seed", () => {
    const forest = growClassifier(train, peer.train.kind, { seed: 3, nTrees: 10 });
    const { data } = forest.probabilities(test);
    for (let i = 0; i < data.length; i += 3) expect(data[i]! + data[i + 1]! + data[i + 2]!).toBeCloseTo(1, 12);
    expect(growClassifier(train, peer.train.kind, { seed: 3, nTrees: 10 }).probabilities(test).data).toEqual(data);
    expect(growClassifier(train, peer.train.kind, { seed: 4, nTrees: 10 }).probabilities(test).data).not.toEqual(data);
  });

  it("learns its training rows by heart, and no more than a leaf allows", () => {
    const whole = growClassifier(train, peer.train.kind).predict(train);
    expect(classificationScores(peer.train.kind, whole).accuracy).toBe(1);
    const stump = growClassifier(train, peer.train.kind, { minLeafRows: 400 }).predict(train);
    expect(new Set(stump).size).toBe(1);
  });

  it("names what does not fit", () => {
    expect(() => growClassifier([[1], [Number.NaN]], ["a", "b"])).toThrow("row 1, column 0 is NaN");
    expect(() => growClassifier([[1], [2]], ["a"])).toThrow("one value per row, 2: current number is 1");
    expect(() => growClassifier([[1], [2]], ["a", "b"], { nTrees: 0 })).toThrow("nTrees must be an integer within");
    expect(() => growClassifier([[1], [2]], ["a", "b"]).predict([[1, 2]])).toThrow("the 1 features it was grown on");
  });
});

describe("growRegressor()", () => {
  it("errs as scikit-learn's forest does", () => {
    const errors = [0, 1, 2, 3].map(
      (seed) => regressionScores(peer.test.value, growRegressor(train, peer.train.value, { seed }).predict(test)).mse,
    );
    const mean = errors.reduce((sum, value) => sum + value, 0) / 4;
    expect(Math.abs(mean - peer.mse.mean)).toBeLessThan(2 * peer.mse.sd);
  });
});

describe("scores", () => {
  it("are scikit-learn's", () => {
    const { called, guess, ...expected } = peer.scores;
    const scores = classificationScores(peer.test.kind, called);
    expect(scores.macroF1).toBeCloseTo(expected.macroF1, 12);
    expect(scores.balancedAccuracy).toBeCloseTo(expected.balancedAccuracy, 12);
    scores.classes.forEach(({ name, precision, recall, f1, support }, k) => {
      expect(name).toBe("abc"[k]);
      expect([precision, recall, f1]).toEqual(
        [expected.precision[k], expected.recall[k], expected.f1[k]].map((value) => expect.closeTo(value, 12)),
      );
      expect(support).toBe(expected.support[k]);
    });
    expect(regressionScores(peer.test.value, guess).r2).toBeCloseTo(expected.r2, 10);
  });

  it("count a class that is never called, and a call of a class that does not occur", () => {
    const { macroF1, balancedAccuracy, classes } = classificationScores(["a", "a", "b"], ["a", "z", "a"]);
    expect(classes.map(({ name, precision, recall }) => [name, precision, recall])).toEqual([
      ["a", 0.5, 0.5],
      ["b", 0, 0],
    ]);
    expect(macroF1).toBe(0.25);
    expect(balancedAccuracy).toBe(0.25);
  });
});
