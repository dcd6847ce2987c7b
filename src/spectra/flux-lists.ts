import { groupChannels, groupingForMinCounts } from "./grouping.ts";
import type { EnergyRange, Spectrum } from "./spectrum.ts";

/** A spectrum as lists of equal length (n,), as the Multimodal Universe holds it: counts, not unfolded. */
export interface FluxLists {
  /** Middles and bounds of the bins, keV. */
  readonly spectrum_ene: Float64Array;
  readonly spectrum_ene_lo: Float64Array;
  readonly spectrum_ene_hi: Float64Array;
  /** Counts/s/keV, without background. */
  readonly spectrum_flux: Float64Array;
  /** Its error after Gehrels, 1 + √(N + 0.75) of source and scaled background in quadrature, counts/s/keV. */
  readonly spectrum_flux_err: Float64Array;
}

/**
 * Bins of a spectrum without its background, as Sherpa plots them and the Multimodal Universe stores them.
 *
 * Channels that lie whole in the range are joined from its lower end on, until each bin has enough counts; the last one
 * may have fewer. Bad channels are left out.
 *
 * @param options.range Default 0.5 to 8 keV.
 * @param options.minCounts Least source counts of a bin, background included. Default 5.
 * @throws {TypeError} If the spectrum has no RMF.
 * @throws {RangeError} If no channel lies in the range, or minCounts is no positive number.
 * @see Gehrels 1986, ApJ 303, 336, eq. 7
 */
export function fluxLists(spectrum: Spectrum, options: { range?: EnergyRange; minCounts?: number } = {}): FluxLists {
  const { range = [0.5, 8], minCounts = 5 } = options;
  if (!(minCounts > 0)) {
    throw new RangeError(`Cannot bin "${spectrum.name}": minCounts must be above 0: current value is ${minCounts}`);
  }
  const { loKeV, hiKeV } = spectrum.channelEnergies;
  const first = loKeV.findIndex((lo) => lo >= range[0]);
  const stop = 1 + hiKeV.findLastIndex((hi) => hi <= range[1]);
  if (first < 0 || first >= stop) {
    throw new RangeError(
      `Cannot bin "${spectrum.name}": range must hold a channel, ${loKeV[0]} to ${hiKeV.at(-1)} keV: current value is ${range.join(" to ")} keV`,
    );
  }
  const grouping = new Int16Array(spectrum.counts.length);
  grouping.set(groupingForMinCounts(spectrum.counts.slice(first, stop), minCounts).grouping!, first);
  const groups = groupChannels(spectrum.with({ grouping }));
  const inRange = Array.from(groups.start.keys()).filter((i) => groups.start[i]! >= first && groups.stop[i]! <= stop);
  const pick = (values: ArrayLike<number>) => Float64Array.from(inRange, (i) => values[i]!);
  const [low, high, counts] = [pick(groups.loKeV), pick(groups.hiKeV), pick(groups.sum(spectrum.counts))];
  const { background, backgroundScale } = spectrum;
  const backgroundCounts = background && pick(groups.sum(background.counts));
  // Scales differ within a bin only where AREASCAL or BACKSCAL do; the errors then take their mean
  const scaled = background && pick(groups.sum(background.counts.map((n, i) => n * backgroundScale![i]!)));
  const meanScale =
    background &&
    pick(groups.sum(backgroundScale!)).map((sum, k) => sum / (groups.stop[inRange[k]!]! - groups.start[inRange[k]!]!));
  const perWidth = (values: Float64Array) =>
    values.map((value, k) => value / (high[k]! - low[k]!) / spectrum.exposureSec);
  return {
    spectrum_ene: low.map((lo, k) => 0.5 * (lo + high[k]!)),
    spectrum_ene_lo: low,
    spectrum_ene_hi: high,
    spectrum_flux: perWidth(counts.map((n, k) => n - (scaled?.[k] ?? 0))),
    spectrum_flux_err: perWidth(
      counts.map((n, k) => Math.hypot(gehrels(n), background ? meanScale![k]! * gehrels(backgroundCounts![k]!) : 0)),
    ),
  };
}

function gehrels(counts: number): number {
  return 1 + Math.sqrt(counts + 0.75);
}
