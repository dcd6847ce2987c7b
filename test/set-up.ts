import { resolve } from "node:path";

/** What the unit tests take from kernel/setup/machine.mjs, which has no types. */
interface Machine {
  testPython(): string;
}

/** Before the unit tests: a Python environment with astropy, which reads what we write and the other way round. */
export default async function setUp(): Promise<void> {
  const machine = (await import(resolve(import.meta.dirname, "../kernel/setup/machine.mjs"))) as Machine;
  machine.testPython();
}
