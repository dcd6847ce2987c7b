import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  Catalog,
  catalogFromFits,
  catalogFromText,
  catalogFromVotable,
  GMM_FEATURES,
} from "../../../src/catalog/index.ts";
import { readFits } from "../../../src/fits/index.ts";
import { DISPLAY } from "../../../src/host/index.ts";
import { readVotable } from "../../../src/votable/index.ts";
import { sharedData } from "../../shared-data.ts";

const bytes = (path: string) => readFileSync(sharedData("catalogs", path));
const text = (path: string) => catalogFromText(bytes(path).toString("utf8"), { name: path });

describe("catalogFromText()", () => {
  it("infers numbers, logicals and text, keeps missing values and quoted fields", () => {
    const catalog = catalogFromText(
      'id,name,ok,flux,empty\r\n1,"a, ""b""\nc",TRUE,1.5e-3,\r\n2,,false,NaN,\r\n3,-,,--,\r\n',
      { name: "t.csv" },
    );
    expect(catalog.columns.map((column) => column.kind)).toEqual(["number", "string", "boolean", "number", "number"]);
    expect(catalog.column("id")).toEqual(new Float64Array([1, 2, 3]));
    expect(catalog.column("name")).toEqual(['a, "b"\nc', null, "-"]);
    expect(catalog.column("ok")).toEqual([true, false, null]);
    expect(catalog.column("flux")).toEqual(new Float64Array([1.5e-3, Number.NaN, Number.NaN]));
    expect(catalog.numbers("empty")).toEqual(new Float64Array([Number.NaN, Number.NaN, Number.NaN]));
  });

  it("keeps integers that doubles cannot hold", () => {
    expect(catalogFromText("id\n5339398899321264512\n1\n").column("id")).toEqual(
      new BigInt64Array([5339398899321264512n, 1n]),
    );
    expect(catalogFromText("id,x\n5339398899321264513,1\n,2\n").column("id")).toEqual(["5339398899321264513", null]);
    const gaia = text("muwclass_ngc3532/NGC3532_gaia.csv");
    const long = gaia.columns.find((column) => column.kind === "bigint")?.name as string;
    const raw = bytes("muwclass_ngc3532/NGC3532_gaia.csv").toString("utf8");
    for (const value of gaia.column(long) as BigInt64Array) expect(raw).toContain(`,${value},`);
  });

  it("names the line with too few fields and the one whose quote does not end", () => {
    expect(() => catalogFromText("a,b\n1,2\n3\n", { name: "x.csv" })).toThrow(
      'Cannot read catalogue "x.csv": line 3 must have 2 fields, as the header has: it has 1',
    );
    expect(() => catalogFromText('a,b\n1,"2\n')).toThrow(/a quoted field must end with a quote: the one on line 2/);
    expect(() => catalogFromText("")).toThrow(/must be a header line/);
  });

  it("reads units and UCDs of the CSC command line", () => {
    const catalog = text("csc_cli_tsv/search_csc_result.tsv");
    expect([catalog.numRows, catalog.columns.length]).toEqual([2, 64]);
    expect(catalog.unit("ra")).toBe("deg");
    expect(catalog.columns.find((column) => column.name === "ra")?.ucd).toBe("pos.eq.ra;meta.main");
    expect(catalog.unit("flux_aper_b")).toBe("erg/s/cm^2");
    expect(catalog.unit("significance")).toBeUndefined();
    expect(catalog.column("name")[0]).toBe("2CXO J042922.7+002931");
    expect(catalog.column("conf_flag")[0]).toBe(false);
    expect(catalog.numbers("ra")[0]).toBe(67.34494);
    expect(catalog.numbers("flux_aper_w")[0]).toBeNaN();
  });

  it("reads VizieR's unit and dash lines, agreeing with the same catalogue in FITS", () => {
    const tsv = text("rosat/1rxs_50.tsv");
    const fits = catalogFromFits(readFits(bytes("rosat/1rxs_50.fits")));
    expect([tsv.numRows, fits.numRows]).toEqual([50, 50]);
    expect(tsv.unit("RAJ2000")).toBe("deg");
    expect(fits.unit("RAJ2000")).toBe("deg");
    for (const name of ["Count", "HR1", "PosErr"]) {
      const ours = tsv.numbers(name);
      fits.numbers(name).forEach((value, row) => {
        expect(ours[row] as number).toBeCloseTo(value, 5);
      });
    }
  });

  it("reads every CSV and TSV of the shared data with as many rows as it has records", () => {
    const umlcaxs = text("umlcaxs/uniquely_classified.csv");
    expect([umlcaxs.numRows, umlcaxs.columns.length]).toEqual([8271, 28]);
    expect(umlcaxs.column("QSO")[0]).toBe("0.056±0.152");
    expect(text("umlcaxs/ambiguous_classification.csv").numRows).toBe(485);
    expect(text("muwclass/muwclass_TD.csv").numRows).toBe(2941);
  });
});

describe("catalogFromFits() and catalogFromVotable()", () => {
  it("keep units and make nulls NaN or null", () => {
    const agn = catalogFromFits(readFits(bytes("erosita/eRoSITAagn.fits"), { name: "agn" }));
    expect(agn.numRows).toBe(22079);
    expect(agn.columns.filter((column) => column.unit).length).toBe(9);
    const cone = catalogFromVotable(readVotable(bytes("csc_votable/csccli-results.xml")));
    expect(cone.numRows).toBe(140);
    expect(cone.unit("err_ellipse_r0")).toBe("arcsec");
    expect(cone.columns.find((column) => column.name === "ra")?.ucd).toBe("pos.eq.ra;meta.main");
    const over = catalogFromVotable(readVotable(readFileSync(sharedData("conformance/votable/overflowstatus.xml"))));
    expect(over.notes.join()).toMatch(/OVERFLOW/);
  });

  it("hold vector columns as an array per row", () => {
    const sources = catalogFromFits(readFits(bytes("muwclass/ic2395_wavdetect_src.fits")));
    const vector = sources.columns.find((column) => column.kind === "array");
    expect(vector).toBeDefined();
    expect((sources.column(vector?.name as string)[0] as unknown as ArrayLike<number>).length).toBeGreaterThan(1);
  });
});

describe("Catalog", () => {
  const made = new Catalog(
    [
      { name: "name", data: ["a", "b<i>", null] },
      { name: "flux", unit: "erg/s", data: new Float64Array([1, Number.NaN, 3]) },
      { name: "var_sigma_b", data: new Float64Array([1, 2, 3]) },
      { name: "var_mean_b", data: new Float64Array([2, 4, 12]) },
      { name: "var_min_b", data: new Float64Array([1, 1, 1]) },
      { name: "var_max_b", data: new Float64Array([3, 9, 5]) },
    ],
    { name: "made" },
  );

  it("filters by rows and masks, keeping units", () => {
    const bright = made.filter((row) => row.flux > 0);
    expect(bright.numRows).toBe(2);
    expect(bright.unit("flux")).toBe("erg/s");
    expect(bright.column("name")).toEqual(["a", null]);
    expect(made.filter(new Uint8Array([0, 1, 0])).row(0)).toMatchObject({ name: "b<i>", var_max_b: 9 });
    expect(() => made.filter([1])).toThrow(/mask must have 3 elements/);
  });

  it("filter() refuses a name that is no column, and says which was meant", () => {
    expect(() => made.filter((row) => row.fluxx > 0)).toThrow(
      'Cannot use column "fluxx" of catalogue "made": it must be one of its 6 columns (did you mean "flux"?): "flux", ',
    );
    expect(() => made.column("VAR_MEAN_B")).toThrow(/did you mean "var_mean_b"/);
    const kept: string[] = [];
    made.filter((row) => kept.push(JSON.stringify({ ...row }), String("flux" in row), String(row)));
    expect(kept.slice(0, 3)).toEqual([
      '{"name":"a","flux":1,"var_sigma_b":1,"var_mean_b":2,"var_min_b":1,"var_max_b":3}',
      "true",
      "[object Object]",
    ]);
  });

  it("take() and row() take any indices and refuse those that are none", () => {
    expect(made.take([2, 0]).column("name")).toEqual([null, "a"]);
    expect(() => made.take([0, 3])).toThrow(
      'Cannot take a row of catalogue "made": row must be 0–2: current value is 3',
    );
    expect(() => made.row(-1)).toThrow(/row must be 0–2/);
    expect(() => made.row(0).nmae).toThrow(/Cannot use column "nmae".*"name"/);
    expect(Object.keys(made.row(0))).toEqual(made.columns.map(({ name }) => name));
    expect(() => new Catalog([]).row(0)).toThrow(/row must exist: it has none/);
  });

  it("names the nearest columns of very many", () => {
    const data = new Float64Array(1);
    const wide = new Catalog(Array.from({ length: 250 }, (_, i) => ({ name: `flux_aper_${i}`, data })));
    expect(() => wide.column("flux_apr_17")).toThrow(
      /\(did you mean "flux_aper_17"\?\): "flux_aper_17", .*, … 226 more$/,
    );
  });

  it("shows as many digits as tell neighbours apart, and positions to 1e-6 deg", () => {
    const shown = new Catalog([
      { name: "time", unit: "s", data: new Float64Array([88530170.12301, 88530173.26405]) },
      { name: "ra", unit: "deg", data: new Float64Array([144.25381234, 10.1234567891]) },
      { name: "dec", data: new Float64Array([-44.25381234, 10.1234567891]) },
      { name: "rate", data: new Float32Array([0.1, 0.25]) },
      { name: "flux", data: new Float64Array([1.23456789123e-13, 4e-14]) },
    ])[DISPLAY]()["text/html"] as string;
    const cells = Array.from(shown.matchAll(/<td[^>]*>([^<]*)</g), ([, text]) => text);
    expect(cells).toEqual([
      "88530170.123",
      "144.253812",
      "-44.253812",
      "0.1",
      "1.234568e-13",
      "88530173.264",
      "10.123457",
      "10.123457",
      "0.25",
      "4e-14",
    ]);
  });

  it("is an arquero table", () => {
    expect(made.table.numRows()).toBe(3);
    expect(made.table.columnNames()).toEqual(made.columns.map((column) => column.name));
    expect(made.table.get("var_max_b", 1)).toBe(9);
  });

  it("derives variability features and names rows and columns that lack values", () => {
    const { data, shape, names } = made.features(["var_ratio_b", "var_newq_b"]);
    expect([shape, names]).toEqual([
      [3, 2],
      ["var_ratio_b", "var_newq_b"],
    ]);
    expect(Array.from(data)).toEqual([0.5, 1, 0.5, 1.25, 0.25, 0.25]);
    expect(() => made.features(["flux", "var_ratio_b"])).toThrow(/1 of 3 rows lack one: "flux" in 1 \(row 1\)/);
    expect(Array.from(made.features(["flux"], { missing: "drop" }).rows)).toEqual([0, 2]);
    expect(made.features(["flux"], { missing: "keep" }).data[1]).toBeNaN();
    expect(() => made.features(["var_ratio_h"])).toThrow(/Cannot use column "var_ratio_h".*must be one of its 6/);
    expect(() => made.numbers("name")).toThrow(/must be numeric: it holds values of kind "string"/);
  });

  it("counts the CSC detections that have all twelve features", () => {
    const rows = text("csc_perobs_BH/BH0018-2CXO_J100514.2-074233#CXOU_J100514.2-07423.csv");
    const complete = rows.features(GMM_FEATURES, { missing: "drop" });
    expect(complete.shape[1]).toBe(12);
    expect(complete.shape[0]).toBeLessThanOrEqual(rows.numRows);
    expect(complete.data.every(Number.isFinite)).toBe(true);
  });

  it("renames columns of one name and says so, and rejects columns of different length", () => {
    const twice = new Catalog([
      { name: "x", data: [null] },
      { name: "x", data: ["b"] },
    ]);
    expect(twice.column("x_2")).toEqual(["b"]);
    expect(twice.notes).toEqual(['column "x" occurs again and is called "x_2"']);
    expect(
      () =>
        new Catalog([
          { name: "a", data: [] },
          { name: "b", data: ["1"] },
        ]),
    ).toThrow(/must have 0 values/);
  });

  it("shows units, counts and missing values, with data escaped", () => {
    const html = made[DISPLAY]()["text/html"] as string;
    expect(html).toContain("erg/s");
    expect(html).toContain("b&lt;i&gt;");
    expect(html).not.toContain("b<i>");
    expect(html).toContain("3 rows × 6 columns");
    expect(made[DISPLAY]()["text/plain"]).toContain("flux (erg/s)");
  });
});
