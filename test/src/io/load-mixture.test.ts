import { describe, expect, it } from "vitest";
import { loadMixture } from "../../../src/io/index.ts";
import { sharedData } from "../../shared-data.ts";

describe("loadMixture()", () => {
  it("reads the published mixture from its pickle as from the decoded JSON", async () => {
    const pickled = await loadMixture(sharedData("catalogs/umlcaxs/gmm_model.pkl"));
    const decoded = await loadMixture(sharedData("catalogs/umlcaxs/gmm_recovered.json"));
    expect([pickled.nComponents, pickled.nFeatures]).toEqual([6, 12]);
    expect(pickled.weights).toEqual(decoded.weights);
    expect(pickled.means.data).toEqual(decoded.means.data);
    expect(pickled.covariances.data).toEqual(decoded.covariances.data);
  });

  it("refuses what is no mixture", async () => {
    await expect(loadMixture(sharedData("events/chandra_23022_xrt200515/metadata.json"))).rejects.toThrow(
      /must have weights, means and covariances: it has spectrum_id/,
    );
  });
});
