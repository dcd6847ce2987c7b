import { concatArrays } from "../array/index.ts";
import { exposureSec, type Gti, intersectGti, unionGti } from "../gti/index.ts";
import { type EventColumn, EventList, referenceDay } from "./event-list.ts";

/**
 * Joins event lists into one, in order of time.
 *
 * Times become those of the first list's clock (MJDREF); x and y become pixels of the first list's sky. Columns that not
 * all lists have are left out, which the notes say. Good time is that of any list; where lists overlap in time (several
 * detectors), the exposures add up nevertheless, which the notes say too.
 *
 * @throws {TypeError} If there is no list.
 * @throws {RangeError} If the clocks count different scales, or only some are barycentred.
 */
export function mergeEvents(lists: readonly EventList[], options: { name?: string } = {}): EventList {
  const [first] = lists;
  if (!first) throw new TypeError("Cannot merge event lists: there must be at least one");
  checkClocks(lists);
  const moved = lists.map((list) => onClock(list, first));
  const gtis = moved.map(({ gti }) => gti);
  const together = moved.reduce((sum, list) => sum + list.exposureSec, 0);
  const good = gtis.reduce((sum, gti) => sum + exposureSec(gti), 0);
  const { extra, missing } = sharedColumns(moved);
  const notes = [...new Set(lists.flatMap((list) => list.notes))];
  if (missing.length > 0) notes.push(`not all lists have ${missing.join(", ")}: left out of the merged one`);
  if (overlap(gtis)) notes.push("good times of the merged lists overlap: their exposures were added up");
  const frames = new Set(moved.map(({ frameTimeSec }) => frameTimeSec));
  return new EventList({
    name: options.name ?? [...new Set(lists.map(({ name }) => name))].join(" + "),
    timeSec: concatArrays(moved.map(({ timeSec }) => timeSec)),
    energyKeV: concatArrays(moved.map(({ energyKeV }) => energyKeV)),
    ...positions(moved),
    ...(moved.every(({ ccdId }) => ccdId)
      ? { ccdId: concatArrays(moved.map(({ ccdId }) => ccdId as Int16Array)) }
      : {}),
    ...(moved.every(({ grade }) => grade)
      ? { grade: concatArrays(moved.map(({ grade }) => grade as Int16Array)) }
      : {}),
    extra,
    gti: unionGti(...gtis),
    ...(moved.every(({ gtiByCcd }) => gtiByCcd) ? { gtiByCcd: joinByCcd(moved) } : {}),
    tStartSec: Math.min(...moved.map(({ tStartSec }) => tStartSec)),
    tStopSec: Math.max(...moved.map(({ tStopSec }) => tStopSec)),
    exposureSec: together,
    liveFraction: good > 0 ? Math.min(1, together / good) : 1,
    ...(frames.size === 1 && first.frameTimeSec !== undefined ? { frameTimeSec: first.frameTimeSec } : {}),
    meta: sharedMeta(lists),
    notes,
  });
}

function checkClocks(lists: readonly EventList[]): void {
  const scales = new Set(lists.map(({ meta }) => meta.timeSys?.toUpperCase() ?? "unknown"));
  const kinds = new Set(lists.map((list) => list.isBarycentred));
  if (scales.size === 1 && kinds.size === 1) return;
  throw new RangeError(
    `Cannot merge event lists: all must count the same time scale, at the same place: current scales are ${[...scales].join(", ")}${kinds.size > 1 ? ", some barycentred" : ""}`,
  );
}

/** A list with the times and pixels of another one's clock and sky. */
function onClock(list: EventList, target: EventList): EventList {
  const shift = clockShift(list, target);
  const sky = skyOf(list, target);
  if (shift === 0 && !sky) return list;
  const move = (gti: Gti) => ({
    startSec: gti.startSec.map((time) => time + shift),
    stopSec: gti.stopSec.map((time) => time + shift),
  });
  return new EventList({
    ...list,
    ...sky,
    timeSec: list.timeSec.map((time) => time + shift),
    gti: move(list.gti),
    gtiByCcd: list.gtiByCcd && new Map(Array.from(list.gtiByCcd, ([ccd, gti]) => [ccd, move(gti)])),
    tStartSec: list.tStartSec + shift,
    tStopSec: list.tStopSec + shift,
  } as ConstructorParameters<typeof EventList>[0]);
}

/** s to add to a list's times to make them another one's; 0 where both have the same reference, or none. */
function clockShift(list: EventList, target: EventList): number {
  const [a, b] = [referenceDay(list.meta), referenceDay(target.meta)];
  if (!a || !b) {
    if (!a && !b) return 0;
    throw new RangeError(
      `Cannot merge event lists: all or none must have MJDREF: "${a ? target.name : list.name}" has none`,
    );
  }
  if (a[0] === b[0] && a[1] === b[1]) return 0;
  return target.clock.timeSec(list.clock.mjd(0), list.clock.scale);
}

/** Pixels on another list's sky, where the two differ. */
function skyOf(
  list: EventList,
  target: EventList,
): { sky: NonNullable<EventList["sky"]>; x: Float32Array; y: Float32Array } | undefined {
  const { sky } = target;
  if (!list.sky || !sky || !list.x || !list.y) return undefined;
  if (JSON.stringify(list.sky.fields) === JSON.stringify(sky.fields)) return undefined;
  const { raDeg, decDeg } = list.positions();
  const pixels = Array.from(raDeg, (ra, i) => sky.toPixel(ra, decDeg[i]!));
  return { sky, x: Float32Array.from(pixels, ([x]) => x), y: Float32Array.from(pixels, ([, y]) => y) };
}

/** x and y, if all lists have them on one sky (or all without one). */
function positions(lists: readonly EventList[]) {
  const { sky } = lists[0] as EventList;
  if (!lists.every((list) => list.x && list.y && Boolean(list.sky) === Boolean(sky))) return {};
  return {
    x: concatArrays(lists.map(({ x }) => x as Float32Array)),
    y: concatArrays(lists.map(({ y }) => y as Float32Array)),
    ...(sky ? { sky } : {}),
  };
}

/** Columns that all lists have in the same type, and the names of the others. */
function sharedColumns(lists: readonly EventList[]): { extra: Record<string, EventColumn>; missing: string[] } {
  const names = new Set(lists.flatMap((list) => Object.keys(list.extra)));
  const same = (name: string) =>
    new Set(lists.map((list) => list.extra[name]?.constructor)).size === 1 && lists.every((list) => list.extra[name]);
  const shared = [...names].filter(same);
  const missing = [...names].filter((name) => !same(name));
  if (lists.some(({ x }) => x) && !("x" in positions(lists))) missing.push("x and y on a known sky");
  if (lists.some(({ ccdId }) => ccdId) && !lists.every(({ ccdId }) => ccdId)) missing.push("CCD numbers");
  if (lists.some(({ grade }) => grade) && !lists.every(({ grade }) => grade)) missing.push("grades");
  return {
    extra: Object.fromEntries(
      shared.map((name) => [name, concatArrays(lists.map((list) => list.extra[name] as EventColumn))]),
    ),
    missing,
  };
}

function joinByCcd(lists: readonly EventList[]): Map<number, Gti> {
  const entries = lists.flatMap((list) => [...(list.gtiByCcd as ReadonlyMap<number, Gti>)]);
  const groups = Map.groupBy(entries, ([ccd]) => ccd);
  return new Map(Array.from(groups, ([ccd, of]) => [ccd, unionGti(...of.map(([, gti]) => gti))]));
}

function overlap(gtis: readonly Gti[]): boolean {
  return gtis.some((a, i) => gtis.slice(i + 1).some((b) => intersectGti(a, b).startSec.length > 0));
}

/** What the headers agree on, with the clock of the first. */
function sharedMeta(lists: readonly EventList[]): EventList["meta"] {
  const [first] = lists as [EventList];
  const { mjdRef, mjdRefParts } = first.meta;
  const agreed = Object.entries(first.meta).filter(([key, value]) =>
    lists.every((list) => list.meta[key as keyof EventList["meta"]] === value),
  );
  return {
    ...Object.fromEntries(agreed),
    ...(mjdRef === undefined ? {} : { mjdRef }),
    ...(mjdRefParts ? { mjdRefParts } : {}),
  };
}
