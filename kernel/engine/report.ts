import { inspect } from "node:util";
import type { ErrorReport, StackFrame } from "../protocol/channel.ts";

const MAX_DEPTH = 4;
const MAX_MEMBERS = 10;
const FRAME = /^\s+at (?:async )?(?:(.*?) \()?(?:file:\/\/)?(.*?)(?:\?changed=[\d.]+)?:(\d+):(\d+)\)?$/;

/** Describes anything that was thrown, never throwing itself. */
export function reportError(thrown: unknown, depth = 0): ErrorReport {
  try {
    if (!isError(thrown)) return { name: "Uncaught", message: inspectThrown(thrown), frames: [] };
    const { cause } = thrown;
    const members = (thrown as { errors?: unknown }).errors;
    const deeper = depth < MAX_DEPTH;
    return {
      name: String(thrown.name || thrown.constructor?.name || "Error"),
      message: String(thrown.message),
      frames: parseStack(thrown.stack),
      ...(cause !== undefined && deeper && { cause: reportError(cause, depth + 1) }),
      ...(Array.isArray(members) &&
        deeper && { errors: members.slice(0, MAX_MEMBERS).map((member) => reportError(member, depth + 1)) }),
    };
  } catch {
    return { name: "Error", message: "Cannot describe what was thrown", frames: [] };
  }
}

/** Reads the frames of a V8 stack; lines that are none are left out. */
export function parseStack(stack: unknown): StackFrame[] {
  if (typeof stack !== "string") return [];
  return stack.split("\n").flatMap((text) => {
    const match = FRAME.exec(text);
    if (!match) return [];
    const [, name = "", file, line, column] = match;
    return [{ name, file: file!, line: Number(line), column: Number(column) }];
  });
}

function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

function inspectThrown(value: unknown): string {
  return typeof value === "string" ? value : inspect(value, { depth: 2, maxArrayLength: 20, maxStringLength: 1000 });
}
