import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { INTERRUPTED } from "../protocol/channel.ts";

/** What a command needs of the kernel. */
export interface ShellOptions {
  /** Given to the command as its input. Default: none. */
  readonly input?: string;
  /** Calls what stops the command when the user presses Stop; returns how to take that back. */
  onInterrupt(stop: () => void): () => void;
}

const KILL_AFTER_MS = 2000;
const SHELL = existsSync("/bin/bash") ? "/bin/bash" : "sh";

/**
 * Runs a command with what it prints going to the cell as it comes; resolves with its exit status. Stop interrupts it,
 * with all that it has started, as Ctrl-C would, and rejects once it has ended; what does not end within two seconds is
 * killed.
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  { input, onInterrupt }: ShellOptions,
): Promise<number> {
  const child = spawn(program, args, {
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    detached: true,
  });
  child.stdout!.setEncoding("utf8").on("data", (text: string) => process.stdout.write(text));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => process.stderr.write(text));
  child.stdin?.on("error", () => {}); // A command may end before it has read all.
  child.stdin?.end(input);
  let timer: NodeJS.Timeout | undefined;
  let interrupted = false;
  const release = onInterrupt(() => {
    interrupted = true;
    signal(child.pid, "SIGINT");
    timer = setTimeout(() => signal(child.pid, "SIGKILL"), KILL_AFTER_MS);
  });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on("error", (error) => reject(new Error(`Cannot run "${program}": ${error.message}`)));
      child.on("close", (status) => (interrupted ? reject(stopped()) : resolve(status ?? 1)));
    });
  } finally {
    clearTimeout(timer);
    release();
  }
}

/** The error of a cell whose command the user has stopped. */
function stopped(): Error {
  return Object.assign(new Error(INTERRUPTED.message), { name: INTERRUPTED.name });
}

/** Runs a line of shell. */
export function runShell(command: string, options: ShellOptions): Promise<number> {
  return runCommand(SHELL, ["-c", command], options);
}

/** Signals a command and what it has started. */
function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
