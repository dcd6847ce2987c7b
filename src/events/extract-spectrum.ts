import { type Arf, type Rmf, Spectrum } from "../spectra/index.ts";
import { channelsAreEv } from "./energies.ts";
import type { EventList } from "./event-list.ts";
import type { Region } from "./region.ts";
import { regionArea } from "./region-area.ts";

/** What a spectrum is extracted with. */
export interface ExtractSpectrumOptions {
  /** The RMF, which says what the channels are, and the ARF; a spectrum that has them will do. */
  readonly response: { readonly rmf?: Rmf | undefined; readonly arf?: Arf | undefined };
  /** Where the source is, sky pixels. Default: all photons of the list. */
  readonly source?: Region;
  /** Where its background is, sky pixels; goes with `source`. Default: no background. */
  readonly background?: Region;
  /** Default: the list's name. */
  readonly name?: string;
}

/**
 * Counts photons by detector channel, source and background: the spectrum to be fitted.
 *
 * A photon's channel is its PI where the file had one, else the channel whose nominal energies hold its energy. Photons
 * outside the good time do not count; those outside the channels are told of in `meta.outsideChannels`. BACKSCAL is the
 * area of the region, square pixels of the sky, by which the background is scaled. Good time, live time and frame time
 * are the list's, so that `events.filter({ timeSec })` gives the spectrum of a flare.
 *
 * @throws {TypeError} If the response has no RMF, or a background comes without a source.
 * @throws {RangeError} If the list has no energies, or a region is asked for and it has no positions.
 * @see OGIP 92-007; the same counts as CIAO's dmextract
 * @example extractSpectrum(events, { source: parseRegion("circle(4096,4096,8)"), response: await loadSpectrum("source.pi") })
 */
export function extractSpectrum(events: EventList, options: ExtractSpectrumOptions): Spectrum {
  const { response, source, background, name = events.name } = options;
  // In JavaScript nothing says that the response is missing.
  const { rmf, arf }: Partial<ExtractSpectrumOptions["response"]> = response ?? {};
  if (!rmf) throw new TypeError(`Cannot extract a spectrum of "${name}": its response must have an RMF: it has none`);
  if (background && !source) {
    throw new TypeError(
      `Cannot extract a spectrum of "${name}": a background must go with a source region, by whose area it is scaled: there is none`,
    );
  }
  const good = events.filter({ gti: events.gti });
  const part = (region: Region | undefined, label: string) => {
    const photons = region ? good.filter({ region }) : good;
    const { counts, outside } = countByChannel(photons, rmf);
    return new Spectrum({
      name: label,
      channel: rmf.channel,
      counts,
      exposureSec: photons.exposureSec,
      ...(region && background ? { backscale: new Float64Array(counts.length).fill(regionArea(region)) } : {}),
      meta: { ...observation(events), ...(outside > 0 ? { outsideChannels: outside } : {}) },
    });
  };
  const counted = part(source, name);
  return counted.with({ arf, rmf, ...(background ? { background: part(background, `${name} background`) } : {}) });
}

function observation({ meta, frameTimeSec, liveFraction }: EventList) {
  const { telescope, instrument, object, obsId } = meta;
  return { telescope, instrument, object, obsId, frameTimeSec, fracExposure: liveFraction };
}

function countByChannel(photons: EventList, rmf: Rmf): { counts: Float64Array; outside: number } {
  const counts = new Float64Array(rmf.channel.length);
  const channelOf = channelFinder(photons, rmf);
  let outside = 0;
  for (let i = 0; i < photons.length; i++) {
    const channel = channelOf(i);
    if (channel >= 0 && channel < counts.length) counts[channel]! += 1;
    else outside++;
  }
  return { counts, outside };
}

/** Index of the channel of photon i; outside 0 to nChannels − 1 where there is none. */
function channelFinder(photons: EventList, rmf: Rmf): (i: number) => number {
  const { meta, extra, energyKeV } = photons;
  const pi = extra[Object.keys(extra).find((name) => name.toUpperCase() === "PI") ?? ""];
  const byEnergy = energyFinder(rmf);
  if (!pi) {
    if (photons.hasEnergies) return (i) => byEnergy(energyKeV[i]!);
    throw new RangeError(
      `Cannot extract a spectrum of "${photons.name}": its photons must have PI channels or energies: they have neither`,
    );
  }
  // Where PI counts eV, a photon is as likely anywhere in its eV; its middle is on no channel's edge
  if (channelsAreEv(`${meta.telescope ?? ""} ${meta.instrument ?? ""}`)) return (i) => byEnergy((pi[i]! + 0.5) / 1000);
  const first = rmf.channel[0] ?? 0;
  return (i) => pi[i]! - first;
}

/** Index of the channel that holds an energy; −1 below all, nChannels above all. */
function energyFinder({ channelLoKeV, channelHiKeV }: Rmf): (energyKeV: number) => number {
  const n = channelLoKeV.length;
  // Gratings list their channels from high energies to low
  const falling = n > 1 && channelLoKeV[0]! > channelLoKeV[1]!;
  const at = (rank: number) => (falling ? n - 1 - rank : rank);
  return (energyKeV) => {
    if (!(energyKeV >= channelLoKeV[at(0)]!)) return -1;
    if (energyKeV >= channelHiKeV[at(n - 1)]!) return n;
    let [low, high] = [0, n];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (energyKeV >= channelLoKeV[at(middle)]!) low = middle;
      else high = middle;
    }
    return at(low);
  };
}
