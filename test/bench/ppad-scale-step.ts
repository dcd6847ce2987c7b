/**
 * One step of the ppad-scale benchmark in a process of its own, whose memory is counted:
 * `node ppad-scale-step.ts fit|embed STORE MODEL`. Prints one line of JSON: seconds, peak memory, loss.
 */
import { readFileSync } from "node:fs";
import { ppad } from "../../src/jobs/index.ts";
import { openPhotons } from "../../src/store/index.ts";

const [step, path, model, settings = "{}"] = process.argv.slice(2) as [string, string, string, string?];
const store = await openPhotons(path);
const began = performance.now();
let loss: number | undefined;
if (step === "fit") {
  const fitted = await ppad.fit(store, { ...JSON.parse(settings), checkpoint: model, display: false });
  loss = fitted.history.at(-1)?.loss;
} else {
  await ppad.embed(store, ppad.read(readFileSync(model)), { display: false });
}
const seconds = (performance.now() - began) / 1000;
console.log(JSON.stringify({ seconds, peakMb: process.resourceUsage().maxRSS / 1e3, loss }));
