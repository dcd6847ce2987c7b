import { gapsOfGti } from "../gti/index.ts";
import type { EventList } from "./event-list.ts";

/**
 * Cuts an event list at given times; every photon is in exactly one of the parts, in the later one at a cut.
 *
 * @param timesSec Where to cut, s of mission time, ascending.
 * @returns One list more than there are times; parts without photons are kept.
 * @throws {RangeError} If the times do not ascend, or one is not of the observation.
 */
export function splitEvents(events: EventList, timesSec: ArrayLike<number>): EventList[] {
  const cuts = Array.from(timesSec);
  const wrong = cuts.findIndex((time, i) => !(time > (cuts[i - 1] ?? Number.NEGATIVE_INFINITY)));
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot split events: times must ascend: number ${wrong + 1} is ${cuts[wrong]} after ${cuts[wrong - 1] ?? "none"}`,
    );
  }
  const edges = [Math.min(events.tStartSec, events.timeSec[0] ?? events.tStartSec) - 1, ...cuts];
  const end = Math.max(events.tStopSec, events.timeSec.at(-1) ?? events.tStopSec) + 1;
  const outside = cuts.find((time) => time < events.tStartSec || time > events.tStopSec);
  if (outside !== undefined) {
    throw new RangeError(
      `Cannot split "${events.name}": times must be of the observation, ${events.tStartSec} to ${events.tStopSec}: current value is ${outside}`,
    );
  }
  return edges.map((from, i) => {
    const to = edges[i + 1] ?? end;
    const isLast = i === edges.length - 1;
    return events.filter({
      timeSec: [from, to],
      mask: (photon) => isLast || (events.timeSec[photon] as number) < to,
    });
  });
}

/**
 * Cuts an event list in the middle of each gap of its good time.
 *
 * @param options.minGapSec Shorter gaps are no gaps, s. Default 0.
 */
export function splitAtGaps(events: EventList, options: { minGapSec?: number } = {}): EventList[] {
  const { startSec, stopSec } = events.gti;
  if (startSec.length === 0) return [events];
  const gaps = gapsOfGti(events.gti, startSec[0] as number, stopSec.at(-1) as number);
  const wide = Array.from(gaps.startSec, (start, i) => [start, gaps.stopSec[i] as number] as const).filter(
    ([start, stop]) => stop - start > (options.minGapSec ?? 0),
  );
  return splitEvents(
    events,
    wide.map(([start, stop]) => 0.5 * (start + stop)),
  );
}
