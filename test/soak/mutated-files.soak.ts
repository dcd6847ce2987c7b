/** 20,000 damaged FITS and VOTable files are read or rejected with a reason, each within seconds and a gigabyte. */
import { Rng } from "../../src/random/index.ts";
import { conformanceFiles, mutate, readAll } from "../mutated-files.ts";

const FILES = 20_000;
const LONGEST_MS = 5000;
const MOST_BYTES = 2 ** 30;

const files = conformanceFiles();
let [read, slowestMs, peakBytes] = [0, 0, 0];
const failures: string[] = [];
for (let i = 0; i < FILES; i++) {
  const { name, kind, bytes } = files[i % files.length] as (typeof files)[number];
  const start = performance.now();
  try {
    if (readAll(mutate(bytes, new Rng(1, i)), kind) === "read") read++;
  } catch (error) {
    failures.push(`${name}, stream ${i}: ${(error as Error).stack}`);
  }
  const ms = performance.now() - start;
  if (ms > LONGEST_MS) failures.push(`${name}, stream ${i}: took ${ms.toFixed(0)} ms`);
  slowestMs = Math.max(slowestMs, ms);
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
}
const passed = failures.length === 0 && peakBytes < MOST_BYTES;
for (const failure of failures) console.log(failure);
console.log(
  `soak mutated-files files=${FILES} read=${read} rejected=${FILES - read - failures.length} failed=${failures.length} slowest=${slowestMs.toFixed(0)} ms peak=${(peakBytes / 2 ** 20).toFixed(0)} MiB ${passed ? "passed" : "FAILED"}`,
);
process.exitCode = passed ? 0 : 1;
