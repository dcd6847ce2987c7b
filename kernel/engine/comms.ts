import { randomUUID } from "node:crypto";
import type { MessagePort } from "node:worker_threads";
import type { ToFront } from "../protocol/channel.ts";
import type { Fields } from "../protocol/message.ts";
import type { Contexts } from "./context.ts";
import type { Comm, CommMessage, CommSendOptions, JsonObject } from "./host.ts";

type Publish = Extract<ToFront, { type: "publish" }>;
type CommContent = { comm_id: string; target_name?: string; data: JsonObject };

/** What a message can move to the front. */
type Transferable = ArrayBuffer | MessagePort;

/** Sends a message to the front; its buffers are moved. */
export type Post = (message: ToFront, transfer?: Transferable[]) => void;

/** The engine's ends of all open comms. */
export class Comms {
  readonly #open = new Map<string, EngineComm>();
  readonly #targets = new Map<string, (comm: Comm, message: CommMessage) => void>();
  readonly #post: Post;
  readonly #contexts: Contexts;

  constructor(post: Post, contexts: Contexts) {
    this.#post = post;
    this.#contexts = contexts;
  }

  /** Opens a comm towards the front end. */
  open(targetName: string, options: { id?: string; data?: JsonObject } & CommSendOptions = {}): Comm {
    const id = options.id ?? randomUUID().replaceAll("-", "");
    if (this.#open.has(id)) throw new Error(`Cannot open comm: its id must be new: current value is "${id}"`);
    const comm = new EngineComm(id, targetName, this);
    this.send("comm_open", { comm_id: id, target_name: targetName, data: options.data ?? {} }, options);
    this.#add(comm);
    return comm;
  }

  register(targetName: string, onOpen: (comm: Comm, message: CommMessage) => void): void {
    this.#targets.set(targetName, onOpen);
  }

  /** Publishes a comm message: as a child of the one that is handled, else of the running cell. */
  send(messageType: Publish["messageType"], content: CommContent, options: CommSendOptions = {}): void {
    const buffers = (options.buffers ?? []).map(copyBytes);
    const { parent, message } = this.#contexts.current();
    this.#post(
      {
        type: "publish",
        parent: message && !message.done ? message.parent : parent,
        messageType,
        content: JSON.stringify(content),
        metadata: JSON.stringify(options.metadata ?? {}),
        buffers,
        newestOf: options.newestOf === undefined ? undefined : `${content.comm_id} ${options.newestOf}`,
      },
      buffers.map((buffer) => buffer.buffer as ArrayBuffer),
    );
  }

  /** Forgets a comm. */
  remove(id: string): void {
    if (!this.#open.delete(id)) return;
    this.#post({ type: "comms", id, targetName: undefined });
  }

  /** Hands a front end's message to its comm. Handlers may throw: the caller reports it. */
  receive(messageType: string, content: Fields, message: CommMessage): void {
    const id = String(content.comm_id);
    const comm = this.#open.get(id);
    if (messageType === "comm_open") this.#receiveOpen(id, String(content.target_name), message);
    else if (messageType === "comm_msg") comm?.onMessage?.(message);
    else if (comm) {
      this.remove(id);
      comm.closed = true;
      comm.onClose?.(message);
    }
  }

  #receiveOpen(id: string, targetName: string, message: CommMessage): void {
    const onOpen = this.#targets.get(targetName);
    if (!onOpen) {
      this.send("comm_close", { comm_id: id, data: {} });
      return;
    }
    const comm = new EngineComm(id, targetName, this);
    this.#add(comm);
    try {
      onOpen(comm, message);
    } catch (error) {
      comm.close();
      throw error;
    }
  }

  #add(comm: EngineComm): void {
    this.#open.set(comm.id, comm);
    this.#post({ type: "comms", id: comm.id, targetName: comm.targetName });
  }
}

class EngineComm implements Comm {
  readonly id: string;
  readonly targetName: string;
  onMessage: ((message: CommMessage) => void) | undefined;
  onClose: ((message: CommMessage) => void) | undefined;
  closed = false;
  readonly #comms: Comms;

  constructor(id: string, targetName: string, comms: Comms) {
    this.id = id;
    this.targetName = targetName;
    this.#comms = comms;
  }

  send(data: JsonObject, options: CommSendOptions = {}): void {
    if (this.closed) throw new Error(`Cannot send on comm "${this.id}": it is closed`);
    this.#comms.send("comm_msg", { comm_id: this.id, data }, options);
  }

  close(data: JsonObject = {}): void {
    if (this.closed) return;
    this.closed = true;
    this.#comms.send("comm_close", { comm_id: this.id, data });
    this.#comms.remove(this.id);
  }
}

/** Exactly the bytes of a view, in memory of their own: a subarray must not send the whole of its buffer. */
function copyBytes(buffer: ArrayBufferView | ArrayBufferLike): Uint8Array<ArrayBuffer> {
  const bytes = ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  return copy;
}
