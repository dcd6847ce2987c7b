import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { afterAll, beforeAll, inject } from "vitest";
import { type Loopback, type Recording, recordingProxy } from "./recording.ts";
import { dachsScenario } from "./scenario.ts";

/** The scenario against a real DaCHS; what it answers becomes the fixture of test/src/archives/dachs.test.ts. */
let proxy: Loopback & { recording: Recording };

beforeAll(async () => {
  proxy = await recordingProxy(inject("dachs"), "http://localhost:8080");
});

afterAll(async () => {
  await proxy.close();
  const path = resolve(import.meta.dirname, "../fixtures/dachs/replies.json");
  mkdirSync(dirname(path), { recursive: true });
  if (process.env.PHOTONBOOK_RECORD) writeFileSync(path, `${JSON.stringify(proxy.recording, undefined, 1)}\n`);
});

dachsScenario(() => proxy.base);
