import { randomUUID } from "node:crypto";
import type { LanguageSession } from "../language/index.ts";
import { type ErrorReport, INTERRUPTED, type PreparedCode, type ToEngine } from "../protocol/channel.ts";
import { booleanField, type Fields, objectField, stringField } from "../protocol/message.ts";
import type { Cells } from "./cells.ts";
import type { History } from "./history.ts";
import type { Interrupter } from "./interrupter.ts";
import type { IoPub } from "./iopub.ts";
import { type Request, type Running, Shell } from "./shell.ts";
import { type ErrorContent, formatCheckErrors, formatError } from "./traceback.ts";

type Outcome = { readonly error?: ErrorContent };
type Evaluation = Extract<ToEngine, { type: "execute" | "evaluate" }>;
type Evaluated = { readonly bundle?: Fields; readonly error?: ErrorReport };

/** Runs execute requests: those of one shell one after another, those of several shells side by side. */
export class Executor {
  readonly #session: Promise<LanguageSession>;
  readonly #iopub: IoPub;
  readonly #history: History;
  readonly #post: (message: ToEngine) => void;
  readonly #interrupter: Interrupter;
  readonly #cells: Cells;
  readonly #beforeRun: (code: string, file: string) => Promise<void>;
  readonly #done = new Map<number, (result: Evaluated) => void>();
  readonly #main = this.#newShell();
  readonly #subshells = new Map<string, Shell>();
  #count = 0;
  #serial = 0;

  constructor(options: {
    session: Promise<LanguageSession>;
    iopub: IoPub;
    history: History;
    post: (message: ToEngine) => void;
    interrupter: Interrupter;
    cells: Cells;
    /** Called with each cell and the name of its JavaScript, just before that runs. */
    beforeRun: (code: string, file: string) => Promise<void>;
  }) {
    this.#session = options.session;
    this.#iopub = options.iopub;
    this.#history = options.history;
    this.#post = options.post;
    this.#interrupter = options.interrupter;
    this.#cells = options.cells;
    this.#beforeRun = options.beforeRun;
  }

  /** The requests whose cells run now; that of the main shell comes first. */
  get running(): readonly Request[] {
    return this.#running.map(({ request }) => request);
  }

  /** Whether cells wait behind the running one of the main shell. */
  get hasWaiting(): boolean {
    return this.#main.hasWaiting;
  }

  /** Opens a subshell (protocol 5.5). */
  createSubshell(): string {
    const id = randomUUID();
    this.#subshells.set(id, this.#newShell());
    return id;
  }

  /** Closes a subshell: what runs there ends, what waits is aborted. */
  async deleteSubshell(id: string): Promise<void> {
    const shell = this.#subshell(id);
    this.#subshells.delete(id);
    for (const waiting of await shell.takeWaiting()) await this.#abort(waiting);
  }

  /** The ids of the open subshells. */
  get subshells(): string[] {
    return [...this.#subshells.keys()];
  }

  /** Queues a request in its shell. */
  enqueue(request: Request): void {
    const { subshell_id: id } = request.message.header;
    (typeof id === "string" ? this.#subshell(id) : this.#main).enqueue(request);
  }

  /** Does something when the cells are done that wait in the main shell. */
  afterWaiting(action: () => void): void {
    this.#main.enqueue(action);
  }

  /** The engine has finished an execution or an expression. */
  finished(id: number, result: Evaluated): void {
    const done = this.#done.get(id);
    this.#done.delete(id);
    done?.(result);
  }

  /** Stops the running cells, of all shells, or what runs between cells. */
  async interrupt(): Promise<void> {
    const running = this.#running;
    const inEngine = running.filter(({ stop }) => !stop).map(({ id }) => id);
    for (const { stop } of running) stop?.();
    if (inEngine.length > 0 || running.length === 0) await this.#interrupter.interrupt(inEngine);
  }

  /** Shows an error that nobody awaits on the stderr of its cell. */
  strayError(parent: string, what: string, report: ErrorReport): void {
    const { traceback } = formatError(report, this.#cells);
    this.#iopub.stream(parent, "stderr", `${what}: ${traceback.join("\n")}\n`);
  }

  /** Has the front end do something when it has the reply to a cell that runs. */
  addPayload(parent: string, payload: Fields): void {
    this.#running.find(({ request }) => request.parent === parent)?.payload.push(payload);
  }

  get #running(): Running[] {
    return [this.#main, ...this.#subshells.values()].flatMap(({ running }) => running ?? []);
  }

  #newShell(): Shell {
    return new Shell((running, shell) => this.#execute(running, shell));
  }

  #subshell(id: string): Shell {
    const shell = this.#subshells.get(id);
    if (!shell) throw new Error(`Cannot find the subshell: it must have been created: current value is "${id}"`);
    return shell;
  }

  async #execute(running: Running, shell: Shell): Promise<void> {
    const { message, parent, reply } = running.request;
    const { content } = message;
    this.#iopub.status("busy", parent);
    const code = stringField(content, "code");
    const silent = booleanField(content, "silent", false);
    if (!silent && booleanField(content, "store_history", true)) this.#history.add(++this.#count, code);
    if (!silent) {
      const input = { code, execution_count: this.#count };
      this.#iopub.publish("execute_input", parent, JSON.stringify(input));
    }
    const asked = helpTopic(code);
    const { error } =
      asked === undefined ? await this.#runCell(running, code, silent) : await this.#help(running, asked);
    const expressions = error ? {} : await this.#userExpressions(running, objectField(content, "user_expressions"));
    if (error && !silent) this.#iopub.publish("error", parent, JSON.stringify(error));
    const answer = error
      ? { status: "error", execution_count: this.#count, ...error }
      : { status: "ok", execution_count: this.#count, user_expressions: expressions, payload: running.payload };
    await this.#iopub.drained();
    const aborted = error && booleanField(content, "stop_on_error", true) ? await shell.takeWaiting() : [];
    await reply(answer);
    shell.running = undefined;
    this.#iopub.status("idle", parent);
    for (const waiting of aborted) await this.#abort(waiting);
  }

  async #runCell(running: Running, code: string, silent: boolean): Promise<Outcome> {
    const id = ++this.#serial;
    this.#cells.add(id, { code, label: `[${this.#count}]` });
    let session: LanguageSession;
    let prepared: Awaited<ReturnType<LanguageSession["prepare"]>>;
    try {
      const ready = await stoppable(
        running,
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
    await this.#beforeRun(code, file);
    const allowStdin = booleanField(running.request.message.content, "allow_stdin", true);
    const { error } = await this.#inEngine(running, {
      type: "execute",
      id,
      parent: running.request.parent,
      code: { file, js, names },
      executionCount: this.#count,
      silent,
      allowStdin,
    });
    return error ? { error: formatError(error, this.#cells) } : {};
  }

  /** Answers `name?`: what the name is, for the front end's pager. */
  async #help(running: Running, topic: string): Promise<Outcome> {
    const inspected = await stoppable(
      running,
      this.#session.then((session) => session.inspect(topic, topic.length, 1)),
    );
    if (!inspected) return { error: formatError(INTERRUPTED, this.#cells) };
    const { found, markdown, plain = `Nothing is known of "${topic}"` } = inspected;
    const data = { "text/plain": plain, ...(found && markdown !== undefined && { "text/markdown": markdown }) };
    running.payload.push({ source: "page", data, start: 0 });
    return {};
  }

  async #inEngine(running: Running, message: Evaluation): Promise<Evaluated> {
    running.id = message.id;
    const { promise, resolve } = Promise.withResolvers<Evaluated>();
    this.#done.set(message.id, resolve);
    this.#post(message);
    const result = await promise;
    await this.#interrupter.settled();
    running.id = undefined;
    const { error } = result;
    return error?.name === INTERRUPTED.name ? { error: { ...error, frames: this.#interrupter.frames } } : result;
  }

  async #userExpressions(running: Running, expressions: Fields): Promise<{ [name: string]: object }> {
    const results: { [name: string]: object } = {};
    for (const [name, code] of Object.entries(expressions)) {
      results[name] = await this.#userExpression(running, String(code));
    }
    return results;
  }

  async #userExpression(running: Running, expression: string): Promise<object> {
    const id = ++this.#serial;
    const session = await this.#session;
    const prepared = await session.prepare({ id, code: expression });
    session.discard(id);
    if (!prepared.ok) return { status: "error", ...formatCheckErrors(prepared.errors, prepared.kind, id, this.#cells) };
    const { file, js, names } = prepared satisfies PreparedCode;
    const { parent } = running.request;
    const code = { file, js, names };
    const { bundle, error } = await this.#inEngine(running, { type: "evaluate", id, parent, code });
    return error ? { status: "error", ...formatError(error, this.#cells) } : { status: "ok", ...bundle };
  }

  async #abort({ parent, reply }: Request): Promise<void> {
    this.#iopub.status("busy", parent);
    await reply({ status: "aborted" }, { status: "aborted" });
    this.#iopub.status("idle", parent);
  }
}

/** Waits for work of the language session; undefined if the user stopped the cell meanwhile. */
async function stoppable<T>(running: Running, work: Promise<T>): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  running.stop = () => resolve(undefined);
  try {
    return await Promise.race([work, promise]);
  } finally {
    running.stop = undefined;
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
