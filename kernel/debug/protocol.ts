import type { Fields } from "../protocol/message.ts";

/*
 * The part of the Debug Adapter Protocol that travels in debug_request, debug_reply and debug_event. Requests are not
 * trusted; what we answer is typed.
 */

/** A request, read from the content of a debug_request. */
export interface DebugRequest {
  readonly seq: number;
  readonly command: string;
  readonly arguments: Fields;
}

/** What the debugger tells by itself. */
export interface DebugEvent {
  readonly type: "event";
  readonly seq: number;
  readonly event: "initialized" | "stopped" | "continued" | "terminated";
  readonly body: object;
}

/**
 * One line of a list of variables; those with a reference can be expanded. The value says the type where it is worth
 * saying: JupyterLab shows a type that it does not know in place of the value.
 */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly variablesReference: number;
  readonly evaluateName?: string;
}

/** One frame of the stack; lines and columns are 1-based. */
export interface Frame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly source: { readonly name: string; readonly path: string };
}

/** A name that can be read as a variable. */
export const IDENTIFIER = /^(?!(?:this|arguments)$)[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** The only thread that a debugger sees: the one that runs cells. */
export const THREAD = { id: 1, name: "cells" } as const;

/** A request that cannot be answered; the message is for the user. */
export class DebugError extends Error {
  override readonly name = "DebugError";
}
