import { readFileSync } from "node:fs";
import { Reply, Router, XPublisher } from "zeromq";
import { isFields, numberField, stringField } from "../protocol/message.ts";
import type { Signing } from "../protocol/wire.ts";

/** What Jupyter's connection file says. */
export interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly ports: { readonly shell: number; iopub: number; stdin: number; control: number; hb: number };
  readonly signing: Signing;
}

/** Reads a connection file. */
export function readConnection(file: string): Connection {
  const fields: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!isFields(fields)) throw new SyntaxError(`Cannot read connection file "${file}": it must hold a JSON object`);
  const port = (name: string) => numberField(fields, `${name}_port`, 0);
  return {
    transport: stringField(fields, "transport", "tcp"),
    ip: stringField(fields, "ip", "127.0.0.1"),
    ports: {
      shell: port("shell"),
      iopub: port("iopub"),
      stdin: port("stdin"),
      control: port("control"),
      hb: port("hb"),
    },
    signing: { key: stringField(fields, "key"), scheme: stringField(fields, "signature_scheme", "hmac-sha256") },
  };
}

const ZMQ_SUBSCRIBE = 6;
const ZMQ_UNSUBSCRIBE = 7;

/**
 * The publishing socket. Subscriptions count from the moment they are admitted here, not from that of ZeroMQ's own
 * thread: so nothing reaches a subscriber before its welcome.
 */
export class Publisher extends XPublisher {
  admit(topic: Buffer): void {
    this.setStringOption(ZMQ_SUBSCRIBE, topic);
  }

  dismiss(topic: Buffer): void {
    this.setStringOption(ZMQ_UNSUBSCRIBE, topic);
  }
}

/** The kernel's five sockets. */
export interface Sockets {
  readonly shell: Router;
  readonly control: Router;
  readonly stdin: Router;
  readonly iopub: Publisher;
  readonly heartbeat: Reply;
}

/** Binds the sockets; their queues are unlimited, because a message that is dropped is a result that is lost. */
export async function bindSockets({ transport, ip, ports }: Connection): Promise<Sockets> {
  const unlimited = { sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: 1000 };
  const router = { ...unlimited, handover: true };
  const sockets = {
    shell: new Router(router),
    control: new Router(router),
    stdin: new Router(router),
    iopub: new Publisher({ ...unlimited, manual: true }),
    heartbeat: new Reply(),
  };
  const address = (port: number) => `${transport}://${ip}${transport === "ipc" ? "-" : ":"}${port}`;
  await Promise.all([
    sockets.shell.bind(address(ports.shell)),
    sockets.control.bind(address(ports.control)),
    sockets.stdin.bind(address(ports.stdin)),
    sockets.iopub.bind(address(ports.iopub)),
    sockets.heartbeat.bind(address(ports.hb)),
  ]);
  return sockets;
}

/** Sends frame lists one after another: ZeroMQ sockets take one send at a time. */
export class SendQueue {
  readonly #socket: { send(frames: Buffer[]): Promise<void> };
  readonly #onError: (error: unknown) => void;
  #last: Promise<void> = Promise.resolve();

  constructor(socket: { send(frames: Buffer[]): Promise<void> }, onError: (error: unknown) => void) {
    this.#socket = socket;
    this.#onError = onError;
  }

  /**
   * Queues a message; resolves when ZeroMQ has it. Failures (a peer that is gone) are reported, not thrown.
   *
   * @param before What to do just before the message goes. Default: nothing.
   */
  send(frames: Buffer[], before?: () => void): Promise<void> {
    const send = () => {
      before?.();
      return this.#socket.send(frames);
    };
    this.#last = this.#last.then(send).catch(this.#onError);
    return this.#last;
  }

  /** Resolves when everything queued so far is with ZeroMQ. */
  drained(): Promise<void> {
    return this.#last;
  }
}
