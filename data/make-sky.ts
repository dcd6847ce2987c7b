/**
 * Makes `data/sky`: the simulated sky of 24 sources and seed 1, as `sampleSky` would, but small enough to ship.
 * Run it with `node data/make-sky.ts` whenever the simulator changes; a test says when that is due.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { simulateSky, skyProducts } from "../src/sky/index.ts";

const folder = join(import.meta.dirname, "sky");
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, "events"), { recursive: true });
for (const { kind, name, bytes } of skyProducts(simulateSky({ nSources: 24, seed: 1 }))) {
  const path = kind === "events" ? join("events", name) : `${name}.gz`;
  writeFileSync(join(folder, path), gzipSync(bytes, { level: 9 }));
}
