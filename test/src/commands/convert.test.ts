import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Catalog } from "../../../src/catalog/index.ts";
import { verifyChecksums } from "../../../src/fits/index.ts";
import { loadCatalog } from "../../../src/io/index.ts";
import { sharedData } from "../../shared-data.ts";
import { photonbook, photonbookError, photonbookResult } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "photonbook-convert-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Blanks at the end of a text do not count in FITS. */
const valuesOf = (catalog: Catalog, name: string) =>
  Array.from(catalog.column(name) as ArrayLike<unknown>, (value) =>
    typeof value === "string" ? value.trimEnd() : value,
  );

describe("photonbook convert", () => {
  const source = sharedData("conformance/votable/vizier_b2_votable.xml");

  it.each(["fits", "vot", "parquet", "arrow", "ecsv"])("keeps values, units and UCDs in .%s", async (ending) => {
    const out = join(folder, `out.${ending}`);
    expect(photonbook("convert", source, out)).toBe(`${out}: 20 rows, 12 columns\n`);
    const [before, after] = [await loadCatalog(source), await loadCatalog(out)];
    for (const column of before.columns) {
      const { unit, ucd } = after.columns.find(({ name }) => name === column.name) ?? {};
      expect({ unit, ucd }).toEqual({ unit: column.unit, ucd: column.ucd });
      expect(valuesOf(after, column.name)).toEqual(valuesOf(before, column.name));
    }
  });

  it("writes FITS with checksums that agree", () => {
    const out = join(folder, "sums.fits");
    photonbook("convert", source, out);
    expect(verifyChecksums(new Uint8Array(readFileSync(out))).map(({ checksum }) => checksum)).toEqual([
      "agrees",
      "agrees",
    ]);
  });

  it("writes CSV and TSV, and says that units have no place there", () => {
    for (const ending of ["csv", "tsv"]) {
      const { status, stderr, stdout } = photonbookResult("convert", source, join(folder, `out.${ending}`));
      expect([status, stdout]).toEqual([0, `${join(folder, `out.${ending}`)}: 20 rows, 12 columns\n`]);
      expect(stderr).toMatch(
        /units, UCDs and descriptions of \d+ columns have no place in \.\wsv \(\.ecsv keeps them\)/,
      );
    }
  });

  it("names the column and row whose text FITS cannot hold, and spells it with --ascii", async () => {
    const umlcaxs = sharedData("catalogs/umlcaxs/uniquely_classified.csv");
    const out = join(folder, "umlcaxs.fits");
    expect(photonbookError("convert", umlcaxs, out)).toMatch(
      /Cannot write column "QSO": texts in FITS must be printable ASCII: 8,271 texts are not, nor are those of 9 further columns: row 1 is "0.056±0.152"; .*--ascii/,
    );
    const { stderr } = photonbookResult("convert", umlcaxs, out, "--ascii");
    expect(stderr).toContain('8,271 texts of column "QSO" spelt in ASCII\n');
    expect((await loadCatalog(out)).row(0).QSO).toBe("0.056+/-0.152");
  });

  it("says which endings there are", () => {
    expect(photonbookError("convert", source, join(folder, "out.doc"))).toMatch(
      /must end in \.fits, .*current value is "\.doc"/,
    );
    expect(photonbookError("convert", source)).toMatch(/two files must be given, IN and OUT: current number is 1/);
  });
});
