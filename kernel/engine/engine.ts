import { type ErrorReport, INTERRUPTED, type ToEngine } from "../protocol/channel.ts";
import type { Fields } from "../protocol/message.ts";
import { Comms, type Post } from "./comms.ts";
import { type Context, Contexts, createContext, messageContext } from "./context.ts";
import { installDebugAccess } from "./debug-access.ts";
import { bundleOf, inspectBounded } from "./display.ts";
import { CellResult, Evaluator } from "./evaluate.ts";
import { HOST, type JsonObject, type KernelHost, type MimeBundle } from "./host.ts";
import { createCellRequire, createImport } from "./importer.ts";
import { createDisplay, createInputs, InputRequests, ShownDisplay } from "./interaction.ts";
import { Magics } from "./magics.ts";
import { Redirects } from "./redirect.ts";
import { reportError } from "./report.ts";
import { captureStreams } from "./streams.ts";
import { describeVariable, type VariableInfo } from "./variables.ts";

type Execute = Extract<ToEngine, { type: "execute" }>;

/** A cell that has started and not settled. */
interface Execution {
  readonly id: number;
  readonly context: Context;
  /** Name of its code in stack traces. */
  readonly file: string;
  readonly result: CellResult;
  interrupts: number;
}

/**
 * The engine: evaluates cells on the main thread and gives what they print, show and send to the front.
 *
 * Synchronous code can be terminated at any moment (the Stop button), and termination unwinds the engine's own frames
 * with the user's. So no state here relies on `finally`: a cell is settled by whoever comes first, its own promise or
 * the interrupt that follows the termination.
 */
export class Engine {
  readonly #post: Post;
  readonly #contexts = new Contexts();
  readonly #evaluator: Evaluator;
  readonly #comms: Comms;
  readonly #redirects: Redirects;
  /** Comm messages that are not done, by serial number. */
  readonly #handling = new Set<number>();
  readonly #inputs: InputRequests;
  readonly #prelude: Promise<string | undefined>;
  readonly #stops = new Set<() => void>();
  #warned = false;
  /** The cells that run, one of each shell at most. */
  readonly #executions = new Map<number, Execution>();
  /** The user expressions that are being evaluated. */
  readonly #evaluating = new Set<number>();

  constructor(options: { notebookDir: string; prelude: string | undefined; post: Post }) {
    this.#post = options.post;
    const importModule = createImport(options.notebookDir);
    this.#evaluator = new Evaluator(importModule);
    installDebugAccess(this.#evaluator);
    this.#comms = new Comms(this.#post, this.#contexts);
    this.#redirects = new Redirects(this.#contexts);
    this.#inputs = new InputRequests(this.#post);
    captureStreams((name, text) => this.#writeStream(name, text));
    this.#installGlobals(options.notebookDir);
    process.on("uncaughtException", (error) => this.#reportStray("Error in a callback", error));
    process.on("unhandledRejection", (reason) => this.#reportStray("Unhandled rejection", reason));
    this.#prelude = this.#loadPrelude(options.prelude);
  }

  /** Handles a message of the front. */
  receive(message: ToEngine): void {
    switch (message.type) {
      case "execute":
        this.#execute(message);
        break;
      case "evaluate":
        this.#evaluateExpression(message);
        break;
      case "comm":
        this.#receiveComm(message);
        break;
      case "interrupt":
        this.#interrupt(message);
        break;
      case "input":
        this.#inputs.answer(message.serial, message.value);
        break;
      case "shutdown":
        process.exit(0);
    }
  }

  #execute(message: Execute): void {
    const context = createContext(message.parent, message);
    const { file } = message.code;
    const execution: Execution = { id: message.id, context, file, result: new CellResult(), interrupts: 0 };
    this.#executions.set(message.id, execution);
    this.#contexts.runCell(context, () => {
      this.#run(message, execution).then(
        // A rejection that nobody handles is reported after the microtasks: it belongs before the end of the cell.
        () => setImmediate(() => this.#settle(execution)),
        (error) => this.#settle(execution, reportError(error)),
      );
    });
  }

  async #run(message: Execute, execution: Execution): Promise<void> {
    await this.#warnOfPrelude();
    const { result } = execution;
    await this.#evaluator.evaluate(message.code, result);
    if (!this.#executions.has(message.id)) return;
    if (result.has && !message.silent && isShown(result.v)) {
      const bundle = await bundleOf(result.v);
      if (!this.#executions.has(message.id)) return;
      this.#publish("execute_result", {
        execution_count: message.executionCount,
        data: bundle.data,
        metadata: bundle.metadata ?? {},
      });
    }
    while (execution.context.displays.size > 0) await Promise.all(execution.context.displays);
  }

  #settle(execution: Execution, error?: ErrorReport): void {
    const { id, context, file, result } = execution;
    if (!this.#executions.delete(id)) return;
    for (const action of context.endings) this.#contexts.run(context, action);
    const marked = error && result.at !== undefined ? { ...error, mark: { file, at: result.at } } : error;
    this.#post({ type: "done", id, ...(marked && { error: marked }) });
  }

  #evaluateExpression(message: Extract<ToEngine, { type: "evaluate" }>): void {
    const { id } = message;
    this.#evaluating.add(id);
    this.#contexts.run(createContext(message.parent), () => {
      this.#expressionBundle(message).then(
        (bundle) => this.#evaluated(id, { bundle }),
        (error) => this.#evaluated(id, { error: reportError(error) }),
      );
    });
  }

  async #expressionBundle({ code }: Extract<ToEngine, { type: "evaluate" }>): Promise<Fields> {
    const result = new CellResult();
    await this.#evaluator.evaluate(code, result);
    const { data, metadata = {} } = await bundleOf(result.v);
    return JSON.parse(JSON.stringify({ data, metadata }));
  }

  #evaluated(id: number, result: { bundle: Fields } | { error: ErrorReport }): void {
    if (!this.#evaluating.delete(id)) return;
    this.#post({ type: "evaluated", id, ...result });
  }

  #receiveComm(message: Extract<ToEngine, { type: "comm" }>): void {
    const { serial } = message;
    const context = messageContext(message.parent);
    this.#handling.add(serial);
    this.#redirects.handle(
      context,
      () => this.#commDone(serial),
      () => {
        try {
          const { content, metadata, buffers } = message;
          const data = (content.data ?? {}) as JsonObject;
          this.#comms.receive(message.messageType, content, { data, metadata: metadata as JsonObject, buffers });
        } catch (error) {
          this.#reportStray("Error in a comm's handler", error);
        }
      },
    );
  }

  #commDone(serial: number): void {
    if (this.#handling.delete(serial)) this.#post({ type: "comm-done", serial });
  }

  /** Ends the cell, or asks its long work to end: see KernelHost.onInterrupt. */
  #interrupt({ serial, id, terminated }: Extract<ToEngine, { type: "interrupt" }>): void {
    this.#post({ type: "interrupted", serial });
    // What was stopped, or waits for what may never come, must not hold the front end's sliders.
    for (const message of this.#handling) this.#commDone(message);
    if (id !== undefined) this.#evaluated(id, { error: INTERRUPTED });
    const execution = id === undefined ? undefined : this.#executions.get(id);
    if (!execution && (id !== undefined || terminated || this.#executions.size > 0)) return;
    const stops = [...(execution?.context.stops ?? this.#stops)];
    if (execution && (terminated || stops.length === 0 || execution.interrupts++ > 0)) {
      this.#inputs.cancel();
      this.#settle(execution, INTERRUPTED);
      return;
    }
    for (const stop of stops) {
      try {
        stop();
      } catch (error) {
        this.#reportStray("Error in an interrupt handler", error);
      }
    }
  }

  #installGlobals(notebookDir: string): void {
    const host: KernelHost = {
      openComm: (targetName, options) => this.#comms.open(targetName, options),
      registerCommTarget: (targetName, onOpen) => this.#comms.register(targetName, onOpen),
      display: (bundle, options) => this.#display(bundle, options),
      show: (value) => void (isShown(value) && display(value)),
      clearOutput: (options) => this.#publish("clear_output", { wait: options?.wait ?? false }),
      onInterrupt: (stop) => this.#onInterrupt(stop),
      bind: (listener) => this.#contexts.bind(listener),
      redirect: (target, work) => this.#redirects.run(target, work),
      reportError: (what, error) => this.#reportStray(what, error),
    };
    const contexts = this.#contexts;
    const display = createDisplay(host, contexts, (what, error) => this.#reportStray(what, error));
    const globals = {
      [HOST]: host,
      display,
      clearOutput: host.clearOutput,
      ...createInputs(this.#inputs, contexts),
      require: createCellRequire(notebookDir),
      photonbook$magics: this.#createMagics(notebookDir, host),
    };
    for (const key of Reflect.ownKeys(globals)) {
      const value = (globals as Record<string | symbol, unknown>)[key];
      Object.defineProperty(globalThis, key, { value, configurable: true, writable: true, enumerable: false });
    }
  }

  #createMagics(notebookDir: string, host: KernelHost): Magics {
    return new Magics({
      notebookDir,
      show: (data) => host.display({ data }),
      onInterrupt: host.onInterrupt,
      variables: () => this.variables(),
      reset: () => {
        const { length } = this.variables();
        this.#evaluator.reset();
        this.#post({ type: "reset" });
        return length;
      },
      setNextInput: (text) => {
        const { parent } = this.#contexts.current();
        this.#post({ type: "payload", parent, payload: { source: "set_next_input", text, replace: true } });
      },
      atEnd: (action) => void this.#contexts.current().endings.push(action),
    });
  }

  /** The names that cells have given values, with what lists of variables say of them. */
  variables(): VariableInfo[] {
    return this.#evaluator.userBoxes().map(([name, value]) => describeVariable(name, value));
  }

  #display(bundle: MimeBundle, options: { displayId?: string; update?: boolean } = {}): void {
    this.#publish(options.update ? "update_display_data" : "display_data", {
      data: bundle.data,
      metadata: bundle.metadata ?? {},
      transient: options.displayId === undefined ? {} : { display_id: options.displayId },
    });
  }

  #onInterrupt(stop: () => void): () => void {
    const { stops } = this.#contexts.current();
    stops.add(stop);
    this.#stops.add(stop);
    return () => {
      stops.delete(stop);
      this.#stops.delete(stop);
    };
  }

  #publish(messageType: string, content: JsonObject | object): void {
    const { parent, silent } = this.#redirects.turn();
    if (silent) return;
    this.#post({ type: "publish", parent, messageType, content: JSON.stringify(content), metadata: "{}", buffers: [] });
  }

  #writeStream(name: "stdout" | "stderr", text: string): void {
    const { parent, silent } = this.#redirects.turn();
    if (!silent) this.#post({ type: "stream", parent, name, text });
  }

  #reportStray(what: string, error: unknown): void {
    const { parent, silent } = this.#redirects.turn();
    if (!silent) this.#post({ type: "stray-error", parent, what, error: reportError(error) });
  }

  /** Fills the boxes of the names in scope of every cell. */
  async #loadPrelude(prelude: string | undefined): Promise<string | undefined> {
    if (prelude === undefined) return undefined;
    try {
      const names = (await import(prelude)) as Record<string, unknown>;
      for (const [name, value] of Object.entries(names)) this.#evaluator.definePrelude(name, value);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : inspectBounded(error);
    }
  }

  /** Waits for the prelude; says so on the stderr of the first cell when it could not be loaded. */
  async #warnOfPrelude(): Promise<void> {
    const failure = await this.#prelude;
    if (failure === undefined || this.#warned) return;
    this.#warned = true;
    this.#writeStream("stderr", `Cannot load Photonbook's library, so its names are not in scope: ${failure}\n`);
  }
}

/** Whether a cell's last value is worth a result: `undefined` is none, and what `display` returns has been shown. */
function isShown(value: unknown): boolean {
  return value !== undefined && !(value instanceof ShownDisplay);
}
