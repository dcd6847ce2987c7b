import type { Matrix } from "../array/index.ts";
import { readSafetensors, type Tensor, writeSafetensors } from "../safetensors/index.ts";
import type { PpadConfig } from "./config.ts";
import { type Extents, extentsOf, layoutParameters, type ParameterLayout } from "./layout.ts";
import { PpadModel, type PpadOptimizer } from "./model.ts";
import type { PpadEpoch, TrainerProgress } from "./train.ts";

const FORMAT = "photonbook-ppad-1";

/** Where one named tensor of the file lies in the flat parameters: rows of the file are outputs, as in PyTorch. */
interface Piece {
  readonly name: string;
  readonly shape: readonly number[];
  /** Flat offset of element (output, input). */
  at(output: number, input: number): number;
}

/** The decoder's tensors under the names that the authors' PyTorch module gives them. */
export function parameterPieces(extents: Extents, layout: ParameterLayout): Piece[] {
  const { hidden, features, bands, bandsPadded } = extents;
  const ofSource = extents.latent + extents.given;
  const square = (name: string, at: number): Piece => ({
    name,
    shape: [hidden, hidden],
    at: (output, input) => at + input * hidden + output,
  });
  const vector = (name: string, at: number, size: number): Piece => ({
    name,
    shape: [size],
    at: (output) => at + output,
  });
  return [
    {
      name: "decoder.lin_in.weight",
      shape: [hidden, ofSource + features],
      at: (output, input) =>
        (input < ofSource ? layout.latentIn + input * hidden : layout.timeIn + (input - ofSource) * hidden) + output,
    },
    vector("decoder.lin_in.bias", layout.biasIn, hidden),
    ...layout.blocks.flatMap((block, i) => [
      square(`decoder.blocks.${i}.fc_0.weight`, block.w0),
      vector(`decoder.blocks.${i}.fc_0.bias`, block.b0, hidden),
      square(`decoder.blocks.${i}.fc_1.weight`, block.w1),
      vector(`decoder.blocks.${i}.fc_1.bias`, block.b1, hidden),
    ]),
    {
      name: "decoder.lin_out.weight",
      shape: [bands, hidden],
      at: (output, input) => layout.wOut + input * bandsPadded + output,
    },
    vector("decoder.lin_out.bias", layout.bOut, bands),
  ];
}

/** Flat parameters as named tensors. */
export function unpackParameters(parameters: Float32Array, config: PpadConfig): Map<string, Tensor> {
  const extents = extentsOf(config);
  const tensors = new Map<string, Tensor>();
  for (const { name, shape, at } of parameterPieces(extents, layoutParameters(extents))) {
    const [rows, columns] = [shape[0] as number, shape[1] ?? 1];
    const data = new Float32Array(rows * columns);
    for (let i = 0; i < data.length; i++) data[i] = parameters[at(Math.floor(i / columns), i % columns)] as number;
    tensors.set(name, { shape, data });
  }
  return tensors;
}

/**
 * Named tensors as flat parameters.
 *
 * @throws {SyntaxError} If one is missing or has another shape.
 */
export function packParameters(tensors: ReadonlyMap<string, Tensor>, config: PpadConfig): Float32Array {
  const extents = extentsOf(config);
  const layout = layoutParameters(extents);
  const flat = new Float32Array(layout.size);
  for (const { name, shape, at } of parameterPieces(extents, layout)) {
    const { data } = tensorOf(tensors, name, shape);
    const columns = shape[1] ?? 1;
    for (let i = 0; i < data.length; i++) flat[at(Math.floor(i / columns), i % columns)] = data[i] as number;
  }
  return flat;
}

function tensorOf(tensors: ReadonlyMap<string, Tensor>, name: string, shape?: readonly number[]): Tensor {
  const tensor = tensors.get(name);
  const found = tensor ? `(${tensor.shape.join(", ")})` : "nothing";
  if (!tensor || (shape && tensor.shape.join() !== shape.join())) {
    const wanted = shape ? ` with shape (${shape.join(", ")})` : "";
    throw new SyntaxError(`Cannot read PPAD model: the file must hold "${name}"${wanted}: current is ${found}`);
  }
  return tensor;
}

/**
 * A model as the bytes of a safetensors file (`ppad.save` writes one), its configuration and history as JSON in the
 * header.
 *
 * @param options.optimizer Whether to write what training needs to go on as if it had not stopped; it triples the
 * size. Default true.
 */
export function writePpad(model: PpadModel, options: { optimizer?: boolean } = {}): Uint8Array {
  const { config, names, rateScale, history, stopped, optimizer } = model;
  const tensors = unpackParameters(model.parameters, config);
  const flat = (name: string, data: Float32Array | Float64Array | Int32Array) =>
    tensors.set(name, { shape: [data.length], data });
  tensors.set("latent", { shape: model.latents.shape, data: model.latents.data });
  if (model.profileStart) {
    flat("start.mean", model.profileStart.mean);
    tensors.set("start.axes", model.profileStart.axes);
    tensors.set("start.guesses", model.profileStart.guesses);
  }
  const kept = options.optimizer === false ? undefined : optimizer;
  if (kept) {
    flat("adam.moment1", kept.moment1);
    flat("adam.moment2", kept.moment2);
    flat("adam.latent_moment1", kept.latentMoment1);
    flat("adam.latent_moment2", kept.latentMoment2);
    flat("adam.latent_steps", kept.latentSteps);
    flat("train.source_loss", kept.sourceLoss);
  }
  const run = kept && { seed: kept.seed, photons: kept.photons, progress: kept.progress };
  // JSON has no Infinity; the header writes it as a string.
  const json = (value: unknown) => JSON.stringify(value, (_, v) => (v === Infinity ? "Infinity" : v));
  return writeSafetensors(tensors, {
    format: FORMAT,
    config: json(config),
    model: json({ names, rateScale, history, stopped, ...(run && { run }) }),
  });
}

interface ModelHeader {
  names: string[];
  rateScale: number;
  history: PpadEpoch[];
  stopped: boolean;
  run?: { seed: number; photons: number; progress: TrainerProgress };
}

/**
 * Reads what `writePpad` wrote: the same model, number for number.
 *
 * @throws {SyntaxError} If the bytes are not a PPAD model.
 */
export function readPpad(bytes: Uint8Array): PpadModel {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.format !== FORMAT) {
    throw new SyntaxError(`Cannot read PPAD model: format must be "${FORMAT}": current value is "${metadata.format}"`);
  }
  const json = (text: string | undefined) => JSON.parse(text ?? "{}", (_, v) => (v === "Infinity" ? Infinity : v));
  const config = json(metadata.config) as PpadConfig;
  const header = json(metadata.model) as ModelHeader;
  const latent = tensorOf(tensors, "latent");
  const [sources, size] = latent.shape as [number, number];
  const floats = (name: string) => tensorOf(tensors, name).data as Float32Array;
  const optimizer: PpadOptimizer | undefined = header.run && {
    ...header.run,
    moment1: floats("adam.moment1"),
    moment2: floats("adam.moment2"),
    latentMoment1: floats("adam.latent_moment1"),
    latentMoment2: floats("adam.latent_moment2"),
    latentSteps: tensorOf(tensors, "adam.latent_steps").data as Int32Array,
    sourceLoss: tensorOf(tensors, "train.source_loss").data as Float64Array,
  };
  return new PpadModel({
    config,
    parameters: packParameters(tensors, config),
    latents: { data: latent.data as Float32Array, shape: [sources, size] },
    names: header.names,
    rateScale: header.rateScale,
    history: header.history,
    stopped: header.stopped,
    optimizer,
    profileStart: tensors.has("start.mean")
      ? {
          mean: floats("start.mean"),
          axes: tensorOf(tensors, "start.axes") as Matrix<Float32Array>,
          guesses: tensorOf(tensors, "start.guesses") as Matrix<Float32Array>,
        }
      : undefined,
  });
}
