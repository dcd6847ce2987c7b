import { Rng } from "../random/index.ts";

/** Neighbouring photons further apart than this many frames say nothing: the clock may have drifted by then. */
const NEAR_FRAMES = 1000;
/** Share of a frame by which a photon of the frames' clock may miss it. */
const TOLERANCE = 0.05;

/** Whether arrival times are those of CCD frames: neighbours a whole number of frames apart, 9 of 10 at least. */
export function areFrameTimes(timeSec: Float64Array, frameTimeSec: number): boolean {
  let [near, whole] = [0, 0];
  for (let i = 1; i < timeSec.length; i++) {
    const frames = ((timeSec[i] as number) - (timeSec[i - 1] as number)) / frameTimeSec;
    if (frames <= 0 || frames > NEAR_FRAMES) continue;
    near++;
    if (Math.abs(frames - Math.round(frames)) < TOLERANCE) whole++;
  }
  return near > 0 && whole > 0.9 * near;
}

/**
 * Arrival times spread evenly over their frames, as the photons were: a CCD records the frame only, and its clock is
 * otherwise the strongest period there is, at the frame time and at multiples of it.
 *
 * @param timeSec Ascending, s.
 * @param seed Any integer.
 * @returns Ascending times, each at most half a frame from the recorded one.
 */
export function spreadOverFrames(timeSec: Float64Array, frameTimeSec: number, seed: number): Float64Array {
  const rng = new Rng(seed);
  return timeSec.map((time) => time + (rng.uniform() - 0.5) * frameTimeSec).sort();
}
