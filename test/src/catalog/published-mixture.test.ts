import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { catalogFromText, type FeatureScale, GMM_FEATURES, GmmScaling } from "../../../src/catalog/index.ts";
import { GaussianMixture } from "../../../src/gmm/index.ts";
import { sharedData } from "../../shared-data.ts";

interface Recovered {
  feature_order: string[];
  weights: number[];
  means: number[][];
  covariances: number[][][];
  scaling: Record<string, FeatureScale>;
  label_checks: { name: string; cluster_published: number; raw_features: Record<string, number> }[];
}

const recovered = JSON.parse(readFileSync(sharedData("catalogs/umlcaxs/gmm_recovered.json"), "utf8")) as Recovered;

describe("GmmScaling with the recovered constants", () => {
  const scaling = new GmmScaling(GMM_FEATURES, recovered.scaling);
  const mixture = new GaussianMixture(recovered);

  it("has the features in the published order", () => {
    expect([...GMM_FEATURES]).toEqual(recovered.feature_order);
  });

  it("gives the published label of 11 of 11 detections", () => {
    const data = Float64Array.from(
      recovered.label_checks.flatMap(({ raw_features }) => GMM_FEATURES.map((name) => raw_features[name] as number)),
    );
    const labels = mixture.labels(scaling.apply({ data, shape: [recovered.label_checks.length, 12] }));
    expect(Array.from(labels)).toEqual(recovered.label_checks.map((check) => check.cluster_published));
    expect(labels.length).toBe(11);
  });

  it("applies to the whole catalogue and inverts", () => {
    const text = readFileSync(sharedData("catalogs/umlcaxs/uniquely_classified.csv"), "utf8");
    const features = catalogFromText(text).features(GMM_FEATURES, { missing: "drop" });
    const scaled = scaling.apply(features);
    const back = scaling.invert(scaled);
    for (let i = 0; i < back.data.length; i += 97) {
      expect(back.data[i] as number).toBeCloseTo(features.data[i] as number, 8);
    }
    const counts = new Array<number>(6).fill(0);
    for (const label of mixture.labels(scaled)) counts[label] = (counts[label] as number) + 1;
    expect(counts.every((count) => count > 50)).toBe(true);
  });
});

describe("GmmScaling.fit()", () => {
  it("takes min, max and a tenth of the smallest value above zero", () => {
    const names = ["bb_kt", "powlaw_gamma", "hard_hm"];
    const features = { data: new Float64Array([0, -1, 0.3, 2, 3, -0.3, 4, 1, 0]), shape: [3, 3] as const, names };
    const scaling = GmmScaling.fit(features);
    expect(scaling.scales).toEqual([
      { kind: "log", min: 0, max: 4, offset: 0.2 },
      { kind: "linear", min: -1, max: 3 },
      { kind: "raw" },
    ]);
    const { data } = scaling.apply(features);
    expect([data[0], data[6], data[1], data[4], data[2]]).toEqual([0, 1, 0, 1, 0.3]);
    expect(data[3]).toBeCloseTo((Math.log(2.2) - Math.log(0.2)) / (Math.log(4.2) - Math.log(0.2)), 14);
  });

  it("rejects constants that make no scale and matrices of another width", () => {
    expect(() => new GmmScaling(["x"], { x: { kind: "linear", min: 1, max: 1 } })).toThrow(/max must exceed min/);
    const scaling = new GmmScaling(["x"], {});
    expect(() => scaling.apply({ data: new Float64Array(2), shape: [1, 2] })).toThrow(/shape must be \(any, 1\)/);
  });
});
