import { type OnnxNode, type OnnxTensor, writeOnnx } from "../onnx/index.ts";
import type { Extents, ParameterLayout } from "./layout.ts";
import { LARGEST_LOG_RATE, SMALLEST_LOG_RATE } from "./network.ts";

/** Rows of a pass are a multiple of this, so that sums over rows can be cut into parts. */
export const ROW_PARTS = 256;
/** Tiles of 32 × 32 numbers that a product should have at least, so that a large GPU has work everywhere. */
const TILES = 2048;

/** As an end of a slice: what there is. */
const END = 2 ** 31 - 1;

/** Columns of a pass's rows, each an input of shape (n, 1), slots and bands as floats; see RowTable. */
export const ROW_INPUTS = ["slot", "band", "event", "node", "link", "background", "log_scale"] as const;

/**
 * How far a pass goes: to the log rates, to the gradient by the sources' inputs, to that by the latent in each row too,
 * or by all parameters too.
 */
export type PassGoal = "rates" | "latents" | "information" | "parameters";

/** A graph in the making: each operation returns the name of its result. */
class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];
  #zero: string | undefined;

  get zero(): string {
    this.#zero ??= this.constant([1, 1], [0]);
    return this.#zero;
  }

  constant(shape: readonly number[], values: ArrayLike<number>): string {
    const name = `constant_${this.tensors.length}`;
    this.tensors.push({ name, shape, data: Float32Array.from(values) });
    return name;
  }

  extents(...values: readonly number[]): string {
    const name = `constant_${this.tensors.length}`;
    this.tensors.push({ name, shape: [values.length], data: BigInt64Array.from(values, BigInt) });
    return name;
  }

  add(op: string, inputs: readonly string[], attributes: Pick<OnnxNode, "integers" | "lists"> = {}): string {
    const name = `${op}_${this.nodes.length}`;
    this.nodes.push({ op, inputs, outputs: [name], ...attributes });
    return name;
  }

  /** 1 where a column's number is that of the place, else 0: shape (n, places). */
  oneHot(column: string, places: number): string {
    const numbers = this.constant([1, places], [...Array(places).keys()]);
    return this.float(this.add("Equal", [column, numbers]));
  }

  /** Rows or columns `from` … `to` − 1. Default of `to`: all that follow. */
  cut(tensor: string, { axis, from, to = END }: { axis: number; from: number; to?: number }): string {
    return this.add("Slice", [tensor, this.extents(from), this.extents(to), this.extents(axis)]);
  }

  float(truth: string): string {
    return this.add("Cast", [truth], { integers: { to: 1 } });
  }

  sumOver(axis: number, tensor: string): string {
    return this.add("ReduceSum", [tensor, this.extents(axis)], { integers: { keepdims: 0 } });
  }

  inParts(parts: number, matrix: string, columns: number): string {
    return this.add("Reshape", [matrix, this.extents(parts, -1, columns)]);
  }

  /** Aᵀ B of (n, rows) and (n, columns), in parts over n: one product of so few tiles would leave a GPU idle. */
  outer(a: string, rows: number, b: string, columns: number): string {
    const tiles = Math.ceil(rows / 32) * Math.ceil(columns / 32);
    const parts = Math.min(ROW_PARTS, 2 ** Math.ceil(Math.log2(Math.max(1, TILES / tiles))));
    const left = this.add("Transpose", [this.inParts(parts, a, rows)], { lists: { perm: [0, 2, 1] } });
    return this.sumOver(0, this.add("MatMul", [left, this.inParts(parts, b, columns)]));
  }

  /** Sums of columns, shape (1, columns). */
  columnSums(a: string, columns: number): string {
    const sums = this.sumOver(0, this.sumOver(1, this.inParts(ROW_PARTS, a, columns)));
    return this.add("Reshape", [sums, this.extents(1, columns)]);
  }

  rename(from: string, to: string): void {
    this.nodes.push({ op: "Identity", inputs: [from], outputs: [to] });
  }
}

/** Derivative of the loss by the log rates before the sources' scales; `pointProcessLoss` says of what. */
function outputGradient(graph: GraphBuilder, output: string, { bands, bandsPadded }: Extents): string {
  const [low, high] = [SMALLEST_LOG_RATE, LARGEST_LOG_RATE].map((value) => graph.constant([], [value]));
  const isBand = graph.constant(
    [1, bandsPadded],
    [...Array(bandsPadded).keys()].map((band) => +(band < bands)),
  );
  const logRate = graph.add("Clip", [graph.add("Add", [output, "log_scale"]), low!, high!]);
  const rate = graph.add("Mul", [graph.add("Exp", [logRate]), isBand]);
  const nodes = graph.add("Mul", [rate, "node"]);
  // Padded bands have rate 0 and no events, but 0/0 where nothing is known beside it.
  const all = graph.add("Add", [graph.add("Add", [rate, "background"]), graph.constant([1, 1], [1e-37])]);
  const share = graph.add("Mul", [graph.oneHot("band", bandsPadded), graph.add("Div", [rate, all])]);
  const events = graph.add("Mul", [share, "event"]);
  const here = graph.cut(rate, { axis: 0, from: 0, to: -1 });
  const step = graph.add("Sub", [graph.cut(rate, { axis: 0, from: 1 }), here]);
  const up = graph.float(graph.add("Greater", [step, graph.zero]));
  const down = graph.float(graph.add("Less", [step, graph.zero]));
  const pull = graph.add("Mul", [graph.add("Sub", [up, down]), graph.cut("link", { axis: 0, from: 0, to: -1 })]);
  const none = graph.constant([1, bandsPadded], Array(bandsPadded).fill(0));
  const before = graph.add("Concat", [none, pull], { integers: { axis: 0 } });
  const after = graph.add("Concat", [pull, none], { integers: { axis: 0 } });
  const variation = graph.add("Mul", [rate, graph.add("Sub", [before, after])]);
  return graph.add("Add", [graph.add("Sub", [nodes, events]), variation]);
}

/**
 * One pass over n rows, n a multiple of ROW_PARTS, as an ONNX graph, so that all that is large stays where it is
 * computed. Inputs: `features` (n, featuresPadded), `source_in` (slots, hidden), the columns ROW_INPUTS with the slots'
 * weights in them, and `parameters`, the flat ones (1, size). Outputs: `rates`, log rates before scales
 * (n, bandsPadded); `d_source_in`; for "information" `d_latent`, the gradient by the latent row by row (n, latentSize);
 * and for "parameters" `d_parameters`, whose part for what is in `source_in` is 0.
 *
 * @param options.frozen The flat parameters, to be constants of the graph instead of an input, which need not travel then.
 */
export function passGraph(
  extents: Extents,
  options: { layout: ParameterLayout; slots: number; goal: PassGoal; frozen?: Float32Array | undefined },
): Uint8Array {
  const { hidden, latent, given, featuresPadded, bandsPadded, blocks } = extents;
  const { layout, slots, goal, frozen } = options;
  const graph = new GraphBuilder();
  const add = graph.add.bind(graph);
  const parameter = (at: number, rows: number, columns: number) => {
    const count = rows * columns;
    if (frozen) return graph.constant([rows, columns], frozen.subarray(at, at + count));
    const piece = graph.cut("parameters", { axis: 1, from: at, to: at + count });
    return add("Reshape", [piece, graph.extents(rows, columns)]);
  };
  const timeIn = parameter(layout.timeIn, featuresPadded, hidden);
  const weights = layout.blocks.map(({ w0, b0, w1, b1 }) => ({
    w0: parameter(w0, hidden, hidden),
    b0: parameter(b0, 1, hidden),
    w1: parameter(w1, hidden, hidden),
    b1: parameter(b1, 1, hidden),
  }));
  const wOut = parameter(layout.wOut, hidden, bandsPadded);
  const bOut = parameter(layout.bOut, 1, bandsPadded);

  const code = add("Concat", ["features", graph.oneHot("slot", slots)], { integers: { axis: 1 } });
  let x = add("MatMul", [code, add("Concat", [timeIn, "source_in"], { integers: { axis: 0 } })]);
  const active = [add("Relu", [x])];
  const inner: string[] = [];
  for (const [i, { w0, b0, w1, b1 }] of weights.entries()) {
    inner.push(add("Relu", [add("Gemm", [active[i]!, w0, b0])]));
    x = add("Add", [x, add("Gemm", [inner[i]!, w1, b1])]);
    active.push(add("Relu", [x]));
  }
  const output = add("Gemm", [active[blocks]!, wOut, bOut]);
  graph.rename(output, "rates");
  const outputs = [{ name: "rates", shape: ["n", bandsPadded] as (string | number)[] }];

  if (goal !== "rates") {
    const positive = (gradient: string, where: string) =>
      add("Where", [add("Greater", [where, graph.zero]), gradient, graph.zero]);
    // A transposed weight is small beside the rows, and a product with it faster than one that transposes as it goes.
    const back = (gradient: string, weight: string) =>
      add("MatMul", [gradient, add("Transpose", [weight], { lists: { perm: [1, 0] } })]);
    const all = goal === "parameters";
    /** Gradients in the order of the layout, from its end on. */
    const gradients: string[] = [];
    const affine = (input: string, rows: number, gradient: string, columns: number) => {
      if (!all) return;
      gradients.unshift(graph.outer(input, rows, gradient, columns), graph.columnSums(gradient, columns));
    };
    const dOut = outputGradient(graph, output, extents);
    affine(active[blocks]!, hidden, dOut, bandsPadded);
    let dx = positive(back(dOut, wOut), active[blocks]!);
    for (let i = blocks - 1; i >= 0; i--) {
      const { w0, w1 } = weights[i]!;
      affine(inner[i]!, hidden, dx, hidden);
      const dInner = positive(back(dx, w1), inner[i]!);
      affine(active[i]!, hidden, dInner, hidden);
      dx = add("Add", [dx, positive(back(dInner, w0), active[i]!)]);
    }
    const dIn = graph.outer(code, featuresPadded + slots, dx, hidden);
    graph.rename(graph.cut(dIn, { axis: 0, from: featuresPadded }), "d_source_in");
    outputs.push({ name: "d_source_in", shape: [slots, hidden] });
    if (goal === "information") {
      graph.rename(back(dx, parameter(layout.latentIn, latent, hidden)), "d_latent");
      outputs.push({ name: "d_latent", shape: ["n", latent] });
    }
    if (all) {
      const ofSource = graph.constant([1, (latent + given) * hidden], new Float32Array((latent + given) * hidden));
      const ofBias = graph.constant([1, hidden], new Float32Array(hidden));
      const flat = (piece: string) => add("Reshape", [piece, graph.extents(1, -1)]);
      const ofTime = graph.cut(dIn, { axis: 0, from: 0, to: featuresPadded });
      const pieces = [ofSource, flat(ofTime), ofBias, ...gradients.map(flat)];
      graph.rename(add("Concat", pieces, { integers: { axis: 1 } }), "d_parameters");
      outputs.push({ name: "d_parameters", shape: [1, layout.size] });
    }
  }
  return writeOnnx({
    name: `ppad_${goal}`,
    inputs: [
      { name: "features", shape: ["n", featuresPadded] },
      { name: "source_in", shape: [slots, hidden] },
      ...(goal === "rates" ? ["slot"] : ROW_INPUTS).map((name) => ({ name, shape: ["n", 1] })),
      ...(frozen ? [] : [{ name: "parameters", shape: [1, layout.size] }]),
    ],
    outputs,
    nodes: graph.nodes,
    tensors: graph.tensors,
  });
}
