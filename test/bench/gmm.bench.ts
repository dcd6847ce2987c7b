/**
 * Twenty EM iterations of a Gaussian mixture, six full components, 100,000 rows of 12 numbers: ours beside
 * scikit-learn from the same start in the same run; best of three each. The likelihoods show that both did the same.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fitGmm, GaussianMixture } from "../../src/gmm/index.ts";
import { gmm } from "../../src/jobs/gmm.ts";
import { Rng } from "../../src/random/index.ts";

const python = process.env.PHOTONBOOK_PEERS_PYTHON ?? "python3";
const [N, D, K, ITERATIONS] = [100_000, 12, 6, 20];
const rng = new Rng(7);
const identity = Array.from({ length: D }, (_, i) => Array.from({ length: D }, (__, j) => (i === j ? 1 : 0)));
const truth = new GaussianMixture({
  weights: [0.1, 0.25, 0.3, 0.1, 0.1, 0.15],
  means: Array.from({ length: K }, () => Array.from({ length: D }, () => rng.normal())),
  covariances: Array.from({ length: K }, (_, k) => identity.map((row) => row.map((value) => value * (0.5 + 0.1 * k)))),
});
const { data } = truth.sample(N, rng);
const init = {
  weights: Array.from({ length: K }, () => 1 / K),
  means: Array.from({ length: K }, (_, k) => [...data.data.subarray(k * D, (k + 1) * D)]),
  precisions: Array.from({ length: K }, () => identity),
};
const options = { nComponents: K, tolerance: 0, maxIter: ITERATIONS, init };

async function best(run: () => Promise<number> | number): Promise<{ seconds: number; score: number }> {
  let seconds = Infinity;
  let score = 0;
  for (let attempt = 0; attempt < 3; attempt++) {
    const began = performance.now();
    score = await run();
    seconds = Math.min(seconds, (performance.now() - began) / 1000);
  }
  return { seconds, score };
}

function peer(): { seconds: number; score: number } {
  const folder = mkdtempSync(join(tmpdir(), "photonbook-gmm-"));
  try {
    writeFileSync(join(folder, "rows.f64"), data.data);
    writeFileSync(join(folder, "init.json"), JSON.stringify(init));
    const script = resolve(import.meta.dirname, "../peers/gmm_peer.py");
    const argv = [
      script,
      join(folder, "rows.f64"),
      String(N),
      String(D),
      join(folder, "init.json"),
      String(ITERATIONS),
    ];
    return JSON.parse(execFileSync(python, argv, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print(figure: string, one: number, other: number, unit: string): void {
  console.log(
    `bench gmm figure="${figure}" ours=${one} peer=${other} peer_name=scikit-learn unit=${unit} ratio=${(one / other).toPrecision(3)}`,
  );
}

const here = await best(() => fitGmm(data, options).logLikelihood / N);
const worker = await best(async () => (await gmm(data, options)).logLikelihood / N);
const theirs = peer();
print("100000x12, K=6, 20 iterations, one thread", here.seconds, theirs.seconds, "s");
print("100000x12, K=6, 20 iterations, gmm() with its worker", worker.seconds, theirs.seconds, "s");
print("mean log-likelihood", worker.score, theirs.score, "1");
