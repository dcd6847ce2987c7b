import type { LanguageSession } from "../language/index.ts";
import { type ErrorReport, INTERRUPTED, type PreparedCode, type ToEngine } from "../protocol/channel.ts";
import { booleanField, type Fields, type Message, objectField, stringField } from "../protocol/message.ts";
import type { Cells } from "./cells.ts";
import type { History } from "./history.ts";
import type { Interrupter } from "./interrupter.ts";
import type { IoPub } from "./iopub.ts";
import { type ErrorContent, formatCheckErrors, formatError } from "./traceback.ts";

/** A request and the way its reply goes. */
export interface Request {
  readonly message: Message;
  /** The request's header as JSON: parent of all that follows from it. */
  readonly parent: string;
  reply(content: object, metadata?: object): Promise<void>;
}

type Outcome = { readonly error?: ErrorContent; readonly payload?: readonly object[] };
type Evaluated = { readonly bundle?: Fields; readonly error?: ErrorReport };

/** Runs execute requests one after another, each from busy to idle. */
export class Executor {
  readonly #session: Promise<LanguageSession>;
  readonly #iopub: IoPub;
  readonly #history: History;
  readonly #post: (message: ToEngine) => void;
  readonly #interrupter: Interrupter;
  readonly #cells: Cells;
  readonly #done = new Map<number, (result: Evaluated) => void>();
  /** Requests in order; comm messages wait here when what they are for comes from a cell that has not run. */
  readonly #queue: (Request | (() => void))[] = [];
  #running: { readonly request: Request; id: number | undefined; stop: (() => void) | undefined } | undefined;
  #count = 0;
  #serial = 0;

  constructor(options: {
    session: Promise<LanguageSession>;
    iopub: IoPub;
    history: History;
    post: (message: ToEngine) => void;
    interrupter: Interrupter;
    cells: Cells;
  }) {
    this.#session = options.session;
    this.#iopub = options.iopub;
    this.#history = options.history;
    this.#post = options.post;
    this.#interrupter = options.interrupter;
    this.#cells = options.cells;
  }

  /** The request whose cell runs now. */
  get running(): Request | undefined {
    return this.#running?.request;
  }

  /** Whether cells wait behind the running one. */
  get hasWaiting(): boolean {
    return this.#queue.length > 0;
  }

  /** Queues a request, or something to do in its place in the order. */
  enqueue(item: Request | (() => void)): void {
    this.#queue.push(item);
    if (!this.#running) void this.#drain();
  }

  /** The engine has finished an execution or an expression. */
  finished(id: number, result: Evaluated): void {
    const done = this.#done.get(id);
    this.#done.delete(id);
    done?.(result);
  }

  /** Stops the running cell, or what runs between cells. */
  async interrupt(): Promise<void> {
    const running = this.#running;
    if (running?.stop) running.stop();
    else await this.#interrupter.interrupt(running?.id);
  }

  /** Shows an error that nobody awaits on the stderr of its cell. */
  strayError(parent: string, what: string, report: ErrorReport): void {
    const { traceback } = formatError(report, this.#cells);
    this.#iopub.stream(parent, "stderr", `${what}: ${traceback.join("\n")}\n`);
  }

  async #drain(): Promise<void> {
    for (let item = this.#queue.shift(); item; item = this.#queue.shift()) {
      if (typeof item === "function") item();
      else await this.#execute(item);
    }
  }

  async #execute(request: Request): Promise<void> {
    const { message, parent } = request;
    const { content } = message;
    this.#running = { request, id: undefined, stop: undefined };
    this.#iopub.status("busy", parent);
    const code = stringField(content, "code");
    const silent = booleanField(content, "silent", false);
    if (!silent && booleanField(content, "store_history", true)) this.#history.add(++this.#count, code);
    if (!silent) {
      const input = { code, execution_count: this.#count };
      this.#iopub.publish("execute_input", parent, JSON.stringify(input));
    }
    const asked = helpTopic(code);
    const { error, payload = [] } =
      asked === undefined ? await this.#runCell(request, code, silent) : await this.#help(asked);
    const expressions = error ? {} : await this.#userExpressions(parent, objectField(content, "user_expressions"));
    if (error && !silent) this.#iopub.publish("error", parent, JSON.stringify(error));
    const reply = error
      ? { status: "error", execution_count: this.#count, ...error }
      : { status: "ok", execution_count: this.#count, user_expressions: expressions, payload };
    await this.#iopub.drained();
    const aborted = error && booleanField(content, "stop_on_error", true) ? await this.#takeWaiting() : [];
    await request.reply(reply);
    this.#running = undefined;
    this.#iopub.status("idle", parent);
    for (const waiting of aborted) await this.#abort(waiting);
  }

  async #runCell(request: Request, code: string, silent: boolean): Promise<Outcome> {
    const id = ++this.#serial;
    this.#cells.add(id, { code, label: `[${this.#count}]` });
    let session: LanguageSession;
    let prepared: Awaited<ReturnType<LanguageSession["prepare"]>>;
    try {
      const ready = await this.#stoppable(
        this.#session.then(async (session) => ({ session, prepared: await session.prepare({ id, code }) })),
      );
      if (!ready) return { error: formatError(INTERRUPTED, this.#cells) };
      ({ session, prepared } = ready);
    } catch (error) {
      return { error: checkerFailure(error) };
    }
    if (!prepared.ok) {
      session.discard(id);
      return { error: formatCheckErrors(prepared.errors, prepared.kind, id, this.#cells) };
    }
    const { file, js, names } = prepared;
    // Whatever comes of the cell, its declarations stay: one that fails half-way has assigned what came before. The
    // language server takes them in while the cell runs.
    session.commit(id);
    const allowStdin = booleanField(request.message.content, "allow_stdin", true);
    const { error } = await this.#inEngine(id, {
      type: "execute",
      id,
      parent: request.parent,
      code: { file, js, names },
      executionCount: this.#count,
      silent,
      allowStdin,
    });
    return error ? { error: formatError(error, this.#cells) } : {};
  }

  /** Answers `name?`: what the name is, for the front end's pager. */
  async #help(topic: string): Promise<Outcome> {
    const inspected = await this.#stoppable(this.#session.then((session) => session.inspect(topic, topic.length, 1)));
    if (!inspected) return { error: formatError(INTERRUPTED, this.#cells) };
    const { found, markdown, plain = `Nothing is known of "${topic}"` } = inspected;
    const data = { "text/plain": plain, ...(found && markdown !== undefined && { "text/markdown": markdown }) };
    return { payload: [{ source: "page", data, start: 0 }] };
  }

  /** Waits for work of the language session; undefined if the user stopped the cell meanwhile. */
  async #stoppable<T>(work: Promise<T>): Promise<T | undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const running = this.#running!;
    running.stop = () => resolve(undefined);
    try {
      return await Promise.race([work, promise]);
    } finally {
      running.stop = undefined;
    }
  }

  async #inEngine(id: number, message: ToEngine): Promise<Evaluated> {
    if (this.#running) this.#running.id = id;
    const { promise, resolve } = Promise.withResolvers<Evaluated>();
    this.#done.set(id, resolve);
    this.#post(message);
    const result = await promise;
    await this.#interrupter.settled();
    if (this.#running) this.#running.id = undefined;
    const { error } = result;
    return error?.name === INTERRUPTED.name ? { error: { ...error, frames: this.#interrupter.frames } } : result;
  }

  async #userExpressions(parent: string, expressions: Fields): Promise<{ [name: string]: object }> {
    const results: { [name: string]: object } = {};
    for (const [name, code] of Object.entries(expressions)) {
      results[name] = await this.#userExpression(parent, String(code));
    }
    return results;
  }

  async #userExpression(parent: string, code: string): Promise<object> {
    const id = ++this.#serial;
    const session = await this.#session;
    const prepared = await session.prepare({ id, code });
    session.discard(id);
    if (!prepared.ok) return { status: "error", ...formatCheckErrors(prepared.errors, prepared.kind, id, this.#cells) };
    const { file, js, names } = prepared satisfies PreparedCode;
    const { bundle, error } = await this.#inEngine(id, { type: "evaluate", id, parent, code: { file, js, names } });
    return error ? { status: "error", ...formatError(error, this.#cells) } : { status: "ok", ...bundle };
  }

  /** Takes the execute requests that are queued; what is in the socket already counts as queued. */
  async #takeWaiting(): Promise<Request[]> {
    await new Promise((resolve) => setImmediate(resolve));
    const waiting = this.#queue.filter((item) => typeof item !== "function");
    const others = this.#queue.filter((item) => typeof item === "function");
    this.#queue.splice(0, this.#queue.length, ...others);
    return waiting;
  }

  async #abort({ parent, reply }: Request): Promise<void> {
    this.#iopub.status("busy", parent);
    await reply({ status: "aborted" }, { status: "aborted" });
    this.#iopub.status("idle", parent);
  }
}

/** The name that a cell of the form `name?` or `?name` asks about. */
function helpTopic(code: string): string | undefined {
  const match = /^\s*(?:\?{1,2}\s*([\w$.]+)|([\w$.]+)\s*\?{1,2})\s*$/.exec(code);
  return match?.[1] ?? match?.[2];
}

function checkerFailure(error: unknown): ErrorContent {
  const evalue = error instanceof Error ? error.message : String(error);
  return {
    ename: "LanguageServerError",
    evalue,
    traceback: [`LanguageServerError: ${evalue}`, 'Restart the kernel; "photonbook doctor" checks the installation.'],
  };
}
