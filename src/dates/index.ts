/**
 * Mission times and dates: UTC, TAI, TT and TDB.
 *
 * @module
 */
export { MissionClock } from "./mission-clock.ts";
export type { TimeScale } from "./time-scale.ts";
