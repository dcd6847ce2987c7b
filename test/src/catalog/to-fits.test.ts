import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Catalog, catalogFromFits, fitsFromCatalog } from "../../../src/catalog/index.ts";
import { readFits, writeFits } from "../../../src/fits/index.ts";
import { runPython } from "../../python.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "photonbook-to-fits-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("fitsFromCatalog() writes lists of different lengths as astropy reads them, equal ones as vectors", () => {
  const catalog = new Catalog([
    { name: "ene", unit: "keV", data: [[0.5, 1.25], [], null, [7, 8, 9]] },
    { name: "empty", data: [[], [], [], []] },
    { name: "pair", data: [[1, 2], null, [3, 4], [5, 6]] },
  ]);
  const bytes = writeFits([fitsFromCatalog(catalog)]);
  const path = join(folder, "lists.fits");
  writeFileSync(path, bytes);
  const script = join(folder, "read.py");
  writeFileSync(
    script,
    [
      "import json, sys",
      "from astropy.io import fits",
      "with fits.open(sys.argv[1]) as hdus:",
      "    table = hdus[1]",
      "    rows = {name: [list(map(float, row)) for row in table.data[name]] for name in table.columns.names}",
      "    print(json.dumps([table.columns.formats, rows]).replace('NaN', 'null'))",
    ].join("\n"),
  );
  const [formats, rows] = JSON.parse(runPython(script, path));
  expect(formats).toEqual(["1PD(3)", "1PD(0)", "2D"]);
  expect(rows).toEqual({
    ene: [[0.5, 1.25], [], [], [7, 8, 9]],
    empty: [[], [], [], []],
    pair: [
      [1, 2],
      [null, null],
      [3, 4],
      [5, 6],
    ],
  });
  const back = catalogFromFits(readFits(bytes, { name: "lists.fits" }));
  expect((back.column("ene") as ArrayLike<number>[]).map((row) => Array.from(row))).toEqual(rows.ene);
  expect(back.unit("ene")).toBe("keV");
});

test("fitsFromCatalog() names the row whose array holds something else than numbers", () => {
  expect(() => fitsFromCatalog(new Catalog([{ name: "list", data: [[1], ["x"]] }]))).toThrow(
    /Cannot write column "list": its arrays must be of numbers: row 2 differs/,
  );
});
