import { PILEUP_DEFAULTS, type PileupParameters, pileupFraction } from "./forward.ts";

/** What an estimate needs to know of an event list; EventList has it. */
export interface FramedEvents {
  readonly timeSec: ArrayLike<number>;
  readonly exposureSec: number;
  readonly frameTimeSec?: number | undefined;
}

/** How piled a source is. */
export interface PileupEstimate {
  /** Events recorded per frame. */
  readonly countsPerFrame: number;
  /** Photons per frame and region that would leave as many events. */
  readonly photonsPerFrame: number;
  /** Share of the core's events with more than one photon, 0–1. */
  readonly pileupFraction: number;
}

/**
 * Estimates pile-up from a source's event list: events per frame, and the incident rate of Davis's model that leaves
 * them. Pass the source's events only, in the full energy range; background counts as source.
 *
 * A rate of events belongs to two incident rates, one below and one above the rate where events are lost faster than
 * they come; the lower is given.
 *
 * @param options.frameTimeSec Default: the event list's, else 3.241 s. The other options as for `emulate`.
 * @throws {RangeError} If exposure or frame time are not positive, or there are more events than the model allows at any
 *   rate (a wrong frame time, several sources, or an image wider than `nRegions` cells).
 */
export function estimatePileup(events: FramedEvents, options: Partial<PileupParameters> = {}): PileupEstimate {
  const settings = { ...PILEUP_DEFAULTS, ...options };
  const frameTimeSec = options.frameTimeSec ?? events.frameTimeSec ?? PILEUP_DEFAULTS.frameTimeSec;
  if (!(events.exposureSec > 0 && frameTimeSec > 0)) {
    throw new RangeError(
      `Cannot estimate pile-up: exposureSec and frameTimeSec must be > 0: current values are ${events.exposureSec} and ${frameTimeSec}`,
    );
  }
  const countsPerFrame = (events.timeSec.length * frameTimeSec) / events.exposureSec;
  const photonsPerFrame = incidentRate(countsPerFrame, settings);
  if (photonsPerFrame === undefined) {
    throw new RangeError(
      `Cannot estimate pile-up: one source must leave fewer events than it has photons: ${countsPerFrame.toPrecision(3)} events per frame of ${frameTimeSec} s are more than ${settings.nRegions} region(s) can record (pass one source's events, its frame time, and nRegions for a wide image)`,
    );
  }
  return {
    countsPerFrame,
    photonsPerFrame,
    pileupFraction: pileupFraction(photonsPerFrame, settings.gradeMigration),
  };
}

/** Events per frame that I photons per frame and region leave, core and wings. */
function eventsPerFrame(rate: number, settings: PileupParameters): number {
  const { gradeMigration: alpha, singleGrade, psfFraction, nRegions, fracExposure } = settings;
  const orders = alpha * rate < 1e-8 ? rate : Math.expm1(alpha * rate) / alpha;
  const core = nRegions * fracExposure * Math.exp(-rate / singleGrade) * orders;
  const wings = ((1 - psfFraction) / psfFraction) * nRegions * fracExposure * rate;
  return core + wings;
}

/** The smallest I that leaves the given events, by bisection below the first maximum; undefined if there is none. */
function incidentRate(events: number, settings: PileupParameters): number | undefined {
  const step = 0.01;
  let high = 0;
  while (eventsPerFrame(high, settings) < events) {
    const next = high + step;
    if (next > 100 || eventsPerFrame(next, settings) < eventsPerFrame(high, settings)) return undefined;
    high = next;
  }
  let low = Math.max(0, high - step);
  for (let round = 0; round < 60; round++) {
    const middle = 0.5 * (low + high);
    if (eventsPerFrame(middle, settings) < events) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}
