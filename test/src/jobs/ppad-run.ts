/** A process of its own that trains on a store and keeps a checkpoint: `node ppad-run.ts STORE CHECKPOINT OPTIONS`. */
import { ppad } from "../../../src/jobs/ppad.ts";
import { openPhotons } from "../../../src/store/index.ts";

const [store, checkpoint, options] = process.argv.slice(2) as [string, string, string];
await ppad.fit(await openPhotons(store), { ...JSON.parse(options), checkpoint, checkpointSec: 0 });
