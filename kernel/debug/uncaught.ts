import type { Debugger, Runtime } from "node:inspector";
import { isInTry } from "../language/index.ts";
import type { MainThread } from "./main-thread.ts";

/**
 * Whether an exception that has been thrown is inside no `try` of the user's: neither of a function on the stack nor of
 * one that awaits it. V8's own word cannot be used, because the kernel itself catches what a cell throws.
 */
export async function isUncaught(
  main: MainThread,
  event: Debugger.PausedEventDataType,
  isUsers: (file: string) => boolean,
): Promise<boolean> {
  for (const { scriptId, lineNumber, columnNumber } of placesOf(event)) {
    if (!isUsers((main.scripts.get(scriptId) ?? "").replace(/^file:\/\//, ""))) continue;
    const { scriptSource } = await main.session.post("Debugger.getScriptSource", { scriptId });
    if (isInTry(scriptSource, lineNumber + 1, columnNumber + 1)) return false;
  }
  return true;
}

/** The places of the stack, and of those that wait for it, innermost first. */
function placesOf({ callFrames, asyncStackTrace }: Debugger.PausedEventDataType): Omit<Runtime.CallFrame, "url">[] {
  const places = callFrames.map(({ functionName, location }) => {
    const { scriptId, lineNumber, columnNumber = 0 } = location;
    return { functionName, scriptId, lineNumber, columnNumber };
  });
  const waiting: Omit<Runtime.CallFrame, "url">[] = [];
  for (let trace = asyncStackTrace; trace; trace = trace.parent) waiting.push(...trace.callFrames);
  return [...places, ...waiting];
}
