import type { MessagePort } from "node:worker_threads";
import type { Fields } from "./message.ts";

/*
 * What the two threads of the kernel tell each other. The front (worker) owns the sockets, the queue and the language
 * session; the engine (main thread) owns the user's values. Parents travel as JSON text: the header of the request
 * whose output this is. Buffers are moved, not copied.
 */

/** Code that the language session has checked and transformed. */
export interface PreparedCode {
  /** Name used in stack traces. */
  readonly file: string;
  /** A function expression `async ($import, $result, $box, …boxes) => {…}`. */
  readonly js: string;
  /** The names whose boxes it takes, in order. */
  readonly names: readonly string[];
}

/** From front to engine. */
export type ToEngine =
  | {
      readonly type: "execute";
      readonly id: number;
      readonly parent: string;
      readonly code: PreparedCode;
      readonly executionCount: number;
      readonly silent: boolean;
      readonly allowStdin: boolean;
    }
  /** Evaluate a user expression in the session, answered by `evaluated`. */
  | { readonly type: "evaluate"; readonly id: number; readonly parent: string; readonly code: PreparedCode }
  | {
      readonly type: "comm";
      readonly serial: number;
      readonly parent: string;
      readonly messageType: "comm_open" | "comm_msg" | "comm_close";
      readonly content: Fields;
      readonly metadata: Fields;
      readonly buffers: readonly Uint8Array[];
    }
  /** `id`: the execution meant, undefined when none runs. `terminated`: synchronous code was stopped by the debugger interface before this message could be read. */
  | {
      readonly type: "interrupt";
      readonly serial: number;
      readonly id: number | undefined;
      readonly terminated: boolean;
    }
  | { readonly type: "input"; readonly serial: number; readonly value: string }
  | { readonly type: "shutdown"; readonly restart: boolean };

/** From engine to front. */
export type ToFront =
  | { readonly type: "stream"; readonly parent: string; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly type: "publish";
      readonly parent: string;
      readonly messageType: string;
      readonly content: string;
      readonly metadata: string;
      readonly buffers: readonly Uint8Array[];
      /** What the message says the newest of: while it waits to be sent, a newer one takes its place. */
      readonly newestOf?: string | undefined;
    }
  | { readonly type: "comms"; readonly id: string; readonly targetName: string | undefined }
  | { readonly type: "comm-done"; readonly serial: number }
  | { readonly type: "done"; readonly id: number; readonly error?: ErrorReport }
  | { readonly type: "evaluated"; readonly id: number; readonly bundle?: Fields; readonly error?: ErrorReport }
  /** An error nobody awaits: shown on the stderr of the cell that caused it. */
  | { readonly type: "stray-error"; readonly parent: string; readonly what: string; readonly error: ErrorReport }
  | { readonly type: "interrupted"; readonly serial: number }
  /** Something for the front end to do when it has the reply, such as to fill the next cell. */
  | { readonly type: "payload"; readonly parent: string; readonly payload: Fields }
  /** The session's names are gone. */
  | { readonly type: "reset" }
  | {
      readonly type: "input-request";
      readonly serial: number;
      readonly parent: string;
      readonly prompt: string;
      readonly password: boolean;
      /** Where a thread that does not read its messages waits for the answer. */
      readonly blocked?: BlockedInput;
    };

/** How a synchronous question is answered: by a message on the port, then a 1 in the signal. */
export interface BlockedInput {
  readonly port: MessagePort;
  readonly signal: Int32Array<SharedArrayBuffer>;
}

/** An error as the engine saw it; the front turns positions into cell lines. */
export interface ErrorReport {
  readonly name: string;
  readonly message: string;
  readonly frames: readonly StackFrame[];
  /** Where the cell was, for errors whose frames do not reach it. */
  readonly mark?: CellMark;
  readonly cause?: ErrorReport;
  /** The members of an AggregateError. */
  readonly errors?: readonly ErrorReport[];
}

/** Frames that a stack keeps: those that end in a library before they reach the cell help nobody. */
export const MAX_STACK_FRAMES = 50;

/** What a cell was doing: the mark that its code, as the language session made it, has passed last. */
export interface CellMark {
  /** Name of the cell's code in stack traces. */
  readonly file: string;
  readonly at: number;
}

/** One line of a stack; lines and columns are 1-based, in the generated code. */
export interface StackFrame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** How a cell ends that the user stopped. */
export const INTERRUPTED: ErrorReport = { name: "Interrupted", message: "The cell was stopped", frames: [] };
