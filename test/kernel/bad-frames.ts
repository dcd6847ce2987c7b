import { Rng } from "../../src/random/index.ts";
import type { TestClient } from "./client.ts";

/*
 * Frames that a kernel must survive: noise, messages cut short or forged, and messages with a good signature whose
 * parts are not what they should be.
 */

type Frames = (string | Uint8Array)[];
type Sign = (json: readonly string[]) => string;

const CHECK_EVERY = 100;
const FORGED = "(globalThis as any).forged = true";
/** Types whose honest effect would end the test, shutdown_request, are left out. */
const TYPES = [
  "execute_request",
  "complete_request",
  "inspect_request",
  "history_request",
  "is_complete_request",
  "comm_info_request",
  "connect_request",
  "kernel_info_request",
  "comm_open",
  "comm_msg",
  "comm_close",
  "input_reply",
  "debug_request",
  "create_subshell_request",
  "delete_subshell_request",
  "list_subshell_request",
  "usage_request",
  "no_such_request",
  "constructor",
  "__proto__",
];
const FIELDS = {
  code: ["", "kept", 7, null],
  silent: [true, "yes"],
  cursor_pos: [-1, 1e9, 0.5, "3"],
  hist_access_type: ["tail", "range", "search", 4],
  comm_id: ["nobody", "", 3],
  target_name: ["jupyter.widget", "x", null],
  data: [{}, [], "text", { method: "update" }],
  subshell_id: ["nobody", 5],
  value: ["text", {}],
  command: ["variables", "setBreakpoints", "evaluate", "scopes", "what", 3],
  arguments: [{}, [], { variablesReference: 99, source: { path: 3 }, breakpoints: [{}], frameId: "x", expression: 1 }],
  seq: [1, "one"],
} as const;

/**
 * Sends bad frames, and every so often checks that all channels of the kernel answer.
 *
 * @returns How many frame lists were sent.
 */
export async function sendBadFrames(client: TestClient, count: number, seed: number): Promise<number> {
  const rng = new Rng(seed);
  const sign: Sign = (json) => client.sign(json);
  const channels = ["shell", "control", "stdin"] as const;
  for (let n = 1; n <= count; n++) {
    await client.sockets[pick(rng, channels)].send(badFrames(rng, sign));
    if (n % CHECK_EVERY === 0 || n === count) await checkAlive(client);
  }
  return count;
}

async function checkAlive(client: TestClient): Promise<void> {
  for (const channel of ["shell", "control"] as const) await client.request("kernel_info_request", {}, { channel });
  await client.heartbeat.send("ping");
  await client.heartbeat.receive();
  // What came is not looked at again; one message is left to show that publications are heard.
  client.published.splice(1);
  client.replies.length = 0;
}

function badFrames(rng: Rng, sign: Sign): Frames {
  switch (rng.integer(6)) {
    case 0:
      return Array.from({ length: 1 + rng.integer(8) }, () => noise(rng, 200));
    case 1:
      return ["<IDS|MSG>", ...signed(message("execute_request", { code: FORGED }), sign)].slice(0, 1 + rng.integer(5));
    case 2:
      return ["<IDS|MSG>", ...forged(rng, sign)];
    case 3:
      return ["<IDS|MSG>", ...signed(notObjects(rng), sign)];
    case 4:
      return ["<IDS|MSG>", ...signed([JSON.stringify(oddHeader(rng)), "{}", "{}", "{}"], sign)];
    default:
      return [
        ...(rng.integer(4) === 0 ? [noise(rng, 20)] : []),
        "<IDS|MSG>",
        ...signed(message(pick(rng, TYPES), oddContent(rng), oddSubshell(rng)), sign),
        ...Array.from({ length: rng.integer(3) }, () => noise(rng, 1000)),
      ];
  }
}

/** A message that would do harm, with a signature that is missing, of another key, or of other content. */
function forged(rng: Rng, sign: Sign): Frames {
  const json = message("execute_request", { code: FORGED });
  const [good = ""] = signed(json, sign);
  const flipped = Buffer.from(good);
  flipped[rng.integer(flipped.length)]! ^= 1 << rng.integer(3);
  const wrong = ["", "0".repeat(64), good.slice(0, -1), `${good}0`, good.toUpperCase(), flipped, noise(rng, 64)];
  if (rng.integer(2) === 0) return [pick(rng, wrong), ...json];
  return [good as string, json[0]!, json[1]!, json[2]!, JSON.stringify({ code: `${FORGED};` })];
}

/** Signed parts of which one is not a JSON object. */
function notObjects(rng: Rng): string[] {
  const json = message(pick(rng, TYPES), {});
  const wrong = ["", "{", "[]", "null", "7", '"text"', "{}{}", `{"a":${"[".repeat(5000)}`, "\u0000", "NaN"];
  json[rng.integer(4)] = pick(rng, wrong);
  return json;
}

function oddHeader(rng: Rng): object {
  const odd = [undefined, null, 3, "", [], {}, "execute_request", "x".repeat(10_000)];
  const names = ["msg_id", "msg_type", "session", "username", "date", "version", "subshell_id"];
  return Object.fromEntries(names.map((name) => [name, pick(rng, odd)]));
}

function oddContent(rng: Rng): object {
  const entries = Object.entries(FIELDS).filter(() => rng.integer(3) > 0);
  return Object.fromEntries(entries.map(([name, values]) => [name, pick<unknown>(rng, values)]));
}

function oddSubshell(rng: Rng): object {
  return rng.integer(5) === 0 ? { subshell_id: pick(rng, ["nobody", 7, null]) } : {};
}

function message(type: string, content: object, more: object = {}): string[] {
  const header = { msg_id: "bad", msg_type: type, session: "s", username: "u", date: "", version: "5.5", ...more };
  return [header, {}, {}, content].map((part) => JSON.stringify(part));
}

function signed(json: readonly string[], sign: Sign): string[] {
  return [sign(json), ...json];
}

function noise(rng: Rng, length: number): Uint8Array {
  return Uint8Array.from({ length: rng.integer(length) }, () => rng.integer(256));
}

function pick<T>(rng: Rng, values: readonly T[]): T {
  return values[rng.integer(values.length)]!;
}
