import { describe, expect, it } from "vitest";
import { Rng } from "../../../src/random/index.ts";
import { drawArrivals, type Profile, profileIntegral, profileValue } from "../../../src/sky/profile.ts";

const whole = { startSec: new Float64Array([0]), stopSec: new Float64Array([40_000]) };
const gappy = { startSec: new Float64Array([0, 9_000, 26_000]), stopSec: new Float64Array([8_000, 20_000, 40_000]) };

const profiles: readonly Profile[] = [
  { kind: "constant" },
  { kind: "flare", peakSec: 10_000, riseSec: 500, decaySec: 3_000 },
  { kind: "burst", centreSec: 9_500, sigmaSec: 700 },
  { kind: "sinusoid", zeroSec: 100, periodSec: 4_000, depth: 0.8 },
  { kind: "pulse", zeroSec: 900, periodSec: 5_000, kappa: 4 },
  { kind: "eclipse", zeroSec: 3_000, periodSec: 10_000, widthSec: 2_000, flankSec: 300, depth: 0.9 },
];

/** Modified Bessel function I0 by its series. */
function besselI0(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; k < 60; k++) sum += term *= (x / 2 / k) ** 2;
  return sum;
}

describe("profileIntegral()", () => {
  it.each([
    ["constant", profiles[0]!, 40_000],
    // Triangle, and the part of the exponential that ends at 40 ks.
    ["flare", profiles[1]!, 250 + 3_000 * (1 - Math.exp(-10))],
    ["burst", profiles[2]!, 700 * Math.sqrt(2 * Math.PI)],
    ["sinusoid over whole periods", profiles[3]!, 40_000],
    ["pulse over whole periods", profiles[4]!, 40_000 * Math.exp(-4) * besselI0(4)],
    // Four trapezoids of depth 0.9, 2000 s wide below and 2600 s above.
    ["eclipse", profiles[5]!, 40_000 - 4 * 0.9 * 2_300],
  ])("agrees with the closed form of a %s", (_, profile, expected) => {
    expect(profileIntegral(profile, whole) / expected).toBeCloseTo(1, 4);
  });

  it("adds up over good time", () => {
    const gti = { startSec: new Float64Array([0, 1_000]), stopSec: new Float64Array([500, 4_000]) };
    expect(profileIntegral({ kind: "constant" }, gti)).toBeCloseTo(3_500, 9);
  });
});

describe("drawArrivals()", () => {
  it.each(profiles.map((profile) => [profile.kind, profile] as const))("gives a %s its mean counts", (_, profile) => {
    const rng = new Rng(5);
    const expected = 0.02 * profileIntegral(profile, gappy);
    let total = 0;
    for (let trial = 0; trial < 200; trial++) total += drawArrivals(profile, 0.02, { gti: gappy, rng }).length;
    // The total is Poisson: 4 standard deviations, wrong once in 16,000 seeds.
    expect(Math.abs(total - 200 * expected)).toBeLessThan(4 * Math.sqrt(200 * expected));
  });

  it.each(profiles.map((profile) => [profile.kind, profile] as const))(
    "spreads a %s as its rate says",
    (_, profile) => {
      const times = drawArrivals(profile, 1.5, { gti: gappy, rng: new Rng(8) }).sort((a, b) => a - b);
      const cumulative = tabulate(profile);
      let distance = 0;
      times.forEach((time, i) => {
        const model = cumulative(time);
        distance = Math.max(distance, Math.abs((i + 0.5) / times.length - model));
      });
      // Kolmogorov–Smirnov: 1.95/√N is passed by chance once in 1000.
      expect(distance * Math.sqrt(times.length)).toBeLessThan(1.95);
      expect(times.length).toBeGreaterThan(500);
    },
  );

  it("folds a pulse into its von Mises profile", () => {
    const pulse = profiles[4] as Extract<Profile, { kind: "pulse" }>;
    const times = drawArrivals(pulse, 3, { gti: whole, rng: new Rng(3) });
    const bins = new Float64Array(20);
    for (const time of times) bins[Math.floor((((((time - pulse.zeroSec) / pulse.periodSec) % 1) + 1) % 1) * 20)]!++;
    const model = bins.map((_, bin) => {
      let sum = 0;
      for (let k = 0; k < 50; k++)
        sum += profileValue(pulse, pulse.zeroSec + ((bin + (k + 0.5) / 50) / 20) * pulse.periodSec);
      return sum;
    });
    const scale = times.length / model.reduce((a, b) => a + b);
    const chi2 = bins.reduce((sum, count, bin) => sum + (count - scale * model[bin]!) ** 2 / (scale * model[bin]!), 0);
    // 19 degrees of freedom: 45 is passed once in 1500.
    expect(chi2).toBeLessThan(45);
  });
});

/** Cumulative rate over the gappy good time, normalised, by the midpoint rule on 2 s. */
function tabulate(profile: Profile): (tSec: number) => number {
  const table = new Float64Array(20_001);
  for (let i = 0; i < 20_000; i++) {
    const time = 2 * i + 1;
    const good = gappy.startSec.some((start, g) => time >= start && time < gappy.stopSec[g]!);
    table[i + 1] = table[i]! + (good ? profileValue(profile, time) : 0);
  }
  return (tSec) => {
    const at = tSec / 2;
    const low = Math.floor(at);
    return (table[low]! + (at - low) * (table[low + 1]! - table[low]!)) / table[20_000]!;
  };
}
