import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Catalog } from "../catalog/index.ts";
import { type CachedFileOptions, cacheDir, cachedFile, untar } from "../net/index.ts";

/** A detection of the Chandra Source Catalog. */
export interface CscDetection {
  readonly obsid: number;
  readonly obi: number;
  /** `region_id` of the table of observations. */
  readonly regionId: number;
}

/** Which files are retrieved, and to where. */
export interface CscProductsOptions extends CachedFileOptions {
  /**
   * Products as the service names them, with the band where they have one: "regevt", "spectrum/b", "arf/b", "rmf/b",
   * "lightcurve/b", … Default ["regevt"], the photons.
   */
  readonly products?: readonly string[];
  /** Folder of the files. Default: `csc-products` in the cache. */
  readonly folder?: string;
  /** Address of the service. Default http://cda.cfa.harvard.edu/csccli/retrieve. */
  readonly service?: string;
}

/** Files that were retrieved. */
export interface CscProducts {
  /** Paths of each detection's files, in the order of the detections. */
  readonly files: readonly (readonly string[])[];
  /** Detections, by index, of which the archive sent no file. */
  readonly missing: readonly number[];
}

const SERVICE = "http://cda.cfa.harvard.edu/csccli/retrieve";
/** Detections of one request, as many as the service takes. */
const PER_PACKAGE = 50;

/**
 * Retrieves data products of detections: event lists, spectra, responses, light curves.
 *
 * Packages of 50 detections are kept in the cache, so that a retrieval which was stopped goes on.
 *
 * @param detections Such as rows of the table of observations.
 * @throws {RangeError} If a detection or product is none.
 * @example
 * const rows = await loadCatalog("csc21", { table: "observations", where: "src_cnts_aper_b > 1000", maxRows: 20 });
 * const { files } = await cscProducts(detectionsOf(rows));
 * const events = await loadEvents(files[0][0]);
 */
export async function cscProducts(
  detections: readonly CscDetection[],
  options: CscProductsOptions = {},
): Promise<CscProducts> {
  const { products = ["regevt"], folder = join(options.cacheDir ?? cacheDir(), "csc-products") } = options;
  for (const product of products) {
    if (/^[a-z]\w*(\/[bhmsuw])?$/.test(product)) continue;
    throw new RangeError(
      `Cannot retrieve CSC products: a product must be like "regevt" or "spectrum/b": current value is "${product}"`,
    );
  }
  for (const [i, { obsid, obi, regionId }] of detections.entries()) {
    if ([obsid, obi, regionId].every((id) => Number.isSafeInteger(id) && id >= 0)) continue;
    throw new RangeError(
      `Cannot retrieve CSC products: obsid, obi and regionId must be whole numbers: detection ${i} is ${obsid}.${obi}.${regionId}`,
    );
  }
  await mkdir(folder, { recursive: true });
  const found = detections.map((): string[] => []);
  for (let first = 0; first < detections.length; first += PER_PACKAGE) {
    const some = detections.slice(first, first + PER_PACKAGE);
    const archive = await cachedFile(packageAddress(some, products, options.service ?? SERVICE), options);
    for (const path of await untar(archive.path, folder)) {
      const index = some.findIndex(
        (detection) => path.includes(filePrefix(detection)) && path.includes(fileRegion(detection)),
      );
      if (index >= 0) found[first + index]?.push(path);
    }
  }
  return { files: found, missing: found.flatMap((paths, i) => (paths.length === 0 ? [i] : [])) };
}

/**
 * The detections of rows of Chandra's table of observations, for `cscProducts`.
 *
 * @throws {RangeError} If the catalogue lacks `obsid`, `obi` or `region_id`.
 */
export function detectionsOf(observations: Catalog): CscDetection[] {
  const [obsid, obi, region] = ["obsid", "obi", "region_id"].map((name) =>
    observations.numbers(name),
  ) as Float64Array[];
  return Array.from(obsid!, (id, i) => ({ obsid: id, obi: obi![i]!, regionId: region![i]! }));
}

function packageAddress(detections: readonly CscDetection[], products: readonly string[], service: string): URL {
  const address = new URL(service);
  address.searchParams.set("version", "cur");
  const wanted = detections.flatMap(({ obsid, obi, regionId }) =>
    products.map((product) => `${obsid}.${obi}.${regionId}/${product}`),
  );
  address.searchParams.set("packageset", wanted.join(","));
  return address;
}

/** How files of a detection begin: acisf or hrcf, five digits of the ObsID, three of the interval. */
function filePrefix({ obsid, obi }: CscDetection): string {
  return `f${String(obsid).padStart(5, "0")}_${String(obi).padStart(3, "0")}N`;
}

function fileRegion({ regionId }: CscDetection): string {
  return `_r${String(regionId).padStart(4, "0")}_`;
}
