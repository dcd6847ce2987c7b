import type { Debugger } from "node:inspector";
import { basename } from "node:path";
import type { Cells } from "../front/cells.ts";
import type { LanguageSession } from "../language/index.ts";
import { cellPath } from "./cell-files.ts";
import type { MainThread } from "./main-thread.ts";
import { DebugError, type Frame, IDENTIFIER } from "./protocol.ts";
import type { Place, SessionAccess } from "./session-access.ts";
import type { Variables } from "./variables.ts";

/** Scopes of a function that hold what its author would call local. */
const LOCAL_SCOPES = new Set(["local", "block", "catch", "with", "eval"]);

/** The groups in which variables are shown; what an inner one has hides the same name in an outer one. */
const GROUPS = [
  ["Locals", (type: string) => LOCAL_SCOPES.has(type)],
  ["Closure", (type: string) => type === "closure" || type === "module" || type === "script"],
] as const;

/** A scope as a front end lists it. */
interface Scope {
  readonly name: string;
  readonly variablesReference: number;
  readonly expensive: boolean;
}

const scope = (name: string, variablesReference: number): Scope => ({ name, variablesReference, expensive: false });

interface Held {
  readonly frame: Frame;
  readonly call: Debugger.CallFrame;
  /** Whether a name is one that the rewriting has given to the cell's function. */
  readonly hides: (name: string) => boolean;
}

/** The stack of the held thread: the user's frames only, each at its place in a cell or in a file. */
export class Stack {
  readonly #main: MainThread;
  readonly #cells: Cells;
  readonly #session: LanguageSession;
  readonly #held = new Map<number, Held>();
  #last = 0;

  constructor(main: MainThread, cells: Cells, session: LanguageSession) {
    this.#main = main;
    this.#cells = cells;
    this.#session = session;
  }

  /** Reads the stack of a pause; whether there is anything of the user's on its top. */
  read({ callFrames }: Debugger.PausedEventDataType): boolean {
    this.#held.clear();
    const held = callFrames.map((call) => this.#hold(call));
    for (const each of held) if (each) this.#held.set(each.frame.id, each);
    return held[0] !== undefined;
  }

  clear(): void {
    this.#held.clear();
  }

  get frames(): Frame[] {
    return [...this.#held.values()].map(({ frame }) => frame);
  }

  /** Local variables, those of enclosing functions, and the notebook's; scopes without any are left out. */
  async scopes(id: number, variables: Variables, access: SessionAccess): Promise<Scope[]> {
    const { call, hides } = this.#find(id);
    const idsOf = (isShown: (type: string) => boolean) =>
      call.scopeChain.flatMap(({ type, object }) => (isShown(type) && object.objectId ? [object.objectId] : []));
    const scopes: Scope[] = [];
    const taken = new Set<string>();
    for (const [name, isShown] of GROUPS) {
      const found = await variables.names(idsOf(isShown));
      const names = [...found].filter((each) => IDENTIFIER.test(each) && !hides(each) && !taken.has(each));
      for (const each of names) taken.add(each);
      if (names.length > 0) scopes.push(scope(name, variables.referToFrame(call.callFrameId, names)));
    }
    return [...scopes, scope("Notebook", variables.referToVariables(await access.variables()))];
  }

  /** Where to evaluate: in a frame; undefined for the session. */
  async place(id: unknown, variables: Variables): Promise<Place | undefined> {
    const held = typeof id === "number" ? this.#held.get(id) : undefined;
    if (!held) return undefined;
    const { call, hides } = held;
    const scopes = call.scopeChain
      .filter(({ type }) => type !== "global")
      .flatMap(({ object }) => object.objectId ?? []);
    const names = await variables.names(scopes);
    return { callFrameId: call.callFrameId, isLocal: (name) => names.has(name) && !hides(name) };
  }

  #find(id: number): Held {
    const held = this.#held.get(id);
    if (!held) throw new DebugError("Cannot look into the frame: the code that it belongs to has gone on");
    return held;
  }

  #hold(call: Debugger.CallFrame): Held | undefined {
    const at = this.#main.stackFrame(call);
    const position = this.#cells.position(at);
    const cell = position && this.#cells.source(position.cell);
    const isOurs = at.file === "" || this.#cells.isInternal(at.file) || /photonbook-cell-\d+\.js$/.test(at.file);
    if (!cell && isOurs) return undefined;
    const path = cell ? cellPath(cell.code) : at.file.replace(/\?changed=.*$/, "");
    const source = { name: cell ? `Cell ${cell.label}` : basename(path), path };
    const { line, column } = position ?? at;
    const prefix = this.#session.ownPrefix(at.file);
    const name = call.functionName === "" ? (cell ? source.name : "(anonymous)") : call.functionName;
    const hides = (variable: string) => prefix !== undefined && variable.startsWith(prefix);
    return { frame: { id: ++this.#last, name, line, column, source }, call, hides };
  }
}
