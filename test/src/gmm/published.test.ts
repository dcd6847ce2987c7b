import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { GaussianMixture } from "../../../src/gmm/index.ts";
import { sharedData } from "../../shared-data.ts";

interface Scaling {
  kind: "linear" | "log";
  min: number;
  max: number;
  offset?: number;
}

test("GaussianMixture applies the published CSC mixture: 11 of 11 labels of its authors", () => {
  const published = JSON.parse(readFileSync(sharedData("catalogs", "umlcaxs", "gmm_recovered.json"), "utf8"));
  const scale = (name: string, x: number) => {
    const { kind, min, max, offset = 0 } = (published.scaling[name] ?? { kind: "linear", min: 0, max: 1 }) as Scaling;
    if (kind === "linear") return (x - min) / (max - min);
    return (Math.log(x + offset) - Math.log(min + offset)) / (Math.log(max + offset) - Math.log(min + offset));
  };
  const checks = published.label_checks as { cluster_published: number; raw_features: Record<string, number> }[];
  const features = checks.map(({ raw_features }) =>
    (published.feature_order as string[]).map((name) => scale(name, raw_features[name])),
  );
  const labels = new GaussianMixture(published).labels(features);
  expect(checks).toHaveLength(11);
  expect([...labels]).toEqual(checks.map(({ cluster_published }) => cluster_published));
});
