import type { Runtime } from "node:inspector";
import type { LanguageSession } from "../language/index.ts";
import type { MainThread } from "./main-thread.ts";
import { DebugError } from "./protocol.ts";
import { OBJECT_GROUP } from "./variables.ts";

/** The engine's side: see engine/debug-access.ts. */
const ACCESS = 'globalThis[Symbol.for("photonbook.debug")]';

/** A frame in which something is evaluated: the inspector's id, and whether a name is a variable there. */
export interface Place {
  readonly callFrameId: string;
  isLocal(name: string): boolean;
}

/** Evaluates on the main thread, whether it runs or is held, what the user writes in terms of the session's names. */
export class SessionAccess {
  readonly #main: MainThread;
  readonly #session: Promise<LanguageSession>;

  constructor(main: MainThread, session: Promise<LanguageSession>) {
    this.#main = main;
    this.#session = session;
  }

  /** An object with the variables that cells have declared. */
  async variables(): Promise<string> {
    const names = (await this.#session).variables();
    const { objectId } = await this.#evaluate(`${ACCESS}.values(${JSON.stringify(names)})`);
    return objectId!;
  }

  /** The value of TypeScript; `wrap` may put it into more JavaScript. */
  async evaluate(
    code: string,
    place: Place | undefined,
    options: { wrap?: (value: string) => string; awaitPromise?: boolean } = {},
  ): Promise<Runtime.RemoteObject> {
    const session = await this.#session;
    const { js, names } = await session.expression(code, (name) => place?.isLocal(name) ?? false);
    const { wrap = (value) => value, awaitPromise = false } = options;
    return this.#evaluate(wrap(`${ACCESS}.run(${js}, ${JSON.stringify(names)})`), place?.callFrameId, awaitPromise);
  }

  /** How the value of a name shows itself: MIME bundle. */
  async rich(name: string, place: Place | undefined): Promise<{ data: object; metadata: object }> {
    const wrap = (value: string) => `${ACCESS}.rich(${value})`;
    const { value } = await this.evaluate(name, place, { wrap, awaitPromise: place === undefined });
    // A display that takes time cannot be waited for while the thread is held.
    if (typeof value !== "string")
      throw new DebugError(`Cannot show "${name}" while the code is held: its display awaits`);
    const { data, metadata = {} } = JSON.parse(value);
    return { data, metadata };
  }

  /** Gives a name of the session, declared or not, the value of a variable. */
  async copy(from: string, to: string, place: Place | undefined): Promise<Runtime.RemoteObject> {
    const session = await this.#session;
    const wrap = (value: string) =>
      `${ACCESS}.assign(${JSON.stringify(to)}, ${value}), ${ACCESS}.values(["${to}"])["${to}"]`;
    const copied = await this.evaluate(from, place, { wrap });
    await session.declareAny(to);
    return copied;
  }

  async #evaluate(expression: string, callFrameId?: string, awaitPromise = false): Promise<Runtime.RemoteObject> {
    const options = { expression, objectGroup: OBJECT_GROUP, generatePreview: true, silent: true };
    const { session } = this.#main;
    const { result, exceptionDetails } =
      callFrameId === undefined
        ? await session.post("Runtime.evaluate", { ...options, awaitPromise })
        : await session.post("Debugger.evaluateOnCallFrame", { ...options, callFrameId });
    if (exceptionDetails) throw new DebugError(result.description?.split("\n")[0] ?? exceptionDetails.text);
    return result;
  }
}
