/**
 * UMAP of 20,000 rows of 24 numbers, 15 neighbours, 200 epochs: ours beside umap-learn and umap-js in the same run,
 * with the trustworthiness (15 neighbours, exact ranks of the same 1,000 rows) of each embedding.
 *
 * umap-learn is warm: what numba compiles is compiled before the clock starts. Ours and umap-js are cold: their
 * just-in-time compilation is in their times.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { UMAP } from "umap-js";
import type { Matrix } from "../../src/array/index.ts";
import { umap } from "../../src/jobs/umap.ts";
import { Rng } from "../../src/random/index.ts";
import { trustworthiness } from "../../src/umap/index.ts";

const python = process.env.PHOTONBOOK_PEERS_PYTHON ?? "python3";
const N = 20_000;
const D = 24;
const EPOCHS = 200;

/** Half the rows in 20 round clusters, half along a curved sheet: what embeddings of sources look like. */
function makeRows(): Matrix<Float32Array> {
  const rng = new Rng(20240603);
  const centres = Float64Array.from({ length: 20 * D }, () => 1.5 * rng.normal());
  const data = new Float32Array(N * D);
  for (let row = 0; row < N; row++) {
    const [u, v] = [4 * rng.uniform(), 4 * rng.uniform()];
    for (let j = 0; j < D; j++) {
      const place =
        row % 2 === 0 ? centres[((row / 2) % 20) * D + j] : 3 * Math.sin(u * (1 + j / 12) + v * Math.cos(j));
      data[row * D + j] = place + 0.4 * rng.normal();
    }
  }
  return { data, shape: [N, D] };
}

interface Result {
  seconds: number;
  trust: number;
}

const rows = makeRows();
const trust = (embedding: Matrix<Float32Array>) => trustworthiness(rows, embedding, { nNeighbors: 15, nRows: 1000 });

async function ours(seed: number | undefined): Promise<Result> {
  const began = performance.now();
  const embedding = await umap(rows, { nEpochs: EPOCHS, ...(seed !== undefined && { seed }) });
  return { seconds: (performance.now() - began) / 1000, trust: trust(embedding) };
}

function umapJs(): Result {
  const nested = Array.from({ length: N }, (_, row) => [...rows.data.subarray(row * D, (row + 1) * D)]);
  const rng = new Rng(1);
  const began = performance.now();
  const embedding = new UMAP({ nEpochs: EPOCHS, nNeighbors: 15, random: () => rng.uniform() }).fit(nested);
  const seconds = (performance.now() - began) / 1000;
  return { seconds, trust: trust({ data: Float32Array.from(embedding.flat()), shape: [N, 2] }) };
}

function umapLearn(): { [name in "seeded" | "threads"]: Result } {
  const folder = mkdtempSync(join(tmpdir(), "photonbook-umap-"));
  try {
    const input = join(folder, "rows.f32");
    writeFileSync(input, rows.data);
    const script = resolve(import.meta.dirname, "../peers/umap_peer.py");
    const seconds = JSON.parse(
      execFileSync(python, [script, input, String(N), String(D), join(folder, "out")], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }),
    );
    const result = (name: string) => {
      const bytes = new Uint8Array(readFileSync(join(folder, `out.${name}.f32`)));
      return { seconds: seconds[name], trust: trust({ data: new Float32Array(bytes.buffer), shape: [N, 2] }) };
    };
    return { seeded: result("seeded"), threads: result("threads") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print(figure: string, one: number, other: number, peerName: string, unit: string): void {
  console.log(
    `bench umap figure="${figure}" ours=${one.toPrecision(4)} peer=${other.toPrecision(4)} peer_name=${peerName} unit=${unit} ratio=${(one / other).toPrecision(3)}`,
  );
}

const seeded = await ours(1);
const threads = await ours(undefined);
const learn = umapLearn();
print("20000x24 with seed", seeded.seconds, learn.seeded.seconds, "umap-learn", "s");
print("20000x24 without seed", threads.seconds, learn.threads.seconds, "umap-learn", "s");
print("trustworthiness with seed", seeded.trust, learn.seeded.trust, "umap-learn", "1");
print("trustworthiness without seed", threads.trust, learn.threads.trust, "umap-learn", "1");
const js = umapJs();
print("20000x24 with seed", seeded.seconds, js.seconds, "umap-js", "s");
print("trustworthiness with seed", seeded.trust, js.trust, "umap-js", "1");
