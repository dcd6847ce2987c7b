import { Arena, instantiateKernels, type MatrixProducts } from "../linalg/index.ts";
import { ChunkNetwork } from "./chunk-network.ts";
import type { PpadConfig } from "./config.ts";
import { GraphNetwork, type GraphRuntime } from "./graph-network.ts";
import { type Extents, extentsOf, layoutParameters, type ParameterLayout } from "./layout.ts";
import type { Network, NetworkOptions } from "./network.ts";
import { ROW_PARTS } from "./pass-graph.ts";
import {
  type ListedPopulation,
  type PhotonRecords,
  type PhotonWindow,
  RecordWindow,
  wholeWindow,
} from "./photon-window.ts";
import type { PackedPopulation } from "./population.ts";
import { allocateWeights, type DecoderWeights, type Engine } from "./products.ts";

/** Everything that the threads of one run share; it survives structured cloning, which copies no array. */
export interface RunState {
  readonly config: PpadConfig;
  readonly seed: number;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** The photons, or what is known of them where threads read them as they go. */
  readonly population: PackedPopulation | ListedPopulation;
  /** Photons in band and good time of each source. */
  readonly eventCount: Int32Array;
  readonly extents: Extents;
  readonly layout: ParameterLayout;
  readonly engine: Engine;
  /** Whether the parameters stay what they are when the first task begins. */
  readonly frozen: boolean;
  readonly weights: DecoderWeights;
  /** Byte addresses of the flat parameters, Adam's two moments and one gradient per shard. */
  readonly parameters: number;
  readonly moment1: number;
  readonly moment2: number;
  readonly gradients: readonly number[];
  /** Byte address of thread 0's workspace, and the bytes between one thread's and the next. */
  readonly workspace: number;
  readonly workspaceBytes: number;
  readonly chunkRows: number;
  readonly slots: number;
  /** Shape (sources, latentSize). */
  readonly latents: Float32Array;
  /** Adam state of the latents: two moments of their shape, steps per source. */
  readonly latentMoment1: Float32Array;
  readonly latentMoment2: Float32Array;
  readonly latentSteps: Int32Array;
  /** Gradient by the latents of the batch, shape (batchSize, latentSize). */
  readonly latentGradient: Float32Array;
  /** Per source, when last seen: −Σ log r, ∫r, total variation, latent penalty. */
  readonly sourceLoss: Float64Array;
  /** What a search begins from, shape (starts, sources of the task at hand, latentSize). */
  readonly starts: Float32Array;
  /** Sources of the task at hand; shard i takes order[ranges[i]] … order[ranges[i + 1] − 1]. */
  readonly order: Int32Array;
  readonly ranges: Int32Array;
  /** See TASK and CONTROL. */
  readonly control: Int32Array;
  readonly settings: Float64Array;
}

/** Starts of a search at most. */
export const STARTS = 8;
/** Sources, over the slots of a thread, that are worked on between two pauses where they do not influence one another. */
export const BLOCK_SLOTS = 8;

/**
 * Activations of one layer of a chunk on a GPU. Larger chunks are faster, because parameters and their gradient travel
 * with each; the published network's training takes about 2 GB with these.
 */
const GPU_LAYER_BYTES = 64 << 20;
/** Rows of a chunk on a GPU at most: beyond, the processor's share of a chunk takes memory and nothing is faster. */
const GPU_ROWS = 65_536;
/** Sources that a GPU has in hand, at least, so that the short passes of a search fill it. */
const GPU_SLOTS = 128;

function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}

/**
 * Rows per chunk: activations of 4 MB in all for our kernels; a library, which packs at each call, takes more rows at
 * once; for a GPU see GPU_LAYER_BYTES.
 */
function chunkRowsFor({ hidden, blocks }: Extents, engine: Engine): number {
  if (engine === "gpu") {
    const rows = 2 ** Math.floor(Math.log2(GPU_LAYER_BYTES / (4 * hidden)));
    return Math.max(ROW_PARTS, Math.min(GPU_ROWS, rows));
  }
  const perRow = 4 * (2 * blocks + 3) * (hidden + 16);
  const [bytes, most] = engine !== "wasm" ? [16 << 20, 1536] : [4 << 20, 480];
  return Math.max(48, Math.min(most, 6 * Math.floor(bytes / perRow / 6)));
}

/** A faster library of products than our kernels. */
export interface ProductLibrary {
  readonly engine: "native" | "tfjs";
  /**
   * Opens it on a memory, for one thread; undefined where it does not load.
   *
   * @param options.frozen Whether weights keep the numbers that they have at their first product.
   */
  open(memory: WebAssembly.Memory, options: { frozen: boolean }): MatrixProducts | undefined;
}

/** What computes beside our own kernels: a library of products, or a GPU that does whole passes. */
export type ComputeLibrary = ProductLibrary | GraphRuntime;

/** What the threads of a run open each for itself. */
export interface ThreadSupplies {
  /** The same as the state was made with. Default: none. */
  readonly library?: ComputeLibrary | undefined;
  /** Where photons are read that the run does not have in memory. Default: none. */
  readonly records?: PhotonRecords | undefined;
}

/** What of a run one thread's network is built from. */
type NetworkSurroundings = Pick<
  RunState,
  "engine" | "frozen" | "module" | "weights" | "control" | Exclude<keyof NetworkOptions, "kernels">
>;

/** One thread's network on the run's engine; threads that call on the same arena agree where it lies. */
export function openNetwork(arena: Arena, state: NetworkSurroundings, library: ComputeLibrary | undefined): Network {
  const options = { ...state, kernels: instantiateKernels(state.module, state.memory) };
  if (state.engine === "wasm") return new ChunkNetwork(arena, options);
  if (library?.engine === "gpu" && state.engine === "gpu")
    return new GraphNetwork(arena, { ...options, runtime: library });
  const products = library?.engine === state.engine && library.engine !== "gpu" && library.open(state.memory, state);
  if (!products) throw new Error("Cannot join a PPAD run: its library must load here too");
  return new ChunkNetwork(arena, { ...options, library: products });
}

/**
 * Reserves all memory of a run.
 *
 * @param options.module Bytes of the compiled kernels.
 * @param options.threads Threads that will work; each gets a workspace.
 * @param options.shards Parts of a minibatch. Results depend on it, not on `threads`.
 * @param options.library What multiplies instead of the compiled kernels, where it loads. Default: none.
 * @param options.frozen Whether the parameters will stay what they are when the first task begins. Default false.
 */
export function createRunState(
  population: PackedPopulation | ListedPopulation,
  options: {
    config: PpadConfig;
    seed: number;
    module: Uint8Array;
    threads: number;
    shards: number;
    library?: ComputeLibrary | undefined;
    frozen?: boolean;
  },
): RunState {
  const { config, threads, shards, library, frozen = false } = options;
  const module = new WebAssembly.Module(options.module);
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536, shared: true });
  const kernels = instantiateKernels(module, memory);
  const extents = extentsOf(config);
  const layout = layoutParameters(extents);
  const arena = new Arena(kernels.heapBase.value);
  const flat = () => arena.allocate(4 * layout.size);
  const parameters = flat();
  const moment1 = flat();
  const moment2 = flat();
  const gradients = Array.from({ length: shards }, flat);
  const engine = engineOf(library, memory);
  const weights = allocateWeights(arena, extents, { layout, parameters, engine });
  const chunkRows = chunkRowsFor(extents, engine);
  const slots = Math.max(config.batchSize, engine === "gpu" ? GPU_SLOTS : 32);
  const workspace = arena.allocate(0);
  const control = new Int32Array(new SharedArrayBuffer(4 * 16));
  const network = { engine, frozen, module, memory, extents, layout, parameters, weights, chunkRows, slots, control };
  openNetwork(arena, network, library);
  const workspaceBytes = Math.ceil((arena.end - workspace) / 64) * 64;
  const missing = workspace + threads * workspaceBytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  return {
    config,
    seed: options.seed,
    module,
    memory,
    population,
    eventCount: eventCountOf(population),
    extents,
    layout,
    engine,
    frozen,
    weights,
    parameters,
    moment1,
    moment2,
    gradients,
    workspace,
    workspaceBytes,
    chunkRows,
    slots,
    latents: sharedFloats(population.size * config.latentSize),
    latentMoment1: sharedFloats(population.size * config.latentSize),
    latentMoment2: sharedFloats(population.size * config.latentSize),
    latentSteps: new Int32Array(new SharedArrayBuffer(4 * population.size)),
    latentGradient: sharedFloats(config.batchSize * config.latentSize),
    sourceLoss: new Float64Array(new SharedArrayBuffer(32 * population.size)),
    starts: sharedFloats(BLOCK_SLOTS * slots * STARTS * config.latentSize),
    order: new Int32Array(new SharedArrayBuffer(4 * population.size)),
    ranges: new Int32Array(new SharedArrayBuffer(4 * (shards + 1))),
    control,
    settings: new Float64Array(new SharedArrayBuffer(8 * 8)),
  };
}

/** The engine that a library is, where it loads. */
function engineOf(library: ComputeLibrary | undefined, memory: WebAssembly.Memory): Engine {
  if (library?.engine === "gpu") return "gpu";
  return library?.open(memory, { frozen: false }) ? library.engine : "wasm";
}

function eventCountOf(population: PackedPopulation | ListedPopulation): Int32Array {
  if ("eventCount" in population) return population.eventCount;
  const { size, eventStart } = population;
  const counts = new Int32Array(new SharedArrayBuffer(4 * size));
  for (let s = 0; s < size; s++) counts[s] = eventStart[s + 1] - eventStart[s];
  return counts;
}

/**
 * What a thread sees a run's photons through.
 *
 * @param records Where they are read from, unless the run has them in memory.
 */
export function openWindow(state: RunState, records: PhotonRecords | undefined): PhotonWindow {
  const { population, config, slots } = state;
  if (!("eventCount" in population)) return wholeWindow(population);
  if (!records) throw new Error("Cannot join a PPAD run: its photons must be given to every thread");
  return new RecordWindow(records, slots, { config, action: "read photons for PPAD", rateScale: population.rateScale });
}

/** A view of the flat parameters, or of another array of their size, at a byte address. */
export function flatView(state: RunState, address: number): Float32Array {
  return new Float32Array(state.memory.buffer, address, state.layout.size);
}
