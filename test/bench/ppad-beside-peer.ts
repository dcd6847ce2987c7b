/** What the benchmarks of PPAD share that stand beside test/peers/ppad_peer.py. */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import type { Matrix } from "../../src/array/index.ts";
import { ppad } from "../../src/jobs/index.ts";
import { linalgModule } from "../../src/jobs/linalg-module.ts";
import { startTeam } from "../../src/jobs/ppad-team.ts";
import { libraryOf } from "../../src/jobs/product-library.ts";
import { instantiateKernels } from "../../src/linalg/index.ts";
import { unpackParameters } from "../../src/ppad/files.ts";
import {
  CONTROL,
  createRunState,
  type Engine,
  type PpadConfig,
  type PpadModel,
  packPopulation,
  TASK,
} from "../../src/ppad/index.ts";
import { packWeights } from "../../src/ppad/products.ts";
import { Rng } from "../../src/random/index.ts";
import { newChunks } from "./ppad-chunks.ts";

const python = process.env.PHOTONBOOK_PEERS_PYTHON ?? "python3";
/** Threads of either side. */
export const THREADS = 2;

/** What the peer prints when called with these words. */
export function peer<Result>(...args: (string | number)[]): Result {
  const script = resolve(import.meta.dirname, "../peers/ppad_peer.py");
  const stdout = execFileSync(python, [script, ...args.map(String)], { encoding: "utf8", maxBuffer: 1 << 28 });
  return JSON.parse(stdout) as Result;
}

/** Evaluations per second of the published decoder. */
export interface Speed {
  readonly forward: number;
  readonly gradient: number;
}

/**
 * Evaluations per second of the published decoder by an engine of ours, forward alone and with the gradient by every
 * weight.
 *
 * @param options.shards Parts that a gradient is computed in.
 */
export async function engineSpeed(
  engine: Engine,
  { sources, shards }: { sources: number; shards: number },
): Promise<Speed> {
  const threads = engine === "gpu" ? 1 : THREADS;
  const config: PpadConfig = { ...ppad.reference, batchSize: sources };
  const records = newChunks().slice(0, config.batchSize);
  const { packed } = packPopulation(records, { config, action: "bench" });
  const state = createRunState(packed, {
    config,
    seed: 1,
    module: linalgModule(),
    threads,
    shards,
    library: libraryOf(engine),
  });
  const rng = new Rng(1);
  const parameters = new Float32Array(state.memory.buffer, state.parameters, state.layout.size);
  for (let i = 0; i < parameters.length; i++) parameters[i] = 0.02 * rng.normal();
  packWeights(instantiateKernels(state.module, state.memory), state.weights);
  const team = await startTeam(state, { threads });
  state.order.set(records.map((_, s) => s));
  for (let shard = 0; shard <= shards; shard++) state.ranges[shard] = (records.length * shard) / shards;
  state.control[CONTROL.taken] = records.length;
  state.control[CONTROL.group] = records.length / shards;
  const rows = packed.eventTime.length + records.length * config.quadrature.nodes;
  const best = (task: number) => {
    let least = Infinity;
    for (let repeat = 0; repeat < 4; repeat++) {
      const began = performance.now();
      team.run(task, shards);
      least = Math.min(least, (performance.now() - began) / 1000);
    }
    return rows / least;
  };
  try {
    return { gradient: best(TASK.gradient), forward: best(TASK.evaluate) };
  } finally {
    await team.close();
  }
}

/** The decoder's tensors, one after another, as the peer reads them. */
export function weightBytes(model: PpadModel): Uint8Array {
  const tensors = [...unpackParameters(model.parameters, model.config).values()];
  return Buffer.concat(tensors.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
}

/** Latents of sources, one array each. */
export function rowsOf({ data, shape }: Matrix<Float32Array>): number[][] {
  const [n, size] = shape;
  return Array.from({ length: n }, (_, s) => [...data.subarray(s * size, (s + 1) * size)]);
}
