import { basename } from "node:path";
import { saveFile } from "../disk/index.ts";
import { type Spectrum, writeSpectrum } from "../spectra/index.ts";

/**
 * Saves a spectrum as a PHA file, its background beside it as "NAME_bkg.pi", for Sherpa, XSPEC and `loadSpectrum`.
 *
 * ARF and RMF are named as they were when they were read, and are not copied: they are looked for beside the file.
 *
 * @returns The paths written, the source's first.
 * @throws {Error} If a file cannot be written.
 * @example await saveSpectrum(flare.group(1), "flare.pi")
 */
export async function saveSpectrum(spectrum: Spectrum, path: string): Promise<string[]> {
  const { arf, rmf, background, meta } = spectrum;
  const backgroundPath = `${path.replace(/\.[^./]*$/, "")}_bkg.pi`;
  const names = {
    arfFile: arf ? basename(arf.name) : meta.arfFile,
    rmfFile: rmf ? basename(rmf.name) : meta.rmfFile,
    backgroundFile: background ? basename(backgroundPath) : undefined,
  };
  const named = spectrum.with({ meta: { ...meta, ...names } });
  const written = [await saveFile(path, writeSpectrum(named), "spectrum")];
  if (background) {
    const bytes = writeSpectrum(background, { part: "background" });
    written.push(await saveFile(backgroundPath, bytes, "background spectrum"));
  }
  return written;
}
