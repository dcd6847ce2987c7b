import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Catalog, type ColumnFields } from "../../../src/catalog/index.ts";
import { loadMultimodalUniverse, loadSpectrum, saveMultimodalUniverse } from "../../../src/io/index.ts";
import { fluxLists } from "../../../src/spectra/index.ts";
import { runPython } from "../../python.ts";
import { sharedData } from "../../shared-data.ts";

const peer = new URL("multimodal.py", import.meta.url).pathname;
const LISTS = ["spectrum_ene", "spectrum_ene_lo", "spectrum_ene_hi", "spectrum_flux", "spectrum_flux_err"] as const;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "photonbook-multimodal-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Sources with given lengths of their spectra, at given places. */
function sources(rows: readonly { id: string; ra: number; dec: number; length: number }[]): ColumnFields[] {
  const list = (offset: number) => rows.map(({ length }) => Float64Array.from({ length }, (_, i) => i + offset));
  return [
    { name: "object_id", data: rows.map(({ id }) => id) },
    { name: "ra", unit: "deg", data: Float64Array.from(rows, ({ ra }) => ra) },
    { name: "dec", unit: "deg", data: Float64Array.from(rows, ({ dec }) => dec) },
    { name: "hard_hm", data: Float64Array.from(rows, (_, i) => (i === 1 ? Number.NaN : i / 4)) },
    { name: "var_prob_b", data: Float64Array.from(rows, () => 0.5) },
    ...LISTS.map((name, i) => ({ name, unit: i < 3 ? "keV" : "ct/s/keV", data: list(i / 8) })),
  ];
}

const ROWS = [
  { id: "2CXO J000000.0+000000", ra: 0, dec: 0, length: 3 },
  { id: "2CXO J120000.0+600000", ra: 180, dec: 60, length: 0 },
  { id: "2CXO J000004.0+000100", ra: 0.02, dec: 0.02, length: 3 },
];

describe("the Multimodal Universe", () => {
  test("is written as its own loader reads it with h5py: a file a pixel, spectra of any length", async () => {
    const place = join(folder, "ours");
    const spectrum = await loadSpectrum(sharedData("spectra/acis_4938_csc/acisf04938_000N002_r0043_pha3.fits"));
    const columns = sources(ROWS).map((column) => {
      const lists = fluxLists(spectrum) as unknown as Record<string, Float64Array | undefined>;
      const real = lists[column.name];
      return real ? { ...column, data: [real, ...(column.data as Float64Array[]).slice(1)] } : column;
    });
    const paths = await saveMultimodalUniverse(new Catalog(columns), place);
    const found = JSON.parse(runPython(peer, "read", place).replaceAll("NaN", "null"));
    expect(Object.keys(found).sort()).toEqual(ROWS.map(({ id }) => id).sort());
    for (const [row, { id, ra, dec }] of ROWS.entries()) {
      expect([found[id].ra, found[id].dec]).toEqual([ra, dec]);
      for (const name of LISTS) {
        const wanted = columns.find((column) => column.name === name)!.data as Float64Array[];
        expect(found[id][name], `${name} of ${id}`).toEqual([...wanted[row]!]);
      }
      // healpy 1.19: ang2pix(16, ra, dec, nest=True, lonlat=True)
      expect(found[id].file).toBe(`spectra/healpix=${found[id].healpix}/001-of-001.hdf5`);
    }
    expect(found[ROWS[0]!.id].healpix).toBe(found[ROWS[2]!.id].healpix);
    expect(paths).toHaveLength(2);
  });

  test("is read as h5py writes it, all or some pixels, and comes back from our own files", async () => {
    const place = join(folder, "theirs");
    runPython(peer, "write", place);
    const all = await loadMultimodalUniverse(place);
    expect(all.column("object_id")).toEqual(["2CXO b", "2CXO a", "2CXO c"]);
    expect(Array.from(all.numbers("healpix"))).toEqual([7, 7, 40]);
    const flux = all.column("spectrum_flux") as Float64Array[];
    expect(flux.map((values) => Array.from(values))).toEqual([
      [0.375, 1.375, 2.375],
      [],
      [0.375, 1.375, 2.375, 3.375, 4.375],
    ]);
    const some = await loadMultimodalUniverse(place, { healpix: [40], columns: ["object_id", "spectrum_flux"] });
    expect([some.numRows, some.columns.map(({ name }) => name)]).toEqual([1, ["object_id", "spectrum_flux"]]);

    const again = join(folder, "again");
    const catalog = new Catalog(sources(ROWS));
    await saveMultimodalUniverse(catalog, again);
    const back = await loadMultimodalUniverse(again);
    const order = (back.column("object_id") as string[]).map((id) => ROWS.findIndex((row) => row.id === id));
    for (const { name, unit } of catalog.columns) {
      expect(back.column(name), name).toEqual(catalog.take(order).column(name));
      expect(back.unit(name), name).toBe(unit);
    }
  });

  test("refuses what its loader could not read, before anything is written", async () => {
    const place = join(folder, "bad");
    const save = (columns: ColumnFields[]) => saveMultimodalUniverse(new Catalog(columns, { name: "mine" }), place);
    const good = sources(ROWS);
    await expect(save(good.filter(({ name }) => name !== "spectrum_flux"))).rejects.toThrow(
      /mine.*must have a column "spectrum_flux"/,
    );
    await expect(save(sources([ROWS[0]!, { ...ROWS[1]!, id: ROWS[0]!.id }]))).rejects.toThrow(
      /"object_id" must name each row: rows 0 and 1 are both "2CXO J000000/,
    );
    const uneven = good.map((column) =>
      column.name === "spectrum_ene" ? { ...column, data: [[1], [], [1, 2, 3]] } : column,
    );
    await expect(save(uneven)).rejects.toThrow(/row 0 are spectrum_ene 1, spectrum_ene_lo 3/);
    expect(existsSync(place)).toBe(false);
    await expect(loadMultimodalUniverse(join(folder, "theirs"), { healpix: [8] })).rejects.toThrow(
      /there must be a folder "healpix=8": it has 2 of other pixels/,
    );
    await expect(loadMultimodalUniverse(join(folder, "nowhere"))).rejects.toThrow(/Cannot load spectra from/);
  });
});
