import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Catalog, CatalogError, stackCatalogs } from "../catalog/index.ts";
import { fileProblem, saveFile } from "../disk/index.ts";
import { hdf5FromCatalog } from "../hdf5/index.ts";
import { healpixNested } from "../match/index.ts";
import { loadCatalog } from "./load-catalog.ts";

/*
 * The Multimodal Universe (Angeloudi et al. 2024, arXiv:2412.02527) has a folder for each pixel of the sky:
 * spectra/healpix=N/001-of-001.hdf5, N nested for nside 16, a dataset per column; spectra are lists of any length.
 */

const NSIDE = 16;
const LISTS = ["spectrum_ene", "spectrum_ene_lo", "spectrum_ene_hi", "spectrum_flux", "spectrum_flux_err"];
const FOLDER = /^healpix=(\d+)$/;

/**
 * Saves spectra of sources as the Multimodal Universe's Chandra set has them: a file for each HEALPix pixel.
 *
 * The catalogue needs `object_id` (texts, each once), `ra` and `dec` (degrees) and the lists of `fluxLists`; a column
 * `healpix` is made. What else it has, such as hard_hm and var_prob_b, goes along.
 *
 * @param folder Where `spectra/` is made or added to.
 * @returns The paths written, in the order of pixels.
 * @throws {CatalogError} Naming the column or row that does not fit. Nothing is written then.
 * @throws {Error} If a file cannot be written.
 * @example await saveMultimodalUniverse(withSpectra, "chandra")
 */
export async function saveMultimodalUniverse(catalog: Catalog, folder: string): Promise<string[]> {
  checkSpectra(catalog);
  const positions = { raDeg: catalog.numbers("ra"), decDeg: catalog.numbers("dec") };
  const healpix = Int32Array.from(healpixNested(positions, { nside: NSIDE }));
  const all = catalog.withColumn({ name: "healpix", data: healpix, description: "nested, nside 16" });
  const rows = Map.groupBy(healpix.keys(), (row) => healpix[row]!);
  const files = [...rows]
    .sort(([a], [b]) => a - b)
    .map(([pixel, chosen]) => ({
      parent: join(folder, "spectra", `healpix=${pixel}`),
      bytes: hdf5FromCatalog(all.take(chosen), { lists: LISTS }),
    }));
  const paths: string[] = [];
  for (const { parent, bytes } of files) {
    await mkdir(parent, { recursive: true }).catch((cause) => {
      throw new Error(`Cannot save spectra in "${parent}": ${fileProblem(cause, parent, "write")}`, { cause });
    });
    paths.push(await saveFile(join(parent, "001-of-001.hdf5"), bytes, "spectra"));
  }
  return paths;
}

/** What is read of a folder of the Multimodal Universe. */
export interface LoadMultimodalUniverseOptions {
  /** Pixels to read (nested, nside 16). Default: all that are there. */
  readonly healpix?: readonly number[];
  /** Columns to keep, in this order. Default all. */
  readonly columns?: readonly string[];
}

/**
 * Loads spectra of sources from a folder as the Multimodal Universe's Chandra set has it, pixel after pixel.
 *
 * @param folder Where `spectra/` lies.
 * @throws {RangeError} If a pixel asked for is not there.
 * @throws {CatalogError} Naming the file whose columns differ from the first one's, whose lists differ in length, or whose
 * `healpix` is not its folder's.
 * @example
 * const spectra = await loadMultimodalUniverse("chandra", { healpix: [1201, 1204] });
 */
export async function loadMultimodalUniverse(
  folder: string,
  options: LoadMultimodalUniverseOptions = {},
): Promise<Catalog> {
  const parent = join(folder, "spectra");
  const names = await readdir(parent).catch((cause) => {
    throw new Error(`Cannot load spectra from "${parent}": ${fileProblem(cause, parent, "read")}`, { cause });
  });
  const there = names.flatMap((name) => FOLDER.exec(name)?.[1] ?? []).map(Number);
  const pixels = options.healpix ?? there.sort((a, b) => a - b);
  const missing = pixels.find((pixel) => !there.includes(pixel));
  if (missing !== undefined || pixels.length === 0) {
    throw new RangeError(
      `Cannot load spectra from "${parent}": there must be a folder "healpix=${missing ?? "N"}": it has ${there.length} of other pixels`,
    );
  }
  const catalogs: Catalog[] = [];
  for (const pixel of pixels) {
    const place = join(parent, `healpix=${pixel}`);
    for (const name of (await readdir(place)).filter((each) => each.endsWith(".hdf5")).sort()) {
      const catalog = await loadCatalog(join(place, name), { name: `healpix=${pixel}/${name}` });
      checkSpectra(catalog);
      checkPixel(catalog, pixel);
      catalogs.push(options.columns ? catalog.select(options.columns) : catalog);
    }
  }
  return stackCatalogs(catalogs, { name: folder.split(/[/\\]/).findLast(Boolean) ?? folder });
}

/** What every file must have for the set's own loader to read it. */
function checkSpectra(catalog: Catalog): void {
  for (const name of ["object_id", "ra", "dec", ...LISTS]) {
    if (!catalog.has(name)) {
      throw new CatalogError(catalog.name, `to be of the Multimodal Universe it must have a column "${name}"`);
    }
  }
  const ids = new Map<unknown, number>();
  Array.from(catalog.column("object_id") as ArrayLike<unknown>).forEach((id, row) => {
    if (id !== null && !ids.has(id)) ids.set(id, row);
    else {
      const why = id === null ? "it is missing" : `rows ${ids.get(id)} and ${row} are both "${id}"`;
      throw new CatalogError(catalog.name, `column "object_id" must name each row: ${why} (row ${row})`);
    }
  });
  const lists = LISTS.map((name) => catalog.column(name) as readonly (ArrayLike<unknown> | null)[]);
  for (let row = 0; row < catalog.numRows; row++) {
    const lengths = lists.map((column) => column[row]?.length);
    if (lengths.every((length) => length !== undefined && length === lengths[0])) continue;
    const found = LISTS.map((name, i) => `${name} ${lengths[i] ?? "none"}`).join(", ");
    throw new CatalogError(catalog.name, `lists of a spectrum must be equally long: those of row ${row} are ${found}`);
  }
}

function checkPixel(catalog: Catalog, pixel: number): void {
  if (!catalog.has("healpix")) return;
  const row = catalog.numbers("healpix").findIndex((value) => value !== pixel);
  if (row < 0) return;
  const found = catalog.numbers("healpix")[row];
  throw new CatalogError(catalog.name, `column "healpix" must be ${pixel} as its folder's: row ${row} has ${found}`);
}
