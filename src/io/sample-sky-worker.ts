import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type JobContext, serveJob } from "../jobs/index.ts";
import { type Sky, simulateSky, skyProducts } from "../sky/index.ts";
import type { SampleSkyRequest, SkyManifest } from "./sample-sky.ts";

serveJob((request: SampleSkyRequest, context) => {
  const sky = simulateSky({ nSources: request.nSources, seed: request.seed });
  const draft = mkdtempSync(join(dirname(request.directory), `.${basename(request.directory)}-`));
  try {
    writeSky(sky, draft, context);
    moveInto(request.directory, draft);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
});

function writeSky(sky: Sky, directory: string, context: JobContext): void {
  mkdirSync(join(directory, "events"));
  const events: string[] = [];
  const total = sky.sources.length;
  for (const { kind, name, bytes } of skyProducts(sky)) {
    if (context.stopped()) throw new Error("Cannot finish the sample sky: it was stopped");
    if (kind === "events") {
      writeFileSync(join(directory, "events", name), gzipSync(bytes, { level: 6 }));
      events.push(name);
      if (events.length % 50 === 0 || events.length === total) {
        context.report({ done: events.length, total, message: `simulated ${events.length} of ${total} sources` });
      }
    } else writeFileSync(join(directory, name), bytes);
  }
  const manifest: SkyManifest = { seed: sky.seed, names: sky.sources.map(({ name }) => name), events };
  writeFileSync(join(directory, "sky.json"), JSON.stringify(manifest));
}

/** Gives the finished folder its name, unless another session was faster. */
function moveInto(directory: string, draft: string): void {
  try {
    renameSync(draft, directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
}
