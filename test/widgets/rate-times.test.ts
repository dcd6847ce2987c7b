import { describe, expect, test } from "vitest";
import { sampleRate } from "../../widgets/light-curve/rate-times.ts";

const durationSec = 25_000;

/** A burst of some seconds at 24,610 s, as XRT 200515's. */
function burst(timeSec: number): number {
  return 0.001 + 9 * Math.exp(-0.5 * ((timeSec - 24_610) / 4) ** 2);
}

function rateOf(f: (timeSec: number) => number, evaluations: number[]) {
  return (timeSec: Float64Array) => {
    evaluations.push(timeSec.length);
    return timeSec.map(f);
  };
}

/** The line that a plot draws through the samples. */
function drawn({ timeSec, rate }: { timeSec: Float64Array; rate: Float64Array }, at: number): number {
  const after = timeSec.findIndex((time) => time >= at);
  if (after === 0) return rate[0] as number;
  const [t0, t1, r0, r1] = [timeSec[after - 1], timeSec[after], rate[after - 1], rate[after]] as [
    number,
    number,
    number,
    number,
  ];
  return r0 + ((at - t0) / (t1 - t0)) * (r1 - r0);
}

describe("sampleRate()", () => {
  test("draws a burst of seconds in an observation of hours", () => {
    const photonSec = Float64Array.from({ length: 60 }, (_, i) => 24_600 + i / 3);
    const evaluations: number[] = [];
    const sampled = sampleRate(rateOf(burst, evaluations), { durationSec, photonSec });
    let worst = 0;
    for (let at = 0; at < durationSec; at += 0.37) worst = Math.max(worst, Math.abs(drawn(sampled, at) - burst(at)));
    // The tolerance of 0.4 % holds at the samples; between the last two of a halving the line may miss twice that.
    expect(worst).toBeLessThan(0.008 * burst(24_610));
    expect(sampled.timeSec.length).toBeLessThanOrEqual(1200);
    expect(evaluations.reduce((a, b) => a + b)).toBe(sampled.timeSec.length);
    expect(sampled.timeSec.every((time, i) => i === 0 || time > (sampled.timeSec[i - 1] as number))).toBe(true);
    expect([sampled.timeSec[0], sampled.timeSec.at(-1)]).toEqual([0, durationSec]);
  });
  test("adds nothing to a straight line", () => {
    const evaluations: number[] = [];
    sampleRate(
      rateOf((time) => 1 + time / durationSec, evaluations),
      { durationSec, photonSec: [] },
    );
    expect(evaluations).toEqual([400]);
  });
  test("keeps the bands of each time together", () => {
    const bands = (timeSec: Float64Array) => [...timeSec].flatMap((time) => [time, burst(time)]);
    const { timeSec, rate } = sampleRate(bands, { durationSec, photonSec: [24_610] });
    expect(timeSec.length).toBeGreaterThan(400);
    expect([...rate]).toEqual(bands(timeSec));
  });
});
