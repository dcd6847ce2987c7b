/**
 * One training of the ppad benchmark in a process of its own, whose memory is counted:
 * `node ppad-fit-step.ts network|compact SECONDS MODEL [ENGINE]`. Stops after so many seconds, writes the model, prints one line
 * of JSON: seconds, peak memory, epochs. "network" is the published network and loss, trained on few nodes, placed by
 * the photons, with larger steps.
 */
import { writeFileSync } from "node:fs";
import { ppad } from "../../src/jobs/index.ts";
import type { Engine, PpadConfig } from "../../src/ppad/index.ts";
import { trainingChunks } from "./ppad-chunks.ts";

const NODES = 128;
const network: PpadConfig = {
  ...ppad.reference,
  quadrature: { rule: "adaptive", nodes: NODES },
  // A mean over fewer steps is larger in proportion.
  totalVariation: { weight: (10 * (NODES - 1)) / 2048, norm: "mean" },
  maxEvents: 192,
  stages: [{ train: "all", epochs: 24, decoderRate: 3e-4, latentRate: 0.03, schedule: "cosine" }],
};

const [name, limitSec, path, engine = "native"] = process.argv.slice(2) as [string, string, string, Engine?];
const chunks = trainingChunks();
const began = performance.now();
const model = await ppad.fit(chunks, {
  config: name === "compact" ? ppad.compact : network,
  seed: 1,
  threads: 2,
  engine,
  display: false,
  signal: AbortSignal.timeout(1000 * Number(limitSec)),
});
const seconds = (performance.now() - began) / 1000;
writeFileSync(path, ppad.write(model, { optimizer: false }));
const epochs = model.history.length;
console.log(JSON.stringify({ seconds, peakMiB: process.resourceUsage().maxRSS / 1024, epochs }));
