import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

const python = resolve(import.meta.dirname, "../.photonbook/test-python/bin/python");

/** Runs a Python script of the tests with astropy at hand; returns what it prints. */
export function runPython(script: string, ...args: string[]): string {
  return execFileSync(python, [script, ...args], { encoding: "utf8", maxBuffer: 2 ** 28 });
}
