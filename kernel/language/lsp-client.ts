import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** Answers a request that the server makes of us. */
export type ServerRequestHandler = (method: string, params: unknown) => unknown;

interface Message {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { code: number; message: string };
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A JSON-RPC connection to TypeScript's native language server, over its standard streams. */
export class LspClient {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #pending = new Map<number, Pending>();
  readonly #onRequest: ServerRequestHandler;
  #received: Buffer[] = [];
  #receivedLength = 0;
  #nextId = 1;
  #closed: Error | undefined;
  #stderr = "";

  constructor(command: string, cwd: string, onRequest: ServerRequestHandler) {
    this.#onRequest = onRequest;
    this.#child = spawn(command, ["--lsp", "--stdio"], { cwd, stdio: "pipe" });
    this.#child.stdout.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#child.stderr.on("data", (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk).slice(-4000);
    });
    this.#child.stdin.on("error", (error) => this.#fail(error));
    this.#child.on("error", (error) => this.#fail(error));
    this.#child.on("exit", (code, signal) => {
      this.#fail(new Error(`Cannot reach the TypeScript server: it ended with ${signal ?? code}\n${this.#stderr}`));
    });
  }

  /** True once the server's process is gone. */
  get ended(): boolean {
    return this.#closed !== undefined;
  }

  /** Sends a request; resolves with its result. */
  request<T>(method: string, params: unknown): Promise<T> {
    if (this.#closed) return Promise.reject(this.#closed);
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#send({ jsonrpc: "2.0", id, method, params });
    });
  }

  /** Sends a message that has no answer. */
  notify(method: string, params: unknown): void {
    if (!this.#closed) this.#send({ jsonrpc: "2.0", method, params });
  }

  /** Ends the server: it leaves when its input ends, also where this process dies; by signal after a second. */
  async close(): Promise<void> {
    if (this.#closed) return;
    const exited = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 1000);
    this.#child.stdin.end();
    await exited;
    clearTimeout(timer);
  }

  #send(message: object) {
    const body = Buffer.from(JSON.stringify(message));
    this.#child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#child.stdin.write(body);
  }

  #receive(chunk: Buffer) {
    this.#received.push(chunk);
    this.#receivedLength += chunk.length;
    for (;;) {
      const buffer = this.#received.length === 1 ? this.#received[0]! : Buffer.concat(this.#received);
      this.#received = [buffer];
      const headerEnd = buffer.indexOf("\r\n\r\n");
      if (headerEnd < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.toString("latin1", 0, headerEnd))?.[1] ?? 0);
      const end = headerEnd + 4 + length;
      if (this.#receivedLength < end) return;
      const message = JSON.parse(buffer.toString("utf8", headerEnd + 4, end));
      this.#received = [buffer.subarray(end)];
      this.#receivedLength -= end;
      this.#dispatch(message);
    }
  }

  #dispatch(message: Message) {
    if (message.method === undefined) {
      const id = message.id ?? -1;
      const pending = this.#pending.get(id);
      this.#pending.delete(id);
      if (message.error) pending?.reject(new Error(`${message.error.message} (${message.error.code})`));
      else pending?.resolve(message.result);
    } else if (message.id !== undefined) {
      this.#send({ jsonrpc: "2.0", id: message.id, result: this.#onRequest(message.method, message.params) ?? null });
    }
  }

  #fail(error: Error) {
    this.#closed ??= error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

/** Path of the native TypeScript binary that npm installed for this platform. */
export async function typescriptBinary(): Promise<string> {
  const require = createRequire(import.meta.url);
  const root = path.dirname(require.resolve("typescript/package.json"));
  const module = await import(pathToFileURL(path.join(root, "lib", "getExePath.js")).href);
  return module.default();
}
