/**
 * Good time intervals and their algebra.
 *
 * @module
 */
export { containsTime, containsTimes, exposurePerBin, intervalOf } from "./contains.ts";
export { goodTimeBefore, timeAfterGood } from "./good-time.ts";
export { clipGti, exposureSec, type Gti, gapsOfGti, intersectGti, makeGti, unionGti } from "./gti.ts";
