import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  catalogFromText,
  type FeatureScale,
  GMM_FEATURES,
  PEREZ_DIAZ_2024_SCALING,
} from "../../../src/catalog/index.ts";
import { readSklearnMixture } from "../../../src/gmm/index.ts";
import { sharedData } from "../../shared-data.ts";

interface Recovered {
  scaling: Record<string, FeatureScale & { status: string }>;
  label_checks: { name: string; cluster_published: number }[];
}

const folder = (name: string): string => sharedData("catalogs", "umlcaxs", name);
const recovered = JSON.parse(readFileSync(folder("gmm_recovered.json"), "utf8")) as Recovered;

describe("PEREZ_DIAZ_2024_SCALING", () => {
  it("has the recovered constants, and leaves the other six features as they are", () => {
    const scales = GMM_FEATURES.map((name) => {
      if (!recovered.scaling[name]) return { kind: "raw" };
      const { status: _, ...scale } = recovered.scaling[name];
      return scale;
    });
    expect(PEREZ_DIAZ_2024_SCALING.names).toEqual([...GMM_FEATURES]);
    expect(PEREZ_DIAZ_2024_SCALING.scales).toEqual(scales);
    expect(scales.filter(({ kind }) => kind === "raw")).toHaveLength(6);
  });

  it("with the mixture from its authors' file gives 11 of 11 published labels", () => {
    const mixture = readSklearnMixture(readFileSync(folder("gmm_model.pkl")), { name: "gmm_model.pkl" });
    const labelOf = new Map<string, number>();
    for (const file of ["uniquely_classified.csv", "ambiguous_classification.csv"]) {
      const catalog = catalogFromText(readFileSync(folder(file), "utf8"));
      const names = catalog.column("name");
      const labels = mixture.labels(PEREZ_DIAZ_2024_SCALING.apply(catalog.features(GMM_FEATURES)));
      for (const [row, label] of labels.entries()) labelOf.set(names[row] as string, label);
    }
    // The published example, J004307.5-092302, is in neither table: its vector stands in the specification.
    const example = [0.231106, 0.102436, -0.136165, 2.07377, 0.563729, 0.501655, 0.18304, 0.508149, 0.137342, 0.562971];
    const row = { data: Float64Array.of(...example, 0.129812, 1.369809), shape: [1, 12] as const };
    const proba = mixture.predictProba(PEREZ_DIAZ_2024_SCALING.apply(row)).data;
    labelOf.set("2CXO J004307.5-092302", proba.indexOf(Math.max(...proba)));

    const checks = recovered.label_checks;
    expect(checks.map(({ name }) => labelOf.get(name))).toEqual(checks.map((check) => check.cluster_published));
    expect(checks).toHaveLength(11);
    expect(proba[5]).toBeGreaterThan(0.999);
  });
});
