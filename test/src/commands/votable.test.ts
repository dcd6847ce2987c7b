import { describe, expect, it } from "vitest";
import { sharedData } from "../../shared-data.ts";
import { photonbook, photonbookError } from "./program.ts";

describe("photonbook votable", () => {
  const file = sharedData("conformance/votable/vizier_b2_votable.xml");

  it("prints every table and column as JSON", () => {
    const { tables } = JSON.parse(photonbook("votable", file, "--json"));
    expect(tables).toHaveLength(1);
    expect(tables[0]).toMatchObject({ index: 0, name: "V/127A/mash1", rows: 20 });
    expect(tables[0].columns.find(({ name }: { name: string }) => name === "ObsDate")).toEqual({
      name: "ObsDate",
      datatype: "int",
      arraysize: null,
      unit: "'Y:M:D'",
      ucd: "time.epoch",
      values: 20,
      nulls: 0,
      finite: 20,
      min: "2451191",
      max: "2453788",
      sum: "49053386",
    });
  });

  it("prints a table a person can read", () => {
    expect(photonbook("votable", file)).toMatch(
      /^VOTable 1\.4, cut off.*\n\nTable 0 .*rows\n *n +column +type +unit +ucd/,
    );
  });

  it("says what is wrong with a file", () => {
    expect(photonbookError("votable", sharedData("conformance/fits/int64.fits"))).toMatch(/Cannot read VOTable/i);
  });
});
