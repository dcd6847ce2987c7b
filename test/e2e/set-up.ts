import { resolve } from "node:path";

/** What these tests take from kernel/setup/machine.mjs, which has no types. */
interface Machine {
  hostsPython(): string;
}

/** Before the tests in Jupyter: a Python environment with the hosts that users have beside JupyterLab. */
export default async function setUp(): Promise<void> {
  const machine = (await import(resolve(import.meta.dirname, "../../kernel/setup/machine.mjs"))) as Machine;
  machine.hostsPython();
}
