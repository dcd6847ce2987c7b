import type { Arena } from "../linalg/index.ts";
import { CONTROL } from "./control.ts";
import { INFORMATION, LOSS_ONLY, Network, type NetworkOptions } from "./network.ts";
import { type PassGoal, passGraph, ROW_INPUTS, ROW_PARTS } from "./pass-graph.ts";

/** A row-major matrix of 32-bit floats. */
export interface GraphTensor {
  readonly data: Float32Array;
  readonly shape: readonly [rows: number, columns: number];
}

/** An opened graph: reads inputs by name and writes the outputs that it is given room for. */
export interface GraphSession {
  run(inputs: { readonly [name: string]: GraphTensor }, outputs: { readonly [name: string]: GraphTensor }): void;
  /** Frees what it holds on the GPU. */
  close(): void;
}

/** What runs whole graphs, on a GPU. */
export interface GraphRuntime {
  readonly engine: "gpu";
  /** @throws {Error} Where there is no GPU to run on. */
  open(graph: Uint8Array): GraphSession;
}

/** What a GraphNetwork needs to know about its surroundings. */
export interface GraphNetworkOptions extends NetworkOptions {
  readonly runtime: GraphRuntime;
  /** Counts versions of the parameters, in `control[CONTROL.weights]`. */
  readonly control: Int32Array;
}

type Columns = { readonly [name in (typeof ROW_INPUTS)[number]]: Float32Array };

function goalOf(wanted: number): PassGoal {
  if (wanted > 0) return "parameters";
  if (wanted === INFORMATION) return "information";
  return wanted === LOSS_ONLY ? "rates" : "latents";
}

/**
 * A network on a GPU: a pass over a chunk is one graph, so that activations never leave it. Rows go there and log rates
 * and sums of gradients come back; losses are added up here, in double precision. Parameters go along with each step of
 * training; where they stand still they are part of the graph.
 */
export class GraphNetwork extends Network {
  readonly #options: GraphNetworkOptions;
  readonly #sessions = new Map<PassGoal, { readonly version: number; readonly session: GraphSession }>();
  readonly #columns: Columns;
  readonly #features: Float32Array;
  readonly #parameters: GraphTensor;
  readonly #sourceIn: GraphTensor;
  readonly #sourceInGradient: GraphTensor;
  readonly #parametersGradient: GraphTensor;

  /**
   * @param arena Where to reserve.
   * @param options.chunkRows A power of 2, at least ROW_PARTS.
   */
  constructor(arena: Arena, options: GraphNetworkOptions) {
    super(arena, options);
    const { extents, layout, chunkRows, slots, memory, parameters } = options;
    const { featuresPadded, hidden } = extents;
    this.#options = options;
    const columns = ROW_INPUTS.map((name) => [name, arena.allocate(4 * chunkRows)] as const);
    const sourceInGradient = arena.allocate(4 * slots * hidden);
    const parametersGradient = arena.allocate(4 * layout.size);
    this.growTo(arena.end);
    const view = (address: number, count: number) => new Float32Array(memory.buffer, address, count);
    const tensor = (address: number, rows: number, width: number): GraphTensor => ({
      data: view(address, rows * width),
      shape: [rows, width],
    });
    this.#columns = Object.fromEntries(columns.map(([name, at]) => [name, view(at, chunkRows)])) as Columns;
    this.#features = view(this.at.features, chunkRows * featuresPadded);
    this.#parameters = tensor(parameters, 1, layout.size);
    this.#sourceIn = tensor(this.at.latentInput, slots, hidden);
    this.#sourceInGradient = tensor(sourceInGradient, slots, hidden);
    this.#parametersGradient = tensor(parametersGradient, 1, layout.size);
  }

  /** The graph for a goal, opened when first wanted, and where it holds the parameters, when they have changed. */
  #session(goal: PassGoal): GraphSession {
    const { extents, layout, slots, runtime, control } = this.#options;
    const version = goal === "parameters" ? 0 : control[CONTROL.weights]!;
    const opened = this.#sessions.get(goal);
    if (opened?.version === version) return opened.session;
    opened?.session.close();
    const frozen = goal === "parameters" ? undefined : this.#parameters.data;
    const session = runtime.open(passGraph(extents, { layout, slots, goal, frozen }));
    this.#sessions.set(goal, { version, session });
    return session;
  }

  /** Runs a goal's graph over the first rows; returns how many there are with padding. */
  #run(count: number, goal: PassGoal): number {
    // Of few sizes, each of which keeps its memory on the GPU.
    const n = this.pad(count, Math.max(ROW_PARTS, 2 ** Math.ceil(Math.log2(count))));
    this.encodeTime(n);
    this.#fillColumns(n);
    const { extents } = this.#options;
    const chunk = (data: Float32Array, width: number): GraphTensor => ({
      data: data.subarray(0, n * width),
      shape: [n, width],
    });
    const columns = goal === "rates" ? (["slot"] as const) : ROW_INPUTS;
    this.#session(goal).run(
      {
        features: chunk(this.#features, extents.featuresPadded),
        source_in: this.#sourceIn,
        ...Object.fromEntries(columns.map((name) => [name, chunk(this.#columns[name], 1)])),
        ...(goal === "parameters" && { parameters: this.#parameters }),
      },
      {
        rates: chunk(this.output, extents.bandsPadded),
        ...(goal !== "rates" && { d_source_in: this.#sourceInGradient }),
        ...(goal === "information" && { d_latent: chunk(this.rowGradient, extents.latent) }),
        ...(goal === "parameters" && { d_parameters: this.#parametersGradient }),
      },
    );
    return n;
  }

  #fillColumns(n: number): void {
    const { rows, logScale, slotWeight } = this;
    const { slot, band, event, node, link, background, log_scale } = this.#columns;
    for (let row = 0; row < n; row++) {
      const s = rows.slot[row]!;
      const weight = slotWeight[s]!;
      slot[row] = s;
      band[row] = rows.band[row]!;
      event[row] = weight * rows.eventWeight[row]!;
      node[row] = weight * rows.nodeWeight[row]!;
      link[row] = weight * rows.linkWeight[row]!;
      background[row] = rows.background[row]!;
      log_scale[row] = logScale[s]!;
    }
  }

  forward(count: number): number {
    return this.#run(count, "rates");
  }

  accumulate(count: number, wanted: number): void {
    const goal = goalOf(wanted);
    const n = this.#run(count, goal);
    this.addLoss(n);
    if (goal === "rates") return;
    const { kernels, extents, layout, slots } = this.#options;
    if (goal === "information") this.addInformation(n);
    kernels.addInto(slots * extents.hidden, this.at.latentInputGradient, this.#sourceInGradient.data.byteOffset);
    if (goal === "parameters") kernels.addInto(layout.size, wanted, this.#parametersGradient.data.byteOffset);
  }
}
