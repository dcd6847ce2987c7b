/** 10,000 frame lists that are noise, cut short, forged or absurd, in twenty seeds: the kernel answers all along. */
import { sendBadFrames } from "../kernel/bad-frames.ts";
import { TestClient } from "../kernel/client.ts";

const SEEDS = 20;
const FRAMES = 500;

const client = await TestClient.start();
await client.execute("const kept = 42;");
let sent = 0;
for (let seed = 1; seed <= SEEDS; seed++) sent += await sendBadFrames(client, FRAMES, seed);
const { iopub } = await client.execute("[kept, (globalThis as any).forged]");
const state = iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"];
await client.close();
const passed = state === "[ 42, undefined ]";
console.log(`soak frames sent=${sent} session="${state}" ${passed ? "passed" : "FAILED"}`);
process.exitCode = passed ? 0 : 1;
