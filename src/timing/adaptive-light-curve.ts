import { goodTimeBefore, timeAfterGood } from "../gti/index.ts";
import type { TimedPhotons } from "./bands.ts";
import { goodPhotons, type PhotonChoice } from "./good-photons.ts";
import { type LightCurve, lightCurveOnEdges } from "./light-curve.ts";
import type { IntervalMethod } from "./poisson-interval.ts";

/** How full bins are. */
export interface AdaptiveLightCurveOptions extends PhotonChoice {
  /** Counts per bin. Default 25, or what `minSnr` needs. */
  readonly minCounts?: number;
  /** Least ratio of counts to their error √N; the counts per bin are its square, rounded up. */
  readonly minSnr?: number;
  /** Poisson limits. Default "exact". */
  readonly errors?: IntervalMethod;
}

/**
 * Light curve whose bins hold equally many photons: narrow where the source is bright, wide where it is faint.
 *
 * Bins close half-way, in good time, between the last photon of one and the first of the next, so that rates are not
 * biased by ending at a photon; photons of one time stay together, and a bin may then hold more. What is left at the
 * end joins the last bin.
 *
 * @throws {RangeError} If `minCounts` is not a whole number above 0, or `minSnr` not above 0, or both are given.
 * @example
 * adaptiveLightCurve(events, { minSnr: 5 });
 */
export function adaptiveLightCurve(photons: TimedPhotons, options: AdaptiveLightCurveOptions = {}): LightCurve {
  const perBin = countsPerBin(options);
  const chosen = goodPhotons(photons, options, "make an adaptive light curve");
  const { gti, timeSec, onTimeSec } = chosen;
  const clock = goodTimeBefore(gti, timeSec);
  const inner: number[] = [];
  for (let first = 0; first + perBin < clock.length; ) {
    let next = first + perBin;
    while (next < clock.length && clock[next] === clock[next - 1]) next++;
    if (clock.length - next < perBin) break;
    inner.push(0.5 * ((clock[next - 1] as number) + (clock[next] as number)));
    first = next;
  }
  const edges = timeAfterGood(gti, [0, ...inner, onTimeSec]);
  return lightCurveOnEdges(chosen, edges, options);
}

function countsPerBin({ minCounts, minSnr }: AdaptiveLightCurveOptions): number {
  if (minCounts !== undefined && minSnr !== undefined) {
    throw new RangeError("Cannot make adaptive light curve: either minCounts or minSnr must be given: both are");
  }
  const counts = minSnr === undefined ? (minCounts ?? 25) : Math.ceil(minSnr ** 2);
  if (!(Number.isInteger(counts) && counts > 0)) {
    throw new RangeError(
      `Cannot make adaptive light curve: counts per bin must be whole and above 0: current value is ${counts}`,
    );
  }
  return counts;
}
