import { describe, expect, it } from "vitest";
import { sharedData } from "../../shared-data.ts";
import { photonbook, photonbookError } from "./program.ts";

describe("photonbook", () => {
  it("lists the library's commands beside the kernel's", () => {
    const help = photonbook("--help");
    expect(help).toMatch(/^ {2}install /m);
    expect(help).toMatch(/^ {2}fits FILE \[--json\] /m);
  });

  it("names all commands when there is none of that name", () => {
    expect(photonbookError("fit")).toMatch(
      /Cannot run "fit": the command must be one of install, export, doctor, fits/,
    );
  });
});

describe("photonbook fits", () => {
  const file = sharedData("conformance/fits/int64.fits");

  it("prints every HDU and column as JSON, integers exactly", () => {
    const { hdus } = JSON.parse(photonbook("fits", file, "--json"));
    expect(hdus).toHaveLength(2);
    expect(hdus[1]).toMatchObject({ index: 1, name: "EVENTS", type: "bintable", dimensions: [12, 15] });
    expect(hdus[1].columns[1]).toEqual({
      name: "VALUE",
      format: "1K",
      unit: null,
      values: 15,
      nulls: 0,
      finite: 15,
      min: "-9223372036854775808",
      max: "9223372036854775807",
      sum: "-5",
    });
  });

  it("prints a table a person can read", () => {
    expect(photonbook("fits", file)).toMatch(/HDU 1 "EVENTS" bintable 12 × 15\nn +column +format +unit +values/);
  });

  it("says what is wrong with a file", () => {
    expect(photonbookError("fits", sharedData("conformance/votable/sdss12.vot"))).toMatch(/must start with "SIMPLE/);
    expect(photonbookError("fits")).toBe('Cannot run "fits": one file must be given: current number is 0\n');
  });
});
