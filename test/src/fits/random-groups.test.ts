import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ImageHdu, readFits } from "../../../src/fits/index.ts";
import { sharedData } from "../../shared-data.ts";

const primary = (name: string) =>
  readFits(new Uint8Array(readFileSync(sharedData("conformance/fits", name)))).hdu(0) as ImageHdu;
const sum = (values: ArrayLike<number | bigint>) => Array.from(values, Number).reduce((a, b) => a + b, 0);

describe("ImageHdu.groups()", () => {
  it("agrees with astropy 8.0.2 on visibilities", () => {
    const { parameters, data, shape } = primary("random_groups.fits").groups();
    expect(shape).toEqual([3, 1, 1, 128, 1, 3]);
    expect(sum(data)).toBeCloseTo(110936.44225092186, 6);
    expect(parameters.map(({ name }) => name)).toEqual(["UU", "VV", "WW", "BASELINE", "DATE"]);
    const sums = parameters.map((parameter) => sum(parameter.data));
    [2.3484476514568087e-6, 6.585892379007419e-6, 7.15881435553456e-6, 1032, 7367866.758557774].forEach((want, i) => {
      expect(Math.abs((sums[i] as number) / want - 1)).toBeLessThan(1e-12);
    });
  });

  it("is named where pixels are asked for, and only there", () => {
    expect(() => primary("random_groups.fits").pixels()).toThrow(/GROUPS must be F to read the data as one image/);
    expect(() => primary("test.fits").groups()).toThrow(/GROUPS must be T and NAXIS1 0 to read random groups/);
    expect(primary("group_invalid.fits").pixels().data).toHaveLength(0);
  });
});
