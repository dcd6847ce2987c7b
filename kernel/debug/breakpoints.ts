import type { Debugger } from "node:inspector";
import { pathToFileURL } from "node:url";
import type { MainThread } from "./main-thread.ts";

/** A place in JavaScript: a script by its URL, or by a pattern of URLs; line and column are 1-based. */
export interface ScriptPlace {
  readonly url?: string;
  readonly urlRegex?: string;
  readonly line: number;
  readonly column: number;
}

/** The lines at which code is to stop, by the path that a front end gives, and what the inspector has of them. */
export class Breakpoints {
  readonly #main: MainThread;
  readonly #lines = new Map<string, readonly number[]>();
  readonly #set = new Map<string, string[]>();

  constructor(main: MainThread) {
    this.#main = main;
  }

  /** The lines of a path. */
  of(path: string): readonly number[] {
    return this.#lines.get(path) ?? [];
  }

  /** All paths with their lines, as debugInfo tells them. */
  list(): { source: string; breakpoints: { line: number }[] }[] {
    return [...this.#lines].map(([source, lines]) => ({ source, breakpoints: lines.map((line) => ({ line })) }));
  }

  /** Gives a path other lines; `places` are where they are in JavaScript that is known already. */
  async replace(path: string, lines: readonly number[], places: readonly ScriptPlace[]): Promise<void> {
    const old = this.#set.get(path) ?? [];
    this.#set.delete(path);
    if (lines.length > 0) this.#lines.set(path, lines);
    else this.#lines.delete(path);
    await Promise.all(
      old.map((breakpointId) => this.#main.session.post("Debugger.removeBreakpoint", { breakpointId })),
    );
    await this.add(path, places);
  }

  /** Sets breakpoints of a path in more JavaScript, such as that of a cell which is about to run. */
  async add(path: string, places: readonly ScriptPlace[]): Promise<void> {
    const ids = await Promise.all(places.map((place) => this.#setAt(place)));
    this.#set.set(path, [...(this.#set.get(path) ?? []), ...ids.filter((id) => id !== undefined)]);
  }

  /** Forgets all; the inspector forgets its own when its debugger domain is disabled. */
  clear(): void {
    this.#lines.clear();
    this.#set.clear();
  }

  /** Undefined where there is one already: a cell may be prepared while its breakpoints are replaced. */
  async #setAt({ line, column, ...script }: ScriptPlace): Promise<string | undefined> {
    const place: Debugger.SetBreakpointByUrlParameterType = {
      ...script,
      lineNumber: line - 1,
      columnNumber: column - 1,
    };
    try {
      return (await this.#main.session.post("Debugger.setBreakpointByUrl", place)).breakpointId;
    } catch {
      return undefined;
    }
  }
}

/** The URLs of a local file, in all the versions that were imported. */
export function fileUrls(path: string): string {
  return `^${literally(pathToFileURL(path).href)}(\\?.*)?$`;
}

/** A pattern that matches a text as it stands. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
