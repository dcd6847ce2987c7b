import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { type PpadConfig, PpadModel, ppadCompact, ppadPublished } from "../../../src/ppad/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { randomParameters, record } from "./engine.ts";

function modelOf(config: PpadConfig, rateScale: number): PpadModel {
  return new PpadModel({
    config,
    parameters: randomParameters(config, 3),
    latents: { data: new Float32Array(config.latentSize), shape: [1, config.latentSize] },
    names: ["S"],
    rateScale,
    history: [],
    stopped: false,
  });
}

const small = { hiddenSize: 32, blocks: 2, bandEdgesEv: [500, 2000, 4000, 5000, 7000] };
/** Eighths of a 4,096th: exact in single precision, and with all phases of the highest octave. */
const times = Float32Array.from({ length: 257 }, (_, i) => (127 * i) / 32_768);

async function logRates(model: PpadModel, z: Float32Array, logLength?: number): Promise<Float32Array> {
  const session = await InferenceSession.create(model.toOnnx());
  const rows = Float32Array.from({ length: times.length * z.length }, (_, i) => z[i % z.length]!);
  const { log_rate } = await session.run({
    z: new Tensor("float32", rows, [times.length, z.length]),
    time: new Tensor("float32", times, [times.length, 1]),
    ...(logLength !== undefined && {
      log_length: new Tensor("float32", new Float32Array(times.length).fill(logLength), [times.length, 1]),
    }),
  });
  expect(log_rate!.dims).toEqual([times.length, model.config.bandEdgesEv.length - 1]);
  return log_rate!.data as Float32Array;
}

// Both round activations to 24 bits; log rates of order 1–10 agree to 1e-5 of that.
const TOLERANCE = 1e-4;

test("model.toOnnx() gives the same rates in onnxruntime where brightness is in the latent", async () => {
  const model = modelOf({ ...ppadPublished, ...small }, 40);
  const rng = new Rng(8);
  const z = Float32Array.from({ length: 8 }, () => rng.normal());
  const theirs = await logRates(model, z);
  const { rate } = model.rateCurve(
    z,
    Array.from(times, (time) => time * 28_800),
  );
  rate.data.forEach((value, i) => {
    expect(Math.abs(Math.log(value * 28_800) - theirs[i]!)).toBeLessThan(TOLERANCE);
  });
});

test.each([
  ["its length left out", false],
  ["its length given", true],
])(
  "model.toOnnx() gives rates over the source's mean rate where brightness is the source's, %s",
  async (_, lengthInput) => {
    const model = modelOf({ ...ppadCompact, ...small, lengthInput }, 1);
    const source = record(() => 1, { photons: 60, rng: new Rng(2), lengthSec: 16_384 });
    const z = Float32Array.from([0.3, -1, 0.5, 2, 0, -0.2, 1, 0.1]);
    const theirs = await logRates(model, z, lengthInput ? Math.log10(1.6384) : undefined);
    const { rate } = model.rateCurve(
      z,
      Array.from(times, (time) => time * 16_384),
      { source, meanRate: 4 },
    );
    rate.data.forEach((value, i) => {
      expect(Math.abs(Math.log(value) - theirs[i]!)).toBeLessThan(TOLERANCE);
    });
  },
);
