import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadMixture } from "../../../src/io/index.ts";
import { unpickle } from "../../../src/io/unpickle.ts";
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

describe("unpickle()", () => {
  const bytes = readFileSync(sharedData("catalogs/umlcaxs/gmm_model.pkl"));

  it("ends with an error wherever the file is cut", () => {
    for (let length = 0; length < bytes.length; length += 313) {
      expect(() => unpickle(bytes.subarray(0, length))).toThrow(SyntaxError);
    }
  });

  it("refuses opcodes that would be run or are unknown", () => {
    expect(() => unpickle(new Uint8Array([0x80, 4, 0x69, 0x2e]))).toThrow(/byte 2 holds 0x69/);
    expect(() => unpickle(new Uint8Array([0x80, 2, 0x2e]))).toThrow(/protocol 4 or 5/);
  });
});
