import { Arena, instantiateKernels, type MatrixProducts } from "../linalg/index.ts";
import type { PpadConfig } from "./config.ts";
import { type Extents, extentsOf, layoutParameters, type ParameterLayout } from "./layout.ts";
import { Network, type NetworkOptions } from "./network.ts";
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

/** What a thread can be asked to do with one index. */
export const TASK = { exit: 0, gradient: 1, latents: 2, evaluate: 3, search: 4 } as const;

/** Words of `RunState.control`. */
export const CONTROL = {
  generation: 0,
  task: 1,
  next: 2,
  done: 3,
  count: 4,
  step: 5,
  taken: 6,
  failed: 7,
  group: 8,
  starts: 9,
} as const;

/** Numbers of `RunState.settings`: steps, Adam's rate, whether it falls along a cosine, whether to go on. */
export const SETTING = { steps: 0, rate: 1, cosine: 2, resume: 3 } as const;

/** Starts of a search at most. */
export const STARTS = 8;
/** Sources, over the slots of a thread, that are worked on between two pauses where they do not influence one another. */
export const BLOCK_SLOTS = 8;

function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}

/** Rows per chunk: activations of 4 MB for our kernels; a library, which packs at each call, takes more rows at once. */
function chunkRowsFor(extents: Extents, engine: Engine): number {
  const perRow = 4 * (2 * extents.blocks + 3) * (extents.hidden + 16);
  const [bytes, most] = engine !== "wasm" ? [16 << 20, 1536] : [4 << 20, 480];
  return Math.max(48, Math.min(most, 6 * Math.floor(bytes / perRow / 6)));
}

/** A faster library of products than our kernels. */
export interface ProductLibrary {
  readonly engine: Exclude<Engine, "wasm">;
  /** Opens it on a memory, for one thread; undefined where it does not load. */
  open(memory: WebAssembly.Memory): MatrixProducts | undefined;
}

/** What the threads of a run open each for itself. */
export interface ThreadSupplies {
  /** The same as the state was made with. Default: none. */
  readonly library?: ProductLibrary | undefined;
  /** Where photons are read that the run does not have in memory. Default: none. */
  readonly records?: PhotonRecords | undefined;
}

/** What one thread's network is built from. */
export function networkOptions(
  state: Pick<RunState, "engine" | "module" | Exclude<keyof NetworkOptions, "kernels" | "library">>,
  given?: ProductLibrary,
): NetworkOptions {
  const library = state.engine === given?.engine ? given.open(state.memory) : undefined;
  if (state.engine !== "wasm" && !library) throw new Error("Cannot join a PPAD run: its library must load here too");
  return { ...state, kernels: instantiateKernels(state.module, state.memory), library };
}

/**
 * Reserves all memory of a run.
 *
 * @param options.module Bytes of the compiled kernels.
 * @param options.threads Threads that will work; each gets a workspace.
 * @param options.shards Parts of a minibatch. Results depend on it, not on `threads`.
 * @param options.library What multiplies instead of the compiled kernels, where it loads. Default: none.
 */
export function createRunState(
  population: PackedPopulation | ListedPopulation,
  options: {
    config: PpadConfig;
    seed: number;
    module: Uint8Array;
    threads: number;
    shards: number;
    library?: ProductLibrary | undefined;
  },
): RunState {
  const { config, threads, shards, library } = options;
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
  const engine: Engine = library?.open(memory) ? library.engine : "wasm";
  const weights = allocateWeights(arena, extents, { layout, parameters, engine });
  const chunkRows = chunkRowsFor(extents, engine);
  const slots = Math.max(config.batchSize, 32);
  const workspace = arena.allocate(0);
  const network = { engine, module, memory, extents, layout, parameters, weights, chunkRows, slots };
  new Network(arena, networkOptions(network, library));
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
    control: new Int32Array(new SharedArrayBuffer(4 * 16)),
    settings: new Float64Array(new SharedArrayBuffer(8 * 8)),
  };
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
