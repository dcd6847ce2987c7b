import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { ppad } from "../../../src/jobs/index.ts";
import { libraryOf } from "../../../src/jobs/product-library.ts";
import { instantiateKernels } from "../../../src/linalg/index.ts";
import { CONTROL, TASK } from "../../../src/ppad/control.ts";
import { type Engine, type PpadConfig, soloTeam } from "../../../src/ppad/index.ts";
import { packWeights } from "../../../src/ppad/products.ts";
import { flatView } from "../../../src/ppad/run-state.ts";
import { Rng } from "../../../src/random/index.ts";
import { kernelBytes, record, stateFor, tiny } from "./engine.ts";
import { useSoftwareGpu } from "./software-gpu.ts";
import { compareWithTorch } from "./torch.ts";

useSoftwareGpu();

// The published network is compared on our own processor only: in software a GPU takes minutes for it.
compareWithTorch("gpu", "small");

const rng = new Rng(23);
const population = [
  record(() => 1, { photons: 25, rng }),
  record((f) => (f > 0.6 ? 1 : 0.1), { photons: 400, rng }),
  record((f) => 0.5 + 0.5 * Math.sin(9 * f), { photons: 60, rng, hardness: 0.8, lengthSec: 1_000 }),
  {
    ...record(() => 1, { photons: 50, rng }),
    background: { energyKeV: Float32Array.of(0.7, 0.8, 1.5, 4, 5), scale: 0.3 },
  },
];

/** A whole gradient: by parameters, then by latents; and each source's parts of the loss. */
function gradientOf(engine: Engine, config: PpadConfig) {
  const { state } = stateFor(population, { config, shards: 1, library: libraryOf(engine) });
  packWeights(instantiateKernels(kernelBytes(), state.memory), state.weights);
  state.order.set([0, 1, 2, 3]);
  state.ranges.set([0, 4]);
  state.control[CONTROL.taken] = 4;
  soloTeam(state, { library: libraryOf(engine) }).run(TASK.gradient, 1);
  return {
    engine: state.engine,
    parameters: flatView(state, state.gradients[0]!).slice(),
    latents: state.latentGradient.slice(),
    losses: state.sourceLoss.slice(),
  };
}

/** Root mean square of the differences over that of the values. */
function difference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  let [differences, squares] = [0, 0];
  for (let i = 0; i < ours.length; i++) {
    differences += (ours[i]! - theirs[i]!) ** 2;
    squares += theirs[i]! ** 2;
  }
  return Math.sqrt(differences / squares);
}

test.each([
  ["variation, background and length", { lengthInput: true }],
  ["the sum of variation", { totalVariation: { weight: 0.02, norm: "sum" } }],
  ["no blocks", { blocks: 0 }],
  ["a width that is no power of two", { hiddenSize: 24 }],
] as const)("a GPU's loss and gradients are those of our kernels with %s", (_, change) => {
  const config = { ...tiny, ...change };
  const [gpu, wasm] = [gradientOf("gpu", config), gradientOf("wasm", config)];
  expect(gpu.engine).toBe("gpu");
  // Single precision, summed in another order.
  expect(difference(gpu.losses, wasm.losses)).toBeLessThan(1e-6);
  expect(difference(gpu.parameters, wasm.parameters)).toBeLessThan(1e-5);
  expect(difference(gpu.latents, wasm.latents)).toBeLessThan(1e-5);
});

test("a GPU trains and embeds to what our kernels come to, through stages that hold the decoder still and move it", async () => {
  const all = { train: "all", epochs: 2, decoderRate: 0.01, latentRate: 0.05, schedule: "cosine" } as const;
  const latents = { ...all, train: "latents", epochs: 1, decoderRate: 0 } as const;
  const config: PpadConfig = {
    ...tiny,
    stages: [all, latents, all, latents],
    embedding: { method: "quasiNewton", heats: [{ starts: 2, steps: 4, nodes: 32 }], tolerance: 0.01 },
  };
  const fitOn = (engine: Engine) => ppad.fit(population, { config, seed: 4, engine, display: false });
  const [gpu, wasm] = [await fitOn("gpu"), await fitOn("wasm")];
  expect(
    difference(
      gpu.history.map(({ loss }) => loss),
      wasm.history.map(({ loss }) => loss),
    ),
  ).toBeLessThan(1e-4);
  expect(difference(gpu.parameters, wasm.parameters)).toBeLessThan(1e-3);
  expect(wasm.history.at(-1)!.loss).toBeLessThan(wasm.history[0]!.loss);
  const embedOn = (engine: Engine) => ppad.embed(population, wasm, { seed: 4, engine, display: false });
  expect(difference((await embedOn("gpu")).data, (await embedOn("wasm")).data)).toBeLessThan(1e-2);
});

test("a machine without a GPU is said to have none", () => {
  const script = `
    import { libraryOf } from "${resolve(import.meta.dirname, "../../../src/jobs/product-library.ts")}";
    try {
      libraryOf("gpu").open(new Uint8Array(8));
    } catch (error) {
      console.log(error.message);
    }`;
  const env = { ...process.env, VK_DRIVER_FILES: "/dev/null" };
  const args = ["--no-warnings", "--input-type=module", "--eval", script];
  const said = execFileSync(process.execPath, args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
  expect(said).toMatch(
    /^Cannot multiply with the engine "gpu": onnxruntime-node must find a GPU: Failed to get a WebGPU adapter/,
  );
});
