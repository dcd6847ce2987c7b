import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type Loopback, type Recording, replayServer } from "../../dachs/recording.ts";
import { dachsScenario } from "../../dachs/scenario.ts";

/** The scenario against what DaCHS answered when it was recorded: PHOTONBOOK_RECORD=1 npm run test:dachs. */
let server: Loopback;

beforeAll(async () => {
  const path = resolve(import.meta.dirname, "../../fixtures/dachs/replies.json");
  server = await replayServer(JSON.parse(readFileSync(path, "utf8")) as Recording);
});

afterAll(() => server.close());

dachsScenario(() => server.base);
