import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Dealer, Request, Subscriber } from "zeromq";
import { NODE_FLAGS } from "../../kernel/install/kernelspec.ts";

/** A message as tests look at it. */
export interface Received {
  readonly type: string;
  readonly header: { msg_id: string; msg_type: string; version: string; date: string };
  readonly parent: { msg_id?: string; msg_type?: string };
  // biome-ignore lint/suspicious/noExplicitAny: tests state what they expect of the content.
  readonly content: any;
  readonly metadata: object;
  readonly buffers: readonly Buffer[];
}

/** What came of one request: its reply, and all it published up to idle. */
export interface Answered {
  readonly reply: Received;
  readonly iopub: readonly Received[];
  readonly stdout: string;
  readonly stderr: string;
}

/** How the kernel is started. */
export interface StartOptions {
  readonly cwd?: string;
  readonly prelude?: string;
  readonly preludeTypes?: string;
  /** More of the command line. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

type Channel = "shell" | "control" | "stdin";

/** How a message goes. */
export interface SendOptions {
  readonly channel?: Channel;
  readonly subshell?: string;
  readonly buffers?: readonly Uint8Array[];
  readonly parent?: object;
  readonly metadata?: object;
}

const KERNEL = fileURLToPath(new URL("../../kernel/main.ts", import.meta.url));

/** A Jupyter client, on the wire: what the kernel is told and what it says can be looked at frame by frame. */
export class TestClient {
  readonly process: ChildProcess;
  readonly key: string;
  /** Everything heard on iopub, in order. */
  readonly published: Received[] = [];
  readonly replies: Received[] = [];
  /** What the kernel's process wrote to its own stderr. */
  log = "";
  readonly heartbeat = new Request();
  readonly sockets: { readonly [channel in Channel]: Dealer };
  readonly #iopub = new Subscriber({ receiveHighWaterMark: 0 });
  readonly #session = randomUUID();
  readonly #waiting = new Set<() => void>();
  #serial = 0;
  exited = false;

  constructor(process: ChildProcess, key: string, ports: number[]) {
    this.process = process;
    this.key = key;
    const routingId = randomUUID();
    this.sockets = {
      shell: new Dealer({ routingId, receiveHighWaterMark: 0 }),
      control: new Dealer({ routingId }),
      stdin: new Dealer({ routingId }),
    };
    const address = (index: number) => `tcp://127.0.0.1:${ports[index]}`;
    this.sockets.shell.connect(address(0));
    this.#iopub.connect(address(1));
    this.#iopub.subscribe();
    this.sockets.stdin.connect(address(2));
    this.sockets.control.connect(address(3));
    this.heartbeat.connect(address(4));
    void this.#listen(this.#iopub, this.published);
    for (const channel of ["shell", "control", "stdin"] as const)
      void this.#listen(this.sockets[channel], this.replies);
    process.stderr?.on("data", (bytes) => (this.log += bytes));
    process.on("exit", (code, signal) => {
      this.exited = true;
      this.log += signal === null && code === 0 ? "" : `\n(ended with ${signal ?? code})`;
      this.#wake();
    });
  }

  /** Starts a kernel and waits until its first reply is here and its publications are heard. */
  static async start(options: StartOptions = {}): Promise<TestClient> {
    const ports = await freePorts(5);
    const key = randomUUID();
    const folder = mkdtempSync(join(tmpdir(), "photonbook-kernel-"));
    const file = join(folder, "connection.json");
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
    const connection = { shell_port, iopub_port, stdin_port, control_port, hb_port, key };
    writeFileSync(
      file,
      JSON.stringify({ ...connection, ip: "127.0.0.1", transport: "tcp", signature_scheme: "hmac-sha256" }),
    );
    const args = [...NODE_FLAGS, KERNEL, "--connection-file", file];
    if (options.prelude !== undefined) args.push("--prelude", options.prelude);
    if (options.preludeTypes !== undefined) args.push("--prelude-types", options.preludeTypes);
    args.push(...(options.args ?? []));
    const env = { ...process.env, NODE_OPTIONS: "", ...options.env };
    const kernel = spawn(process.execPath, args, {
      cwd: options.cwd ?? folder,
      env,
      stdio: ["ignore", "inherit", "pipe"],
    });
    const client = new TestClient(kernel, key, ports);
    await client.request("kernel_info_request", {});
    await client.until(() => client.published.find(({ type }) => type === "iopub_welcome"));
    return client;
  }

  /** Sends a message; returns its id. */
  async send(type: string, content: object, options: SendOptions = {}): Promise<string> {
    const id = `${this.#session}_${++this.#serial}`;
    const date = new Date().toISOString();
    const from = {
      session: this.#session,
      username: "test",
      ...(options.subshell && { subshell_id: options.subshell }),
    };
    const header = { msg_id: id, ...from, date, msg_type: type, version: "5.5" };
    const json = [header, options.parent ?? {}, options.metadata ?? {}, content].map((part) => JSON.stringify(part));
    const frames = ["<IDS|MSG>", this.sign(json), ...json, ...(options.buffers ?? [])];
    await this.sockets[options.channel ?? "shell"].send(frames as (string | Uint8Array)[]);
    return id;
  }

  /** The signature of four JSON frames. */
  sign(json: readonly string[]): string {
    const hmac = createHmac("sha256", this.key);
    for (const part of json) hmac.update(part);
    return hmac.digest("hex");
  }

  /** Sends a request and waits for its reply and its idle. */
  async request(type: string, content: object, options: SendOptions = {}): Promise<Answered> {
    return this.answer(await this.send(type, content, options));
  }

  /** Runs a cell. */
  async execute(code: string, options: object = {}): Promise<Answered> {
    return this.answer(await this.send("execute_request", { code, ...options }));
  }

  /** Waits for the reply to a message and for everything it published. */
  async answer(id: string): Promise<Answered> {
    const reply = await this.until(() =>
      this.replies.find(({ parent, type }) => parent.msg_id === id && type.endsWith("_reply")),
    );
    if (this.published.length > 0) await this.idle(id);
    const iopub = this.published.filter(({ parent }) => parent.msg_id === id);
    return { reply, iopub, stdout: streamText(iopub, "stdout"), stderr: streamText(iopub, "stderr") };
  }

  /** Waits for the idle of a request. */
  idle(id: string): Promise<Received> {
    return this.until(() =>
      this.published.find(
        ({ type, parent, content }) => type === "status" && content.execution_state === "idle" && parent.msg_id === id,
      ),
    );
  }

  /** Waits until something is found among what came; fails after a while. */
  async until<T>(find: () => T | undefined | false, timeoutMs = 30_000): Promise<T> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const found = find();
      if (found) return found;
      const left = end - Date.now();
      if (left <= 0) throw new Error(`Nothing came in ${timeoutMs} ms; the kernel's log: ${this.log}`);
      if (this.exited && left < timeoutMs - 1000) throw new Error(`The kernel has ended: ${this.log}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => done(), Math.min(left, 500));
        const done = () => {
          clearTimeout(timer);
          this.#waiting.delete(done);
          resolve();
        };
        this.#waiting.add(done);
      });
    }
  }

  /** Ends the kernel and closes the sockets. */
  async close(): Promise<void> {
    for (const socket of [...Object.values(this.sockets), this.#iopub, this.heartbeat]) socket.close();
    if (this.exited) return;
    const exit = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGKILL");
    await exit;
  }

  async #listen(socket: AsyncIterable<Buffer[]>, into: Received[]): Promise<void> {
    for await (const frames of socket) {
      into.push(this.#decode(frames));
      this.#wake();
    }
  }

  #decode(frames: Buffer[]): Received {
    const start = frames.findIndex((frame) => frame.toString() === "<IDS|MSG>");
    const json = frames.slice(start + 2, start + 6).map(String);
    if (frames[start + 1]!.toString() !== this.sign(json)) throw new Error("The kernel's signature is wrong");
    const [header, parent, metadata, content] = json.map((part) => JSON.parse(part));
    const buffers = frames.slice(start + 6).map((frame) => Buffer.from(frame));
    return { type: header.msg_type, header, parent, metadata, content, buffers };
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }
}

/** The text of a stream. */
export function streamText(messages: readonly Received[], name: string): string {
  return messages
    .filter(({ type, content }) => type === "stream" && content.name === name)
    .map(({ content }) => content.text)
    .join("");
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
