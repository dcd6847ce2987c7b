import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type FitsFile, readFits } from "../fits/index.ts";
import { type Arf, type Rmf, readArf, readRmf, readSpectrum, type Spectrum } from "../spectra/index.ts";
import { readBytes } from "./read-bytes.ts";

/** Where a spectrum's companions are. Each: a path, the thing itself, or false for none. */
export interface LoadSpectrumOptions {
  /** Default: the header's ANCRFILE. */
  readonly arf?: string | Arf | false;
  /** Default: the header's RESPFILE. */
  readonly rmf?: string | Rmf | false;
  /** Default: the header's BACKFILE; a file that names itself holds its background in a second spectrum, as the CSC's do. */
  readonly background?: string | Spectrum | false;
}

/**
 * Loads a PHA spectrum with its ARF, RMF and background.
 *
 * Companions are looked for beside the spectrum by the names in its header, with and without ".gz". Names given in
 * the options are relative to the working directory.
 *
 * @param path File, plain or gzipped; a path or a file: URL.
 * @throws {Error} If a file cannot be found, with every path that was tried.
 * @throws {FitsError} If a file cannot be read, naming file, HDU and keyword.
 * @example const spectrum = await loadSpectrum("3c273.pi"); fitSpectrum(spectrum, { model: "wabs*powerlaw" })
 */
export async function loadSpectrum(path: string | URL, options: LoadSpectrumOptions = {}): Promise<Spectrum> {
  const place = path instanceof URL ? fileURLToPath(path) : path;
  const file = await openFits([place, ...alternatives(place)], `spectrum "${place}"`);
  const spectrum = readSpectrum(file);
  const companion = <T>(given: string | T | false | undefined, named: string | undefined) =>
    typeof given === "string"
      ? { paths: [given, ...alternatives(given)] }
      : given === undefined && named !== undefined
        ? { paths: beside(place, named) }
        : undefined;
  const { meta } = spectrum;
  const [arf, rmf, background] = await Promise.all([
    load(companion(options.arf, meta.arfFile), options.arf, readArf, `the ARF of "${place}"`),
    load(companion(options.rmf, meta.rmfFile), options.rmf, readRmf, `the RMF of "${place}"`),
    load(
      companion(options.background, meta.backgroundFile),
      options.background,
      (found) => readSpectrum(found, { part: "background" }),
      `the background of "${place}"`,
    ),
  ]);
  return spectrum.with({ arf, rmf, background });
}

async function load<T>(
  found: { readonly paths: readonly string[] } | undefined,
  given: string | T | false | undefined,
  read: (file: FitsFile) => T,
  what: string,
): Promise<T | undefined> {
  if (found) return read(await openFits(found.paths, what));
  return typeof given === "string" || given === false ? undefined : given;
}

/** Paths of a companion that a header names: beside the spectrum as named, by its last part, each with ".gz" too. */
function beside(place: string, named: string): string[] {
  // OGIP allows "file.pha{3}" and CIAO "file[EXTENSION]".
  const plain = named.replace(/[[{].*$/, "").trim();
  const folder = dirname(place);
  const names = [resolve(folder, plain), resolve(folder, basename(plain))];
  return [...new Set(names.flatMap((name) => [name, ...alternatives(name)]))];
}

function alternatives(path: string): string[] {
  return path.endsWith(".gz") ? [path.slice(0, -3)] : [`${path}.gz`];
}

async function openFits(paths: readonly string[], what: string): Promise<FitsFile> {
  const path = paths.find((candidate) => existsSync(candidate));
  if (path !== undefined) return readFits(await readBytes(path), { name: basename(path) });
  throw new Error(
    `Cannot find ${what}: one of ${paths.map((path) => `"${path}"`).join(", ")} must exist: pass its path, or false to go without`,
  );
}
