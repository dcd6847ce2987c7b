import { describe, expect, it } from "vitest";
import { DISPLAY } from "../../../src/host/index.ts";
import { credibleRate } from "../../../src/ppad/credible.ts";
import { decode } from "../../../src/ppad/decode.ts";
import { exposureNodes } from "../../../src/ppad/exposure-nodes.ts";
import { type PhotonRecord, PpadModel, ppadCompact, withBackground } from "../../../src/ppad/index.ts";
import { extentsOf, layoutParameters } from "../../../src/ppad/layout.ts";
import { excessVariance } from "../../../src/ppad/misfit.ts";
import { prepareRecord } from "../../../src/ppad/population.ts";
import { decodeTangents } from "../../../src/ppad/tangents.ts";
import { Rng } from "../../../src/random/index.ts";

const config = { ...ppadCompact, latentSize: 3, hiddenSize: 16, blocks: 2, frequencies: 4 };
const extents = extentsOf(config);
const layout = layoutParameters(extents);
const rng = new Rng(5);
const decoder = {
  extents,
  layout,
  parameters: Float32Array.from({ length: layout.size }, () => 0.3 * rng.normal()),
};

/** Photons of a rate, by thinning, over one or more good time intervals. */
function draw(rate: (sec: number) => number, most: number, gti: [number, number][], seed = 1): PhotonRecord {
  const own = new Rng(seed);
  const times: number[] = [];
  for (const [start, stop] of gti) {
    for (let t = start + own.exponential() / most; t < stop; t += own.exponential() / most) {
      if (own.uniform() * most < rate(t)) times.push(t);
    }
  }
  return {
    timeSec: Float64Array.from(times),
    energyKeV: Float32Array.from(times, () => 1),
    gti: { startSec: Float64Array.from(gti, ([a]) => a), stopSec: Float64Array.from(gti, ([, b]) => b) },
    name: "drawn",
  };
}

const prepare = (record: PhotonRecord) => prepareRecord(record, 0, config, "test");

describe("decodeTangents()", () => {
  it("is the decoder, with derivatives that agree with finite differences", () => {
    const times = Float64Array.of(0, 0.13, 0.77, 1.4);
    const z = [0.4, -1.1, 0.3];
    const { log, slope } = decodeTangents(decoder, { z, unitSec: 1 }, times);
    expect([...log]).toEqual([...decode(decoder, { z, unitSec: 1 }, times)].map((value) => expect.closeTo(value, 12)));
    const step = 1e-6;
    for (let l = 0; l < 3; l++) {
      const shifted = (by: number) =>
        decode(decoder, { z: z.map((value, k) => (k === l ? value + by : value)), unitSec: 1 }, times);
      const [up, down] = [shifted(step), shifted(-step)];
      // Double precision, central differences: rounding of 1e-10, and no ReLU switches within 1e-6 here.
      up.forEach((value, at) => {
        expect(slope[at * 3 + l]).toBeCloseTo((value - down[at]!) / (2 * step), 7);
      });
    }
  });
});

describe("exposureNodes()", () => {
  const gti: [number, number][] = [
    [100, 400],
    [900, 1600],
  ];
  const record = prepare(draw((t) => (t > 1000 && t < 1005 ? 20 : 0.02), 20, gti));
  const { time, weight } = exposureNodes(record, 64);

  it("stands for all of the good time and nothing else", () => {
    expect(weight.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1000 / 1500, 12);
    expect(weight.every((value) => value > 0)).toBe(true);
    const seconds = time.map((value) => 100 + 1500 * value);
    expect(seconds.every((t) => gti.some(([a, b]) => t >= a - 1e-9 && t <= b + 1e-9))).toBe(true);
    expect(time.every((value, i) => i === 0 || value > time[i - 1]!)).toBe(true);
  });

  it("looks where the photons are", () => {
    const inBurst = [...time].filter((value) => Math.abs(100 + 1500 * value - 1002.5) < 2.5).length;
    expect(inBurst).toBeGreaterThan(15);
  });
});

describe("credibleRate()", () => {
  // One latent number, no blocks, rectifiers always on: log r = bias + slope z in every band, whatever the time.
  const linear = { ...config, latentSize: 1, hiddenSize: 8, blocks: 0, frequencies: 1 };
  const own = extentsOf(linear);
  const at = layoutParameters(own);
  const parameters = new Float32Array(at.size);
  const slope = 0.5;
  parameters[at.latentIn] = 1;
  parameters[at.biasIn] = 100;
  for (let b = 0; b < 3; b++) {
    parameters[at.wOut + b] = slope;
    parameters[at.bOut + b] = -100 * slope;
  }
  const record = prepare(draw(() => 0.1, 0.1, [[0, 1000]], 4));
  const limits = (change: object) =>
    credibleRate({ extents: own, layout: at, parameters }, [0.2], {
      record,
      config: { ...linear, ...change },
      scale: 20,
      nodes: 64,
    });

  it("has the closed form's variance where log rates are linear in the latent", () => {
    const expected = 3 * 20 * Math.exp(slope * 0.2);
    const misfit = Math.log1p(excessVariance(record, exposureNodes(record, 64), new Float64Array(64).fill(expected)));
    const variance = misfit + slope ** 2 / (expected * slope ** 2 + 2 * linear.latentPenalty);
    const { logSigma, total } = limits({ brightness: "latent" });
    expect(total[7]).toBeCloseTo(expected, 4);
    expect(logSigma[7]).toBeCloseTo(Math.sqrt(variance), 6);
    expect(logSigma[60]).toBeCloseTo(logSigma[7]!, 10);
  });

  it("adds the uncertainty of the mean rate where brightness is not in the latent", () => {
    // A free amplitude alone has variance 1/μ; the latent then adds nothing, as it says the same.
    const expected = 3 * 20 * Math.exp(slope * 0.2);
    const misfit = Math.log1p(excessVariance(record, exposureNodes(record, 64), new Float64Array(64).fill(expected)));
    expect(limits({ brightness: "source" }).logSigma[7]).toBeCloseTo(Math.sqrt(misfit + 1 / expected), 6);
  });

  it("says that a latent without prior, which no photon fixes, has no limits", () => {
    const flat = parameters.slice();
    flat.fill(0, at.wOut, at.wOut + 3);
    const free = {
      record,
      config: { ...linear, latentPenalty: 0, brightness: "latent" as const },
      scale: 20,
      nodes: 64,
    };
    expect(() => credibleRate({ extents: own, layout: at, parameters: flat }, [0.2], free)).toThrow("number 0 is free");
  });
});

describe("excessVariance()", () => {
  const nodesOf = (record: ReturnType<typeof prepare>) => exposureNodes(record, 256);

  it("is nothing where the rate is right", () => {
    const rate = (t: number) => 0.5 + 0.4 * Math.sin(t / 300);
    const record = prepare(draw(rate, 0.9, [[0, 4000]], 3));
    const nodes = nodesOf(record);
    const right = nodes.time.map((value) => 4000 * rate(4000 * value));
    // 500 bins of 4 counts: the excess scatters by √(2/500)/4.
    expect(excessVariance(record, nodes, right)).toBeLessThan(0.05);
  });

  it("is what a rate misses, as a share of it", () => {
    const record = prepare(draw((t) => (t < 2000 ? 1 : 0), 1, [[0, 4000]], 3));
    const nodes = nodesOf(record);
    const flat = nodes.time.map(() => 4000 * 0.5);
    // Half of the bins hold 2 μ, half none: (1 + noise of the full ones, which is Poisson's) of the rate squared.
    expect(excessVariance(record, nodes, flat)).toBeGreaterThan(0.9);
    expect(excessVariance(record, nodes, flat)).toBeLessThan(1.15);
  });

  it("says nothing of few photons", () => {
    const record = prepare(draw(() => 0.006, 0.006, [[0, 1500]], 2));
    expect(record.time.length).toBeLessThan(20);
    expect(excessVariance(record, nodesOf(record), new Float64Array(256).fill(1e6))).toBe(0);
  });
});

describe("PpadModel.lightCurve()", () => {
  const source = draw(() => 0.05, 0.05, [
    [500, 2000],
    [2500, 4000],
  ]);
  const model = new PpadModel({
    config,
    parameters: decoder.parameters,
    latents: { data: new Float32Array(3), shape: [1, 3] },
    names: ["drawn"],
    rateScale: 1,
    history: [],
    stopped: false,
  });

  it("is the model's rate in seconds from the start, with limits around it that widen with sigma", () => {
    const curve = model.lightCurve(source, [0.1, 0.2, 0.3]);
    const { total } = model.rateCurve([0.1, 0.2, 0.3], curve.timeSec, { source });
    curve.rate.forEach((rate, i) => {
      expect(rate / total[i]!).toBeCloseTo(1, 10);
      expect(curve.rateLow[i]).toBeLessThan(rate);
      expect(curve.rateHigh[i]).toBeGreaterThan(rate);
    });
    const wide = model.lightCurve(source, [0.1, 0.2, 0.3], { sigma: 2 });
    expect(Math.log(wide.rateHigh[9]! / wide.rate[9]!)).toBeCloseTo(
      2 * Math.log(curve.rateHigh[9]! / curve.rate[9]!),
      9,
    );
    expect(() => model.lightCurve(source, [1])).toThrow("z must have 3 numbers: current number is 1");
  });

  it("is the source's alone where the background is known, and drawn on its background", () => {
    const half = Math.floor(source.timeSec.length / 2);
    const known = withBackground(source, { energyKeV: new Float32Array(2 * half).fill(1) }, { scale: 0.5 });
    const [alone, all] = [known, source].map((one) => model.lightCurve(one, [0.1, 0.2, 0.3]));
    const goodSec = source.gti.stopSec.reduce((sum, stop, i) => sum + stop - source.gti.startSec[i]!, 0);
    // In single precision
    expect(alone!.backgroundRate / (half / goodSec)).toBeCloseTo(1, 5);
    expect(all!.backgroundRate).toBe(0);
    const inBand = all!.photonSec.length;
    alone!.rate.forEach((rate, i) => {
      expect(rate / all!.rate[i]!).toBeCloseTo((inBand - half) / inBand, 6);
    });
    expect(alone![DISPLAY]()["text/plain"]).toMatch(/on a known background of \S+ counts\/s/);
  });

  it("is as sure of a constant source on a background as its photons allow", () => {
    // Too few photons for a misfit, and a decoder that says nothing: the brightness is all there is to know.
    const few = draw(() => 0.001, 0.001, [[0, 12_000]], 3);
    const flat = new PpadModel({
      config,
      parameters: new Float32Array(layout.size),
      latents: { data: new Float32Array(3), shape: [1, 3] },
      names: ["flat"],
      rateScale: 1,
      history: [],
      stopped: false,
    });
    const n = few.timeSec.length;
    expect(n).toBeGreaterThan(8);
    expect(n).toBeLessThan(20);
    const known = withBackground(few, { energyKeV: new Float32Array(6).fill(1) }, { scale: 0.5 });
    const { rate, rateHigh } = flat.lightCurve(known, [0, 0, 0]);
    // Counts of the source are even over three bands, the three of the background are in the first one.
    const source = (n - 3) / 3;
    const information = source ** 2 / (source + 3) + 2 * source;
    expect(Math.log(rateHigh[0]! / rate[0]!)).toBeCloseTo(1 / Math.sqrt(information), 5);
  });

  it("draws itself over its photons, with the gap", () => {
    const shown = model.lightCurve({ ...source, name: "A<b>" }, [0, 0, 0])[DISPLAY]();
    expect(shown["text/plain"]).toContain(`PpadLightCurve A<b>: ${source.timeSec.length} photons; limits at ±1σ`);
    expect(shown["text/html"]).toContain("not observed");
    expect(shown["text/html"]).toContain("A&lt;b&gt;");
    expect(shown["text/html"]).not.toContain("NaN");
  });
});
