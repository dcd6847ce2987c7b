import { type OnnxNode, type OnnxTensor, writeOnnx } from "../onnx/index.ts";
import type { PpadConfig } from "./config.ts";
import type { Decoder } from "./decode.ts";

/** Copies `columns` of each of some rows of a row-major block. */
function cut(
  source: Float32Array,
  at: number,
  { rows, columns, stride }: { rows: number; columns: number; stride: number },
): Float32Array {
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    out.set(source.subarray(at + row * stride, at + row * stride + columns), row * columns);
  }
  return out;
}

/** The first layer's weights for the code [z, what is given, t, all sines, all cosines], shape (inputs, hidden). */
function firstLayer({ extents, layout, parameters }: Decoder): Float32Array {
  const { features, hidden } = extents;
  const octaves = (features - 1) / 2;
  const ofSource = extents.latent + extents.given;
  const weights = new Float32Array((ofSource + features) * hidden);
  const row = (from: number, to: number) => weights.set(parameters.subarray(from, from + hidden), to * hidden);
  for (let l = 0; l < ofSource; l++) row(layout.latentIn + l * hidden, l);
  row(layout.timeIn, ofSource);
  for (let k = 0; k < octaves; k++) {
    row(layout.timeIn + (2 * k + 1) * hidden, ofSource + 1 + k);
    row(layout.timeIn + (2 * k + 2) * hidden, ofSource + 1 + octaves + k);
  }
  return weights;
}

/**
 * The decoder as an ONNX file, for any runtime: inputs `z` (n, latentSize), `time` (n, 1) in the decoder's unit and,
 * where the decoder is given it, `log_length` (n, 1), log₁₀ of the observation's length over 10 ks; output `log_rate`
 * (n, bands). Where brightness is "latent" it is the log of counts per unit of time, the scale
 * included; where it is "source", the log of the rate over the source's mean rate per band. The file's metadata say
 * which, with the unit in seconds and the edges of the bands.
 *
 * Octaves are taken modulo whole turns before the sine, exactly in single precision, so that the highest ones lose
 * nothing but what `time` itself is rounded by.
 *
 * @param options.rateScale Counts per unit and band that an output of 0 stands for, where brightness is "latent".
 */
export function decoderOnnx(decoder: Decoder, options: { config: PpadConfig; rateScale: number }): Uint8Array {
  const { extents, layout, parameters } = decoder;
  const { config, rateScale } = options;
  const { latent, given, hidden, features, bands, bandsPadded } = extents;
  const octaves = (features - 1) / 2;
  const tensors: OnnxTensor[] = [];
  const nodes: OnnxNode[] = [];
  const constant = (name: string, shape: readonly number[], data: Float32Array) => {
    tensors.push({ name, shape, data });
    return name;
  };
  const add = (op: string, inputs: readonly string[], output: string, integers: { [name: string]: number } = {}) => {
    nodes.push({ op, inputs, outputs: [output], integers });
    return output;
  };
  const flat = (at: number, count: number) => parameters.slice(at, at + count);

  const powers = Float32Array.from({ length: octaves }, (_, k) => 2 ** k);
  const halfTurns = add("Mul", ["time", constant("octaves", [1, octaves], powers)], "half_turns");
  const part = add("Mod", [halfTurns, constant("turn", [], Float32Array.of(2))], "part_of_turn", { fmod: 1 });
  const angle = add("Mul", [part, constant("pi", [], Float32Array.of(Math.PI))], "angle");
  const waves = [add("Sin", [angle], "sines"), add("Cos", [angle], "cosines")];
  const length = given > 0 ? ["log_length"] : [];
  const code = add("Concat", ["z", ...length, "time", ...waves], "code", { axis: 1 });
  const w = constant("lin_in.weight", [latent + given + features, hidden], firstLayer(decoder));
  let x = add("Gemm", [code, w, constant("lin_in.bias", [hidden], flat(layout.biasIn, hidden))], "x_0");
  for (const [i, block] of layout.blocks.entries()) {
    const name = `blocks.${i}`;
    const w0 = constant(`${name}.fc_0.weight`, [hidden, hidden], flat(block.w0, hidden * hidden));
    const b0 = constant(`${name}.fc_0.bias`, [hidden], flat(block.b0, hidden));
    const w1 = constant(`${name}.fc_1.weight`, [hidden, hidden], flat(block.w1, hidden * hidden));
    const b1 = constant(`${name}.fc_1.bias`, [hidden], flat(block.b1, hidden));
    const inner = add("Gemm", [add("Relu", [x], `${name}.active`), w0, b0], `${name}.fc_0`);
    const step = add("Gemm", [add("Relu", [inner], `${name}.inner`), w1, b1], `${name}.fc_1`);
    x = add("Add", [x, step], `x_${i + 1}`);
  }
  const columns = { rows: hidden, columns: bands, stride: bandsPadded };
  const out = constant("lin_out.weight", [hidden, bands], cut(parameters, layout.wOut, columns));
  const logScale = config.brightness === "latent" ? Math.log(rateScale) : 0;
  const bias = flat(layout.bOut, bands).map((value) => value + logScale);
  add("Gemm", [add("Relu", [x], "last"), out, constant("lin_out.bias", [bands], bias)], "log_rate");
  return writeOnnx({
    name: "ppad_decoder",
    inputs: [
      { name: "z", shape: ["n", latent] },
      ...length.map((name) => ({ name, shape: ["n", 1] })),
      { name: "time", shape: ["n", 1] },
    ],
    outputs: [{ name: "log_rate", shape: ["n", bands] }],
    nodes,
    tensors,
    metadata: {
      time_unit_sec: String(config.timeScale),
      brightness: config.brightness,
      band_edges_ev: config.bandEdgesEv.join(" "),
    },
  });
}
