import type { Debugger as Cdp } from "node:inspector";
import type { Cells } from "../front/cells.ts";
import type { LanguageSession } from "../language/index.ts";
import { type Fields, isFields, numberField, objectField, stringField } from "../protocol/message.ts";
import { Breakpoints } from "./breakpoints.ts";
import { CELL_PATHS, cellPath } from "./cell-files.ts";
import type { MainThread, Watcher } from "./main-thread.ts";
import { DebugError, type DebugEvent, type DebugRequest, IDENTIFIER, THREAD } from "./protocol.ts";
import { SessionAccess } from "./session-access.ts";
import { NOT_USERS, Sources } from "./sources.ts";
import { Stack } from "./stack.ts";
import { isUncaught } from "./uncaught.ts";
import { Variables } from "./variables.ts";

const FILTERS = [
  { filter: "caught", label: "All exceptions", description: "Stop wherever an exception is thrown", default: false },
  {
    filter: "uncaught",
    label: "Uncaught exceptions",
    description: "Stop where one is thrown outside every try",
    default: false,
  },
];

/** Functions that await one another, up to this many, are searched for a `try`. */
const ASYNC_DEPTH = 16;

type Answer = Promise<object> | object;

/** What makes held code go on. */
type Step = "Debugger.stepOver" | "Debugger.stepInto" | "Debugger.stepOut" | "Debugger.resume";

/**
 * Answers debug requests (the Debug Adapter Protocol with Jupyter's additions) from the inspector: breakpoints in cells
 * and local files, the stack, variables, evaluation, steps.
 */
export class Debugger implements Watcher {
  readonly #main: MainThread;
  readonly #session: Promise<LanguageSession>;
  readonly #cells: Cells;
  readonly #emit: (event: DebugEvent) => void;
  readonly #breakpoints: Breakpoints;
  readonly #variables: Variables;
  readonly #access: SessionAccess;
  readonly #sources: Sources;
  #stack: Stack | undefined;
  /** Whether a front end has initialized: what Jupyter calls started. */
  #initialized = false;
  #started = false;
  #isStopped = false;
  #isAskedToPause = false;
  /** Whether stops at exceptions are for those only that nothing of the user's catches. */
  #uncaughtOnly = false;
  #seq = 0;
  #inspected: Promise<unknown> = Promise.resolve();
  /** The last attaching or detaching; what is asked after it is answered after it. */
  #switched: Promise<unknown> = Promise.resolve();

  constructor(options: {
    main: MainThread;
    session: Promise<LanguageSession>;
    cells: Cells;
    emit: (event: DebugEvent) => void;
  }) {
    this.#main = options.main;
    this.#session = options.session;
    this.#cells = options.cells;
    this.#emit = options.emit;
    this.#sources = new Sources(this.#cells, this.#session);
    this.#breakpoints = new Breakpoints(this.#main);
    this.#variables = new Variables(this.#main);
    this.#access = new SessionAccess(this.#main, this.#session);
  }

  /** Answers the content of a debug_request with that of the debug_reply. */
  async answer(content: Fields): Promise<object> {
    const command = stringField(content, "command");
    const seq = numberField(content, "seq", 0);
    const reply = { type: "response", seq: ++this.#seq, request_seq: seq, command };
    try {
      const handler = Object.hasOwn(this.#handlers, command) ? this.#handlers[command] : undefined;
      if (!handler) throw new DebugError(`Cannot answer "${command}": the kernel's debugger does not know it`);
      const body = this.#switched.then(() => handler({ command, seq, arguments: objectField(content, "arguments") }));
      if (command === "attach" || command === "disconnect") this.#switched = body.catch(() => {});
      return { ...reply, success: true, body: await body };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { ...reply, success: false, message, body: EMPTY_BODIES[command] ?? {} };
    }
  }

  /** Sets the breakpoints of a cell in the JavaScript that is about to run. */
  async prepare(code: string, file: string): Promise<void> {
    const path = cellPath(code);
    const lines = this.#started ? this.#breakpoints.of(path) : [];
    if (lines.length > 0) await this.#breakpoints.add(path, await this.#sources.placesIn(file, lines));
  }

  paused(event: Cdp.PausedEventDataType): void {
    void this.#onPaused(event).catch(() => this.#main.session.post("Debugger.resume"));
  }

  resumed(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#stack?.clear();
    this.#variables.clear();
    this.#event("continued", { threadId: THREAD.id, allThreadsContinued: true });
  }

  readonly #handlers: { readonly [command: string]: (request: DebugRequest) => Answer } = {
    initialize: () => this.#initialize(),
    attach: () => this.#attach(),
    configurationDone: () => ({}),
    disconnect: () => this.#disconnect(),
    debugInfo: () => this.#info(),
    dumpCell: ({ arguments: { code } }) => ({ sourcePath: this.#sources.dump(String(code ?? "")) }),
    setBreakpoints: (request) => this.#setBreakpoints(request.arguments),
    setExceptionBreakpoints: (request) => this.#setExceptionBreakpoints(request.arguments),
    source: async ({ arguments: { source } }) => ({
      content: await this.#sources.text(pathOf(source)),
      mimeType: "text/x-typescript",
    }),
    threads: () => ({ threads: [THREAD] }),
    stackTrace: (request) => this.#stackTrace(request.arguments),
    scopes: async ({ arguments: { frameId } }) => {
      if (!this.#stack) throw notStopped("scopes");
      return { scopes: await this.#stack.scopes(Number(frameId), this.#variables, this.#access) };
    },
    variables: async (request) => ({
      variables: await this.#variables.below(numberField(request.arguments, "variablesReference", 0)),
    }),
    evaluate: (request) => this.#evaluate(request.arguments),
    inspectVariables: () => this.#inspectVariables(),
    richInspectVariables: (request) => this.#richInspect(request.arguments),
    copyToGlobals: (request) => this.#copyToGlobals(request.arguments),
    modules: () => this.#modules(),
    next: () => this.#go("Debugger.stepOver"),
    stepIn: () => this.#go("Debugger.stepInto"),
    stepOut: () => this.#go("Debugger.stepOut"),
    continue: async () => ({ ...(await this.#go("Debugger.resume")), allThreadsContinued: true }),
    pause: () => this.#pause(),
  };

  #initialize(): object {
    this.#initialized = true;
    return {
      supportsConfigurationDoneRequest: true,
      supportsModulesRequest: true,
      supportsEvaluateForHovers: true,
      exceptionBreakpointFilters: FILTERS,
      supportsExceptionInfoRequest: false,
      supportsSetVariable: false,
      supportsConditionalBreakpoints: false,
    };
  }

  async #attach(): Promise<object> {
    this.#stack = new Stack(this.#main, this.#cells, await this.#session);
    await this.#main.watch(this);
    await this.#main.session.post("Debugger.setBlackboxPatterns", { patterns: NOT_USERS });
    this.#started = true;
    this.#event("initialized", {});
    return {};
  }

  async #disconnect(): Promise<object> {
    this.#initialized = false;
    this.#started = false;
    this.#breakpoints.clear();
    await this.#main.session.post("Debugger.setPauseOnExceptions", { state: "none" }).catch(() => undefined);
    await this.#main.watch(undefined);
    this.resumed();
    this.#variables.clear();
    this.#event("terminated", {});
    return {};
  }

  #info(): object {
    return {
      ...CELL_PATHS,
      isStarted: this.#initialized,
      breakpoints: this.#breakpoints.list(),
      stoppedThreads: this.#isStopped ? [THREAD.id] : [],
      richRendering: true,
      copyToGlobals: true,
      exceptionPaths: [],
    };
  }

  async #setBreakpoints(given: Fields): Promise<object> {
    this.#checkStarted("set breakpoints");
    const path = pathOf(given.source);
    const asked = Array.isArray(given.breakpoints) ? given.breakpoints.filter(isFields) : [];
    const wanted = asked.map((breakpoint) => numberField(breakpoint, "line", 1));
    const lines = await this.#sources.stops(path, wanted);
    const distinct = [...new Set(lines.filter((line) => line !== undefined))];
    await this.#breakpoints.replace(path, distinct, await this.#sources.places(path, distinct));
    const breakpoints = lines.map((line, index) =>
      line === undefined
        ? { verified: false, line: wanted[index], message: "There is no code to stop at" }
        : { verified: true, line, source: { path } },
    );
    return { breakpoints };
  }

  async #setExceptionBreakpoints({ filters }: Fields): Promise<object> {
    this.#checkStarted("set exception breakpoints");
    const chosen = Array.isArray(filters) ? filters : [];
    const { session } = this.#main;
    this.#uncaughtOnly = !chosen.includes("caught");
    const state = chosen.includes("caught") || chosen.includes("uncaught") ? "all" : "none";
    await session.post("Debugger.setPauseOnExceptions", { state });
    await session.post("Debugger.setAsyncCallStackDepth", { maxDepth: state === "all" ? ASYNC_DEPTH : 0 });
    return {};
  }

  #stackTrace(given: Fields): object {
    const frames = this.#stack?.frames ?? [];
    const start = numberField(given, "startFrame", 0);
    const count = numberField(given, "levels", 0) || frames.length;
    return { stackFrames: frames.slice(start, start + count), totalFrames: frames.length };
  }

  async #evaluate(given: Fields): Promise<object> {
    const expression = stringField(given, "expression");
    const place = await this.#stack?.place(given.frameId, this.#variables);
    const value = await this.#access.evaluate(expression, place);
    const { value: result, variablesReference } = this.#variables.variable("", value);
    return { result, variablesReference };
  }

  /** One inspection after another: each lets go of the objects of the one before, which must have been read by then. */
  #inspectVariables(): Promise<object> {
    const inspected = this.#inspected.then(() => this.#inspect());
    this.#inspected = inspected.catch(() => {});
    return inspected;
  }

  async #inspect(): Promise<object> {
    if (!this.#isStopped) this.#variables.clear();
    const reference = this.#variables.referToVariables(await this.#access.variables());
    return { variables: await this.#variables.below(reference) };
  }

  async #richInspect(given: Fields): Promise<object> {
    const name = stringField(given, "variableName");
    if (!IDENTIFIER.test(name)) return { data: {}, metadata: {} };
    return this.#access.rich(name, await this.#stack?.place(given.frameId, this.#variables));
  }

  async #copyToGlobals(given: Fields): Promise<object> {
    const [from, to] = [stringField(given, "srcVariableName"), stringField(given, "dstVariableName")];
    for (const name of [from, to]) {
      if (!IDENTIFIER.test(name))
        throw new DebugError(`Cannot copy: a name must be an identifier: current value is "${name}"`);
    }
    const place = await this.#stack?.place(given.srcFrameId, this.#variables);
    const { value, variablesReference } = this.#variables.variable(to, await this.#access.copy(from, to, place));
    return { value, variablesReference };
  }

  #modules(): object {
    const modules = this.#sources.modules(this.#main.scripts.values());
    return { modules, totalModules: modules.length };
  }

  async #go(method: Step): Promise<object> {
    if (!this.#isStopped) throw notStopped("go on");
    await this.#step(method);
    return {};
  }

  async #pause(): Promise<object> {
    this.#checkStarted("pause");
    this.#isAskedToPause = true;
    await this.#main.session.post("Debugger.pause");
    return {};
  }

  /** Tells of a stop, unless it is at a place that only the kernel sees: then the code goes on to the next of the user's. */
  async #onPaused(event: Cdp.PausedEventDataType): Promise<void> {
    const isUsers = this.#stack?.read(event) ?? false;
    if (!isUsers) return this.#step(event.callFrames.length > 1 ? "Debugger.stepOut" : "Debugger.resume");
    if (isException(event) && this.#uncaughtOnly && !(await this.#isUncaught(event)))
      return this.#step("Debugger.resume");
    if (!isException(event) && (await this.#isAtMark(event.callFrames[0]!))) return this.#step("Debugger.stepOver");
    this.#isStopped = true;
    const reason = this.#isAskedToPause ? { reason: "pause" } : reasonOf(event);
    this.#isAskedToPause = false;
    this.#event("stopped", { ...reason, threadId: THREAD.id, allThreadsStopped: true });
  }

  #isUncaught(event: Cdp.PausedEventDataType): Promise<boolean> {
    return isUncaught(this.#main, event, (file) => file !== "" && !this.#cells.isInternal(file));
  }

  /** Whether the statement that is about to run is one that the rewriting has put there. */
  async #isAtMark({ location }: Cdp.CallFrame): Promise<boolean> {
    const file = this.#main.scripts.get(location.scriptId) ?? "";
    const text = (await this.#session).lineOf(file, location.lineNumber + 1).slice(location.columnNumber ?? 0);
    return /^\$+return\.(at|has) = /.test(text);
  }

  async #step(method: Step): Promise<void> {
    // The inspector's overloads have no union of methods.
    const session: { post(method: Step): Promise<unknown> } = this.#main.session;
    await session.post(method);
  }

  #checkStarted(what: string): void {
    if (!this.#started) throw new DebugError(`Cannot ${what}: the debugger must be attached`);
  }

  #event(event: DebugEvent["event"], body: object): void {
    this.#emit({ type: "event", seq: ++this.#seq, event, body });
  }
}

/** What a front end may read of a reply that failed. */
const EMPTY_BODIES: { readonly [command: string]: object } = {
  setBreakpoints: { breakpoints: [] },
  scopes: { scopes: [] },
  variables: { variables: [] },
  inspectVariables: { variables: [] },
  richInspectVariables: { data: {}, metadata: {} },
};

function isException({ reason }: Cdp.PausedEventDataType): boolean {
  return reason === "exception" || reason === "promiseRejection";
}

function reasonOf(event: Cdp.PausedEventDataType): { reason: string; text?: string } {
  const { data, hitBreakpoints = [] } = event;
  if (!isException(event)) return { reason: hitBreakpoints.length > 0 ? "breakpoint" : "step" };
  const { description = "" } = (data ?? {}) as { description?: string };
  return { reason: "exception", text: description.split("\n")[0] ?? "" };
}

function pathOf(source: unknown): string {
  return isFields(source) ? stringField(source, "path") : "";
}

function notStopped(what: string): DebugError {
  return new DebugError(`Cannot ${what}: the code must be stopped`);
}
