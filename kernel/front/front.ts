import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type DebugEvent, Debugger, MainThread } from "../debug/index.ts";
import type { CellLanguage, LanguageSession } from "../language/index.ts";
import type { ToEngine, ToFront } from "../protocol/channel.ts";
import { headerMaker, type Message, stringField } from "../protocol/message.ts";
import { decodeFrames, encodeFrames } from "../protocol/wire.ts";
import { Cells } from "./cells.ts";
import { Executor } from "./executor.ts";
import { History, historyFile } from "./history.ts";
import { Interrupter } from "./interrupter.ts";
import { IoPub } from "./iopub.ts";
import { kernelInfo } from "./kernel-info.ts";
import { type Handler, languageHandlers } from "./language-requests.ts";
import type { Request } from "./shell.ts";
import { type Connection, SendQueue, type Sockets } from "./sockets.ts";
import { Stdin } from "./stdin.ts";
import { usage } from "./usage.ts";

type Channel = "shell" | "control" | "stdin";
type Comm = Extract<ToEngine, { type: "comm" }>;
type Publish = Extract<ToFront, { type: "publish" }>;

const SUBSCRIBE = 1;
const UNSUBSCRIBE = 0;

/**
 * The front: speaks the Jupyter messaging protocol. Requests about the session (kernel_info, complete, inspect, …) are
 * answered at once even while a cell runs; execute requests keep their order.
 */
export class Front {
  readonly #sockets: Sockets;
  readonly #connection: Connection;
  readonly #post: (message: ToEngine, transfer?: ArrayBuffer[]) => void;
  readonly #session: Promise<LanguageSession>;
  readonly #language: CellLanguage;
  readonly #id = randomUUID();
  readonly #header = headerMaker(this.#id);
  readonly #queues: { readonly [channel in Channel]: SendQueue };
  readonly #iopub: IoPub;
  readonly #main = new MainThread();
  readonly #interrupter: Interrupter;
  readonly #debugger: Debugger;
  readonly #executor: Executor;
  readonly #history = new History(historyFile(), (error) => this.#log("The history is not kept", error));
  readonly #cells: Cells;
  readonly #handlers: ReadonlyMap<string, Handler>;
  /** Open comms: id → target. */
  readonly #comms = new Map<string, string>();
  /** Number of messages by comm that wait for cells. */
  readonly #waitingComms = new Map<string, number>();
  readonly #commRequests = new Map<number, string>();
  readonly #stdin: Stdin;
  #serial = 0;
  #closed = false;

  constructor(options: {
    sockets: Sockets;
    connection: Connection;
    session: Promise<LanguageSession>;
    language: CellLanguage;
    post: (message: ToEngine, transfer?: ArrayBuffer[]) => void;
  }) {
    const { sockets, connection, post, session } = options;
    this.#sockets = sockets;
    this.#connection = connection;
    this.#post = post;
    this.#session = session;
    this.#language = options.language;
    const complain = (error: unknown) => this.#log("Cannot send a message", error);
    this.#queues = {
      shell: new SendQueue(sockets.shell, complain),
      control: new SendQueue(sockets.control, complain),
      stdin: new SendQueue(sockets.stdin, complain),
    };
    const { signing } = connection;
    this.#stdin = new Stdin({ queue: this.#queues.stdin, signing, header: this.#header, post });
    this.#iopub = new IoPub(new SendQueue(sockets.iopub, complain), signing, this.#id);
    this.#interrupter = new Interrupter(post, this.#main);
    this.#cells = new Cells(session);
    const emit = (event: DebugEvent) => this.#debugEvent(event);
    this.#debugger = new Debugger({ main: this.#main, session, cells: this.#cells, emit });
    this.#handlers = new Map(Object.entries({ ...this.#kernelHandlers, ...languageHandlers(session) }));
    this.#executor = new Executor({
      session,
      iopub: this.#iopub,
      history: this.#history,
      post,
      interrupter: this.#interrupter,
      cells: this.#cells,
      beforeRun: (code, file) => this.#debugger.prepare(code, file),
    });
  }

  /** Starts to listen. */
  start(): void {
    this.#iopub.status("starting", "{}");
    void this.#listen("shell");
    void this.#listen("control");
    void this.#listen("stdin");
    void this.#echoHeartbeat();
    void this.#welcomeSubscribers();
  }

  /** Handles a message of the engine. */
  receive(message: ToFront): void {
    switch (message.type) {
      case "stream":
        this.#iopub.stream(message.parent, message.name, this.#cells.readable(message.text));
        break;
      case "publish":
        this.#publish(message);
        break;
      case "comms":
        if (message.targetName === undefined) this.#comms.delete(message.id);
        else this.#comms.set(message.id, message.targetName);
        break;
      case "comm-done":
        this.#commDone(message.serial);
        break;
      case "done":
      case "evaluated":
        this.#executor.finished(message.id, message);
        break;
      case "stray-error":
        this.#executor.strayError(message.parent, message.what, message.error);
        break;
      case "payload":
        this.#executor.addPayload(message.parent, message.payload);
        break;
      case "reset":
        void this.#session.then((session) => session.reset());
        break;
      case "interrupted":
        this.#interrupter.answered(message.serial);
        break;
      case "input-request":
        void this.#iopub.drained().then(() => this.#stdin.ask(message, this.#identities(message.parent)));
        break;
    }
  }

  /** Where a cell came from; the parent of code that runs between cells is one that is done. */
  #identities(parent: string): readonly Uint8Array[] {
    const { running } = this.#executor;
    return (running.find((request) => request.parent === parent) ?? running[0])?.message.identities ?? [];
  }

  #publish({ messageType, parent, content, metadata, buffers, newestOf }: Publish): void {
    const readable = this.#readableContent(content);
    if (newestOf === undefined) this.#iopub.publish(messageType, parent, readable, { metadata, buffers });
    else this.#iopub.publishNewest(newestOf, { messageType, parent, content: readable, metadata, buffers });
  }

  /** Content whose text, such as an error as a result, points into cells. */
  #readableContent(json: string): string {
    if (!json.includes("photonbook-cell-")) return json;
    const content = JSON.parse(json);
    const text = content.data?.["text/plain"];
    if (typeof text !== "string") return json;
    content.data["text/plain"] = this.#cells.readable(text);
    return JSON.stringify(content);
  }

  /** Stops what runs: the Stop button or SIGINT. */
  interrupt(): Promise<void> {
    return this.#executor.interrupt();
  }

  async #listen(channel: Channel): Promise<void> {
    for await (const frames of this.#sockets[channel]) {
      try {
        this.#dispatch(channel, decodeFrames(frames, this.#connection.signing));
      } catch (error) {
        this.#log("A message was dropped", error);
      }
    }
  }

  async #echoHeartbeat(): Promise<void> {
    for await (const frames of this.#sockets.heartbeat) await this.#sockets.heartbeat.send(frames);
  }

  /** Greets each subscription, so that clients know when they will miss nothing (protocol 5.4). */
  async #welcomeSubscribers(): Promise<void> {
    const { iopub } = this.#sockets;
    for await (const [frame] of iopub) {
      const topic = frame?.subarray(1) ?? Buffer.alloc(0);
      // ZeroMQ takes an admission for the subscription received last: the next must not be read before.
      if (frame?.[0] === SUBSCRIBE) await this.#iopub.welcome(topic, () => iopub.admit(topic));
      else if (frame?.[0] === UNSUBSCRIBE) iopub.dismiss(topic);
    }
  }

  #dispatch(channel: Channel, message: Message): void {
    const { msg_type: type } = message.header;
    if (channel === "stdin") {
      this.#stdin.receive(message);
      return;
    }
    const request = this.#request(channel, message, type.replace(/_request$/, "_reply"));
    switch (type) {
      case "execute_request":
        this.#enqueue(request);
        break;
      case "comm_open":
      case "comm_msg":
      case "comm_close":
        this.#receiveComm(type, request);
        break;
      case "shutdown_request":
        void this.#answer(request, async () => ({
          status: "ok",
          restart: message.content.restart === true,
        })).then(() => this.#shutDown(request));
        break;
      default:
        void this.#answer(request, this.#handlers.get(type));
    }
  }

  /** Queues a cell in its shell; a request for a subshell that is not there is answered at once. */
  #enqueue(request: Request): void {
    try {
      this.#executor.enqueue(request);
    } catch (error) {
      void this.#answer(request, () => Promise.reject(error));
    }
  }

  #request(channel: Channel, message: Message, replyType: string): Request {
    const parent = JSON.stringify(message.header);
    return {
      message,
      parent,
      reply: (content, metadata = {}) => {
        const header = this.#header(replyType);
        const parts = { parent, metadata: JSON.stringify(metadata), content: JSON.stringify(content) };
        const outgoing = { identities: message.identities, header, ...parts };
        return this.#queues[channel].send(encodeFrames(outgoing, this.#connection.signing));
      },
    };
  }

  /** Answers a request from busy to idle. A type that is not known gets the two and no reply. */
  async #answer(request: Request, handler?: Handler): Promise<void> {
    this.#iopub.status("busy", request.parent);
    if (handler) {
      try {
        await request.reply(await handler(request.message.content));
      } catch (error) {
        this.#log(`Cannot answer ${request.message.header.msg_type}`, error);
        const evalue = error instanceof Error ? error.message : String(error);
        await request.reply({ status: "error", ename: "Error", evalue, traceback: [] });
      }
    }
    this.#idle(request.parent);
  }

  /** Idle for one request; the cell that still runs makes the kernel busy again in the eyes of front ends. */
  #idle(parent: string): void {
    this.#iopub.status("idle", parent);
    const [running] = this.#executor.running;
    if (running) this.#iopub.status("busy", running.parent);
  }

  readonly #kernelHandlers: { readonly [type: string]: Handler } = {
    kernel_info_request: () => kernelInfo(this.#language),
    connect_request: () => {
      const { shell, iopub, stdin, control, hb } = this.#connection.ports;
      return {
        status: "ok",
        shell_port: shell,
        iopub_port: iopub,
        stdin_port: stdin,
        control_port: control,
        hb_port: hb,
      };
    },
    history_request: async (content) => ({ status: "ok", history: await this.#history.request(content) }),
    comm_info_request: (content) => ({ status: "ok", comms: this.#commInfo(stringField(content, "target_name")) }),
    interrupt_request: async () => {
      await this.interrupt();
      return { status: "ok" };
    },
    create_subshell_request: () => ({ status: "ok", subshell_id: this.#executor.createSubshell() }),
    delete_subshell_request: async (content) => {
      await this.#executor.deleteSubshell(stringField(content, "subshell_id"));
      return { status: "ok" };
    },
    list_subshell_request: () => ({ status: "ok", subshell_id: this.#executor.subshells }),
    debug_request: (content) => this.#debugger.answer(content),
    usage_request: usage,
  };

  /** Debug events are children of the cell that runs. */
  #debugEvent(event: DebugEvent): void {
    this.#iopub.publish("debug_event", this.#executor.running[0]?.parent ?? "{}", JSON.stringify(event));
  }

  #commInfo(targetName: string): { [id: string]: { target_name: string } } {
    const entries = [...this.#comms].filter(([, target]) => targetName === "" || target === targetName);
    return Object.fromEntries(entries.map(([id, target]) => [id, { target_name: target }]));
  }

  /** Comm messages go to the engine at once, unless what they address can only come from a cell still queued. */
  #receiveComm(messageType: Comm["messageType"], request: Request): void {
    const { content, metadata, buffers } = request.message;
    const owned = buffers.map(ownBytes);
    const forward = () => {
      const serial = ++this.#serial;
      this.#commRequests.set(serial, request.parent);
      this.#iopub.status("busy", request.parent);
      this.#post(
        { type: "comm", serial, parent: request.parent, messageType, content, metadata, buffers: owned },
        owned.map((bytes) => bytes.buffer),
      );
    };
    const id = stringField(content, "comm_id");
    const mustWait = this.#executor.hasWaiting && (this.#waitingComms.has(id) || !this.#comms.has(id));
    if (mustWait) this.#forwardLater(id, forward);
    else forward();
  }

  #forwardLater(id: string, forward: () => void): void {
    this.#waitingComms.set(id, 1 + (this.#waitingComms.get(id) ?? 0));
    this.#executor.afterWaiting(() => {
      const left = this.#waitingComms.get(id)! - 1;
      if (left > 0) this.#waitingComms.set(id, left);
      else this.#waitingComms.delete(id);
      forward();
    });
  }

  #commDone(serial: number): void {
    const parent = this.#commRequests.get(serial);
    this.#commRequests.delete(serial);
    if (parent !== undefined) this.#idle(parent);
  }

  /** Lets the replies out, then ends the process: the engine by itself if it can, by force if it cannot. */
  async #shutDown(request: Request): Promise<void> {
    const restart = request.message.content.restart === true;
    this.#iopub.publish("shutdown_reply", request.parent, JSON.stringify({ status: "ok", restart }));
    await this.#iopub.drained();
    await Promise.all(Object.values(this.#queues).map((queue) => queue.drained()));
    this.#closed = true;
    for (const socket of Object.values(this.#sockets) as { close(): void }[]) socket.close();
    await Promise.race([this.#history.written(), delay(200)]);
    const session = await Promise.race([this.#session.catch(() => undefined), delay(10)]);
    await Promise.race([session?.close(), delay(200)]).catch(() => undefined);
    await Promise.race([this.#interrupter.interrupt([]), delay(1000)]);
    this.#main.close();
    this.#post({ type: "shutdown", restart });
    await delay(1000);
    process.kill(process.pid, "SIGKILL");
  }

  #log(what: string, error: unknown): void {
    if (this.#closed) return;
    process.stderr.write(`${what}: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/**
 * A frame's bytes in memory that can go to the engine. ZeroMQ's own memory moves, where the frame is the whole of it;
 * what shares Node's pool with others is copied.
 */
function ownBytes({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array<ArrayBuffer> {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) return new Uint8Array(buffer.transfer());
  return new Uint8Array(buffer, byteOffset, byteLength).slice() as Uint8Array<ArrayBuffer>;
}
