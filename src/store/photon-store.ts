import { countOf } from "../array/index.ts";
import { DISPLAY } from "../host/index.ts";
import { escapeMarkup, xyPlotSvg } from "../plot/index.ts";
import { PhotonReader, type StoredPhotons } from "./photon-reader.ts";
import { readStoreIndex, type StoreIndex } from "./store-index.ts";

/** Bins of the histogram per factor of ten. */
const BINS_PER_DECADE = 5;

/**
 * The photons of many observations in one file, of which memory holds the index alone: what `ppad.fit` and `ppad.embed`
 * read by and by. `savePhotons` writes one, `openPhotons` opens it.
 */
export class PhotonStore {
  readonly index: StoreIndex;

  constructor(index: StoreIndex) {
    this.index = index;
  }

  get path(): string {
    return this.index.path;
  }

  /** Observations. */
  get length(): number {
    return this.index.names.length;
  }

  /** Names of the observations. */
  get names(): readonly string[] {
    return this.index.names;
  }

  /** Photons of all observations, whatever their energies. */
  get photons(): number {
    return this.index.photonStart[this.length]!;
  }

  /** Photons of each observation. */
  get photonCounts(): Int32Array {
    const { photonStart } = this.index;
    return Int32Array.from({ length: this.length }, (_, i) => photonStart[i + 1]! - photonStart[i]!);
  }

  /**
   * One observation, read from the file.
   *
   * @param which Its number or its name.
   */
  record(which: number | string): StoredPhotons {
    const i = typeof which === "number" ? which : this.names.indexOf(which);
    if (i < 0) {
      throw new RangeError(
        `Cannot read photons from "${this.path}": which must be a number or name of its ${this.length} observations: current value is ${JSON.stringify(which)}`,
      );
    }
    using reader = new PhotonReader(this.index);
    return reader.record(i);
  }

  /** All observations, one after another. */
  *[Symbol.iterator](): Generator<StoredPhotons, void> {
    using reader = new PhotonReader(this.index);
    for (let i = 0; i < this.length; i++) yield reader.record(i);
  }

  [DISPLAY](): { "text/plain": string; "text/html": string } {
    const megabytes = (this.index.byteLength / 1e6).toPrecision(3);
    const text = `${countOf(this.length, "observation")}, ${countOf(this.photons, "photon")}, ${megabytes} MB in ${this.path}`;
    const html = `<div><strong>Photon store</strong> ${escapeMarkup(text)}${this.#histogram()}</div>`;
    return { "text/plain": `PhotonStore of ${text}`, "text/html": html };
  }

  #histogram(): string {
    const counts = this.photonCounts;
    const most = counts.reduce((a, b) => Math.max(a, b), 0);
    if (most === 0) return "";
    const edge = (bin: number) => 10 ** (bin / BINS_PER_DECADE);
    const binOf = (value: number) => Math.floor(BINS_PER_DECADE * Math.log10(value) + 1e-9);
    const y = new Float64Array(binOf(most) + 1);
    for (const value of counts) if (value > 0) y[binOf(value)]!++;
    const start = Array.from(y, (_, bin) => edge(bin));
    const stop = start.map((_, bin) => edge(bin + 1));
    return xyPlotSvg({
      title: "Photons per observation",
      x: { label: "Photons", scale: "log" },
      y: { label: "Observations", include: [0] },
      marks: [{ kind: "steps", start, stop, y }],
      height: 200,
    });
  }
}

/**
 * Opens a store of photons. Only its index is read: 30 bytes an observation and 16 a good time interval.
 *
 * @throws {SyntaxError} If the file is not such a store, or not a whole one.
 * @example
 * const store = await openPhotons("sky.photons");
 * const model = await ppad.fit(store, { checkpoint: "run.ppad" });
 */
export async function openPhotons(path: string): Promise<PhotonStore> {
  return new PhotonStore(readStoreIndex(path));
}
