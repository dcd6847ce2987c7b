import { DISPLAY } from "../host/index.ts";
import { type Arf, areaOnGrid, type EnergyGrid, sameGrid } from "./arf.ts";
import { spectrumBundle } from "./display.ts";
import { type Groups, groupChannels, groupingForMinCounts } from "./grouping.ts";
import { foldRmf, type Rmf } from "./rmf.ts";

/** What a Spectrum is made of; all arrays have shape (nChannels,). */
export interface SpectrumData {
  readonly name: string;
  /** Channel numbers as the file gives them. */
  readonly channel: Int32Array;
  readonly counts: Float64Array;
  readonly exposureSec: number;
  /** Share of the detector the region covers, per channel. Default 1. */
  readonly backscale?: Float64Array;
  /** Share of the source's photons the counts hold, per channel. Default 1. */
  readonly areascale?: Float64Array;
  /** OGIP flags: 1 starts a group, −1 continues it, 0 stands alone. Default: no groups. */
  readonly grouping?: Int16Array | undefined;
  /** OGIP flags: 0 good, 1 and 5 bad, 2 dubious. Default: all good. */
  readonly quality?: Int16Array | undefined;
  readonly arf?: Arf | undefined;
  readonly rmf?: Rmf | undefined;
  readonly background?: Spectrum | undefined;
  readonly meta?: SpectrumMeta;
}

/** What the header says about a spectrum. Names of files are as written there. */
export interface SpectrumMeta {
  readonly telescope?: string | undefined;
  readonly instrument?: string | undefined;
  readonly object?: string | undefined;
  readonly obsId?: string | undefined;
  readonly arfFile?: string | undefined;
  readonly rmfFile?: string | undefined;
  readonly backgroundFile?: string | undefined;
  /** CCD frame time including transfer (TIMEDEL), s. */
  readonly frameTimeSec?: number | undefined;
  /** Share of a frame that exposes (DTCOR), 0–1. */
  readonly fracExposure?: number | undefined;
  /** Photons of the event list that no channel holds. */
  readonly outsideChannels?: number | undefined;
}

/** An energy range, keV. */
export type EnergyRange = readonly [loKeV: number, hiKeV: number];

/**
 * Counts per detector channel with their response and background: what OGIP calls a PHA file and its companions.
 *
 * Immutable; methods that change something return another Spectrum. Shows itself as a plot of its groups.
 *
 * @see OGIP 92-007
 */
export class Spectrum {
  readonly name: string;
  readonly channel: Int32Array;
  readonly counts: Float64Array;
  readonly exposureSec: number;
  readonly backscale: Float64Array;
  readonly areascale: Float64Array;
  readonly grouping: Int16Array | undefined;
  readonly quality: Int16Array | undefined;
  readonly arf: Arf | undefined;
  readonly rmf: Rmf | undefined;
  readonly background: Spectrum | undefined;
  readonly meta: SpectrumMeta;

  constructor(data: SpectrumData) {
    const ones = () => new Float64Array(data.counts.length).fill(1);
    this.name = data.name;
    this.channel = data.channel;
    this.counts = data.counts;
    this.exposureSec = data.exposureSec;
    this.backscale = data.backscale ?? ones();
    this.areascale = data.areascale ?? ones();
    this.grouping = data.grouping;
    this.quality = data.quality;
    this.arf = data.arf;
    this.rmf = data.rmf && alignRmf(data, data.rmf);
    this.background = data.background;
    this.meta = data.meta ?? {};
    if (data.background && data.background.counts.length !== data.counts.length) {
      throw new TypeError(
        `Cannot use "${data.background.name}" as background of "${data.name}": it must have ${data.counts.length} channels: current number is ${data.background.counts.length}`,
      );
    }
  }

  /** The same spectrum with parts replaced. */
  with(changes: Partial<SpectrumData>): Spectrum {
    return new Spectrum({ ...this.toData(), ...changes });
  }

  /** Its parts as a plain object, which can be cloned into a worker when `background` is taken apart likewise. */
  toData(): SpectrumData {
    const { name, channel, counts, exposureSec, backscale, areascale, grouping, quality, arf, rmf, background, meta } =
      this;
    return { name, channel, counts, exposureSec, backscale, areascale, grouping, quality, arf, rmf, background, meta };
  }

  /** Energy bounds of the channels from the RMF, keV. @throws {TypeError} If the spectrum has no RMF. */
  get channelEnergies(): EnergyGrid {
    const rmf = this.requireRmf();
    return { loKeV: rmf.channelLoKeV, hiKeV: rmf.channelHiKeV };
  }

  /** Grid on which models are folded: the RMF's energies, keV. */
  get energies(): EnergyGrid {
    const { loKeV, hiKeV } = this.requireRmf();
    return { loKeV, hiKeV };
  }

  /** Effective area on `energies`, cm²; 1 without an ARF, as for an RSP, which contains it. */
  get areaCm2(): Float64Array {
    const grid = this.energies;
    if (!this.arf) return new Float64Array(grid.loKeV.length).fill(1);
    return sameGrid(this.arf, grid) ? this.arf.areaCm2 : areaOnGrid(this.arf, grid);
  }

  /** @throws {TypeError} If the spectrum has no RMF. */
  requireRmf(): Rmf {
    if (this.rmf) return this.rmf;
    throw new TypeError(
      `Cannot place "${this.name}" in energy: it must have an RMF (header says ${this.meta.rmfFile ?? "none"}): pass one as { rmf }`,
    );
  }

  /** Grouped so that each group holds at least `minCounts` counts; the last one may hold fewer and is flagged dubious. */
  group(minCounts: number): Spectrum {
    return this.with(groupingForMinCounts(this.counts, minCounts));
  }

  /** One group per channel. */
  ungroup(): Spectrum {
    return this.with({ grouping: undefined });
  }

  /**
   * The groups to be compared with a model.
   *
   * @param range Keeps every group that overlaps it, keV. Default: all.
   */
  groups(range?: EnergyRange): Groups {
    return groupChannels(this, range);
  }

  /** Total counts of channels whose groups overlap the range. */
  totalCounts(range?: EnergyRange): number {
    return this.groups(range)
      .sum(this.counts)
      .reduce((total, counts) => total + counts, 0);
  }

  /** By how much background counts are multiplied to lie under the source, per channel. */
  get backgroundScale(): Float64Array | undefined {
    const { background } = this;
    if (!background) return undefined;
    return this.backscale.map(
      (scale, channel) =>
        (scale * this.areascale[channel] * this.exposureSec) /
        (background.backscale[channel] * background.areascale[channel] * background.exposureSec),
    );
  }

  /**
   * Counts per channel that an incident spectrum leaves, without pile-up and background.
   *
   * @param photons Photons/s/cm² per bin of `energies`.
   */
  fold(photons: Float64Array): Float64Array {
    const area = this.areaCm2;
    const counts = foldRmf(
      this.requireRmf(),
      photons.map((value, bin) => value * area[bin] * this.exposureSec),
    );
    for (let channel = 0; channel < counts.length; channel++) counts[channel] *= this.areascale[channel];
    return counts;
  }

  [DISPLAY]() {
    return spectrumBundle(this);
  }
}

/** The RMF with its channels cut to those of the spectrum: by number, or by position where only the first number differs. */
function alignRmf(data: SpectrumData, rmf: Rmf): Rmf {
  const n = data.counts.length;
  if (n === rmf.channel.length) return rmf;
  throw new TypeError(
    `Cannot use "${rmf.name}" with "${data.name}": the RMF must have ${n} channels: current number is ${rmf.channel.length}`,
  );
}
