import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the DaCHS server. */
    dachs: string;
  }
}

const ADDRESS = "http://127.0.0.1:8080";

/** Starts PostgreSQL and DaCHS with our rows (serve.sh); stops what it started afterwards. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  if (await answers()) throw new Error(`Cannot start DaCHS: ${ADDRESS} must be free: something answers there`);
  const server = spawn(resolve(import.meta.dirname, "serve.sh"), { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  server.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const ended = new Promise<void>((done) => server.once("exit", () => done()));
  for (let second = 0; !(await answers()); second++) {
    if (second > 120 || server.exitCode !== null)
      throw new Error(`Cannot start DaCHS: it must answer: ${said.slice(-2000)}`);
    await sleep(1000);
  }
  project.provide("dachs", ADDRESS);
  return async () => {
    server.kill("SIGTERM");
    await ended;
  };
}

function answers(): Promise<boolean> {
  return fetch(`${ADDRESS}/tap/capabilities`).then(
    (reply) => reply.ok,
    () => false,
  );
}
