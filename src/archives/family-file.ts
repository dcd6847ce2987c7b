import { access } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { knownNames } from "../array/index.ts";
import { type CachedFileOptions, cachedFile, untar } from "../net/index.ts";

const XMM = "http://xmmssc.irap.omp.eu/Catalogue/4XMM-DR13/";
const EROSITA = "https://erosita.mpe.mpg.de/dr1/AllSkySurveyData_dr1/Catalogues_dr1/MerloniA_DR1/";

/** Whole catalogues as files, by name and table; the first table is the default. */
const FILES: { readonly [name: string]: { readonly [table: string]: string } } = {
  "4xmm": {
    slim: `${XMM}4XMM_DR13cat_slim_v1.0.fits.gz`,
    detections: `${XMM}4XMM_DR13cat_v1.0.fits.gz`,
  },
  erass1: {
    main: `${EROSITA}eRASS1_Main.v1.2.fits.tar.gz`,
    hard: `${EROSITA}eRASS1_Hard.v1.0.fits.tar.gz`,
  },
};

/** Which file of a family is wanted. */
export interface FamilyFile extends CachedFileOptions {
  /** "4xmm": "slim" (a row per source) or "detections". "erass1": "main" or "hard". Default: the first. */
  readonly table?: string;
  /** Address of the file, instead of the archive's. */
  readonly address?: string;
}

/** Whether a name stands for a catalogue that archives keep as a file. */
export function isFamilyName(name: string | URL): boolean {
  return Object.hasOwn(FILES, String(name));
}

/**
 * The path of a whole catalogue: in the cache, else downloaded (eRASS1 main: 640 MB) and unpacked
 * there.
 *
 * @param name "4xmm" or "erass1".
 * @throws {RangeError} If there is no such catalogue or table.
 */
export async function familyFile(name: string, options: FamilyFile = {}): Promise<string> {
  const tables = FILES[name];
  if (!tables) {
    throw new RangeError(`Cannot fetch catalogue "${name}": it must be one of${knownNames(name, Object.keys(FILES))}`);
  }
  const table = options.table ?? (Object.keys(tables)[0] as string);
  const address = Object.hasOwn(tables, table) ? tables[table] : undefined;
  if (address === undefined) {
    throw new RangeError(
      `Cannot fetch catalogue "${name}": table must be one of its tables${knownNames(table, Object.keys(tables))}: current value is "${table}"`,
    );
  }
  const { path } = await cachedFile(options.address ?? address, options);
  return path.endsWith(".tar.gz") ? unpacked(path) : path;
}

/** The FITS file of an archive, unpacked beside it once. */
async function unpacked(path: string): Promise<string> {
  const expected = join(dirname(path), basename(path, ".tar.gz"));
  if (
    await access(expected).then(
      () => true,
      () => false,
    )
  )
    return expected;
  const files = await untar(path, dirname(path));
  const fits = files.find((file) => /\.fits?$/.test(file));
  if (fits !== undefined) return fits;
  throw new Error(
    `Cannot use ${basename(path)}: it must hold a FITS file: it holds ${files.map((file) => basename(file)).join(", ") || "none"}`,
  );
}
