/**
 * 2,000 mixed cells in one session: results, types, errors, displays, widgets, comms, timers, completion, interrupts. Every
 * request must get its reply and its idle, and the memory of the kernel and of its language server must stand within
 * 20 % of where it stood after cell 200.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Rng } from "../../src/random/index.ts";
import { type Answered, TestClient } from "../kernel/client.ts";

const CELLS = Number(process.argv[2] ?? 2000);
const BASELINE = 200;
const ALLOWED = 1.2;
/** Names are used again and again, as in a notebook whose cells are run anew. */
const NAMES = 40;

const root = resolve(import.meta.dirname, "../..");
const prelude = join(root, "dist/widgets/prelude.js");
const preludeTypes = join(root, "dist/widgets/prelude.d.ts");
const client = await TestClient.start({ prelude, preludeTypes });
const rng = new Rng(1);
const n = () => rng.integer(NAMES);

type Expected = "ok" | "Interrupted" | "Error" | "TypeScriptError" | "SyntaxError";

/** A cell, how it should end, and whether it must be stopped. */
interface Cell {
  readonly code: string;
  readonly ends: Expected;
  readonly stop?: boolean;
}

const kinds: readonly ((index: number) => Cell)[] = [
  (index) => ({ code: `const value${n()} = ${index} + 1; value${n()} ?? 0`, ends: "ok" }),
  (index) => ({
    code: `interface Row${n()} { id: number; name: string }
function make${n()}(count: number): { id: number }[] { return Array.from({ length: count }, (_, id) => ({ id, at: ${index} })); }
make${n()}(100).length`,
    ends: "ok",
  }),
  (index) => ({
    code: `class Source${n()} { #rate = ${index}; get rate() { return this.#rate; } }
const data${n()} = new Float64Array(100_000).fill(${index}); data${n()}`,
    ends: "ok",
  }),
  () => ({ code: `for (let i = 0; i < 500; i++) console.log("line", i);`, ends: "ok" }),
  () => ({ code: `display({ "text/html": "<b>bold</b>" }); display({ "image/svg+xml": "<svg/>" });`, ends: "ok" }),
  () => ({
    code: `let late${n()} = 0; setTimeout(() => { late${n()} = 1; console.log("late"); }, 1); await null;`,
    ends: "ok",
  }),
  () => ({
    code: `import { join } from "node:path"; import * as aq from "arquero"; aq.table({ x: [1, 2, 3] })`,
    ends: "ok",
  }),
  () => ({
    code: `{
  const host = (globalThis as any)[Symbol.for("Jupyter.kernel")];
  const comm = host.openComm("jupyter.widget", { data: { state: { value: 1 } }, buffers: [new Uint8Array(100_000)] });
  for (let i = 0; i < 20; i++) comm.send({ method: "update", state: { value: i } });
  comm.close();
}`,
    ends: "ok",
  }),
  () => ({
    code: `const view${n()} = latentView({ xy: { data: new Float32Array(2000), shape: [1000, 2] } }); view${n()}.close();`,
    ends: "ok",
  }),
  (index) => ({
    code: `{
  const slider = new IntSlider({ value: ${index % 100} }), box = new VBox({ children: [slider] }), output = new Output();
  slider.observe(output.capture((change: { new: unknown }) => console.log(change.new)), "value");
  display(box);
  slider.value = 7;
  for (const widget of [box, slider, output]) widget.close();
}`,
    ends: "ok",
  }),
  (index) => ({ code: `function fails${n()}() { throw new Error("at ${index}"); }\nfails${n()}();`, ends: "Error" }),
  () => ({ code: `const wrong: number = "text";`, ends: "TypeScriptError" }),
  () => ({ code: `const = 3;`, ends: "SyntaxError" }),
  () => ({ code: `for (;;) { value0; }`, ends: "Interrupted", stop: true }),
  () => ({ code: `await new Promise(() => {});`, ends: "Interrupted", stop: true }),
];

/** Every name is there from the start, with as much behind it as it will have: what grows is not the user's data. */
async function declareNames(): Promise<void> {
  const all = Array.from({ length: NAMES }, (_, i) => i);
  const lines = all.map(
    (
      i,
    ) => `let value${i} = 0, late${i} = 0; const data${i} = new Float64Array(100_000).fill(${i}); function fails${i}() { throw new Error("first"); }
function make${i}(count: number) { return new Array(count); } const view${i} = latentView({ xy: { data: new Float32Array(2), shape: [1, 2] } });`,
  );
  const { reply } = await client.execute(lines.join("\n"));
  if (reply.content.status !== "ok") throw new Error(reply.content.traceback.join("\n"));
}

async function runCell(index: number): Promise<void> {
  const { code, ends, stop = false } = kinds[index % kinds.length]!(index);
  const id = await client.send("execute_request", { code });
  if (stop) {
    await client.until(() => client.published.find((m) => m.type === "execute_input" && m.parent.msg_id === id));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await client.request("interrupt_request", {}, { channel: "control" });
  }
  checkEnd(index, code, ends, await client.answer(id));
  if (index % 5 === 0) await client.request("complete_request", { code: "value1.toF", cursor_pos: 10 });
  if (index % 7 === 0) await client.request("inspect_request", { code: "make1", cursor_pos: 3 });
  client.published.splice(1);
  client.replies.length = 0;
}

function checkEnd(index: number, code: string, ends: Expected, { reply }: Answered): void {
  const ended = reply.content.status === "ok" ? "ok" : reply.content.ename;
  if (ended !== ends) {
    throw new Error(`Cell ${index} ended with "${ended}" instead of "${ends}":\n${code}\n${reply.content.evalue}`);
  }
}

/** Memory of the kernel and of the language server in MB, when both have come to rest. */
async function memory(): Promise<{ kernel: number; server: number }> {
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const kernel = client.process.pid!;
  const server = readdirSync("/proc").find((pid) => /^\d+$/.test(pid) && isServer(pid, kernel));
  if (server === undefined) throw new Error("Cannot measure the language server: it must run");
  return { kernel: residentMB(kernel), server: residentMB(Number(server)) };
}

/** Whether a process is TypeScript's server and a child of the kernel. */
function isServer(pid: string, kernel: number): boolean {
  const text = status(pid);
  return text.startsWith("Name:\ttsc\n") && new RegExp(`^PPid:\\s+${kernel}$`, "m").test(text);
}

function status(pid: number | string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}

const residentMB = (pid: number) => Number(/^VmRSS:\s+(\d+)/m.exec(status(pid))?.[1]) / 1024;

await declareNames();
const begin = performance.now();
let baseline: { kernel: number; server: number } | undefined;
for (let index = 1; index <= CELLS; index++) {
  await runCell(index);
  if (index % BASELINE !== 0) continue;
  const { kernel, server } = await memory();
  baseline ??= { kernel, server };
  const seconds = Math.round((performance.now() - begin) / 1000);
  console.log(
    `soak kernel cell=${index} kernel=${kernel.toFixed(0)} server=${server.toFixed(0)} unit=MB seconds=${seconds}`,
  );
}
const end = await memory();
const ratio = (name: "kernel" | "server") => end[name] / baseline![name];
const passed = ratio("kernel") <= ALLOWED && ratio("server") <= ALLOWED;
const ratios = `kernel_ratio=${ratio("kernel").toFixed(2)} server_ratio=${ratio("server").toFixed(2)}`;
console.log(`soak kernel cells=${CELLS} lost_replies=0 ${ratios} allowed=${ALLOWED} ${passed ? "passed" : "FAILED"}`);
await client.close();
process.exitCode = passed ? 0 : 1;
