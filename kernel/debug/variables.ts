import type { Runtime } from "node:inspector";
import { describe } from "./describe.ts";
import type { MainThread } from "./main-thread.ts";
import { DebugError, type Variable } from "./protocol.ts";

/** Number of elements of an array that are shown at once; the rest is one line that can be expanded. */
const CHUNK = 100;
/** Objects that the debugger shows are kept alive under this name, until they are let go together. */
export const OBJECT_GROUP = "photonbook-debugger";

/** What a reference stands for: variables of a frame, the properties of an object that holds variables, or of a value. */
type Target =
  | { readonly callFrameId: string; readonly names: readonly string[] }
  | { readonly variables: string }
  | { readonly object: string; readonly from: number };

const INTERNALS_SHOWN = new Set(["[[Entries]]", "[[PromiseState]]", "[[PromiseResult]]", "[[Prototype]]"]);

/** Elements of an array from an index on, as an object of its own; undefined of what is no array or is short. */
const ELEMENTS = `function (from, count) {
  const isArray = Array.isArray(this) || (ArrayBuffer.isView(this) && !(this instanceof DataView));
  if (!isArray || (from === 0 && this.length <= count)) return undefined;
  const chunk = Object.create(null);
  for (let i = from; i < Math.min(this.length, from + count); i++) chunk[i] = this[i];
  return { chunk, length: this.length };
}`;

/** The values that a front end looks at, by the references it is given. */
export class Variables {
  readonly #main: MainThread;
  readonly #targets = new Map<number, Target>();
  #last = 0;

  constructor(main: MainThread) {
    this.#main = main;
  }

  /** Forgets all references, and lets go of their objects. */
  clear(): void {
    this.#targets.clear();
    void this.#main.session.post("Runtime.releaseObjectGroup", { objectGroup: OBJECT_GROUP });
  }

  /** A reference to variables of a frame. */
  referToFrame(callFrameId: string, names: readonly string[]): number {
    return this.#refer({ callFrameId, names });
  }

  /** A reference to the properties of an object that holds variables. */
  referToVariables(objectId: string): number {
    return this.#refer({ variables: objectId });
  }

  /** One line for a value. */
  variable(name: string, value: Runtime.RemoteObject, evaluateName?: string): Variable {
    const { objectId } = value;
    const expands = objectId !== undefined && value.type !== "function" && value.type !== "symbol";
    return {
      name,
      value: describe(value),
      variablesReference: expands ? this.#refer({ object: objectId, from: 0 }) : 0,
      ...(evaluateName !== undefined && { evaluateName }),
    };
  }

  /** The lines below a reference. */
  async below(reference: number): Promise<Variable[]> {
    const target = this.#targets.get(reference);
    if (!target) throw new DebugError("Cannot show variables: the code that they belong to has gone on");
    if ("names" in target) return this.#ofVariables(await this.#read(target.callFrameId, target.names));
    return "variables" in target ? this.#ofVariables(target.variables) : this.#ofObject(target.object, target.from);
  }

  /** The names in scopes. */
  async names(scopes: readonly string[]): Promise<Set<string>> {
    const lists = await Promise.all(scopes.map((id) => this.#properties(id)));
    return new Set(lists.flatMap(({ result }) => result.map(({ name }) => name)));
  }

  #refer(target: Target): number {
    this.#targets.set(++this.#last, target);
    return this.#last;
  }

  /**
   * An object with the values that variables have now: what the inspector gives with a pause are copies, which do not
   * see assignments since. A variable that is not initialised yet is left out.
   */
  async #read(callFrameId: string, names: readonly string[]): Promise<string> {
    const reads = names.map((name) => `try { all[${JSON.stringify(name)}] = ${name}; } catch {}`);
    const expression = `(() => { const all = Object.create(null); ${reads.join(" ")} return all; })()`;
    const group = { objectGroup: OBJECT_GROUP, silent: true };
    const { session } = this.#main;
    const { result } = await session.post("Debugger.evaluateOnCallFrame", { callFrameId, expression, ...group });
    return result.objectId!;
  }

  async #ofVariables(objectId: string): Promise<Variable[]> {
    const { result } = await this.#properties(objectId);
    return result.flatMap(({ name, value }) => (value ? this.variable(name, value, name) : []));
  }

  async #ofObject(objectId: string, from: number): Promise<Variable[]> {
    const { result: part } = await this.#main.session.post("Runtime.callFunctionOn", {
      objectId,
      functionDeclaration: ELEMENTS,
      arguments: [{ value: from }, { value: CHUNK }],
      objectGroup: OBJECT_GROUP,
      silent: true,
    });
    return part.objectId === undefined ? this.#ofProperties(objectId) : this.#ofChunk(objectId, part.objectId, from);
  }

  async #ofProperties(objectId: string): Promise<Variable[]> {
    const properties = await this.#properties(objectId);
    const { result, internalProperties = [] } = properties;
    const { privateProperties = [] } = properties as { privateProperties?: Runtime.PropertyDescriptor[] };
    const own = [...privateProperties, ...result.filter(({ enumerable }) => enumerable)];
    const internal = internalProperties.filter(({ name }) => INTERNALS_SHOWN.has(name));
    return [...own, ...internal].map(({ name, value }) => this.#line(name, value));
  }

  async #ofChunk(objectId: string, partId: string, from: number): Promise<Variable[]> {
    const part = await this.#properties(partId);
    const partOf = (name: string) => part.result.find((property) => property.name === name)?.value;
    const length = Number(partOf("length")?.value);
    const { result } = await this.#properties(partOf("chunk")?.objectId ?? "");
    const lines = result.map(({ name, value }) => this.#line(name, value));
    const next = from + CHUNK;
    if (next >= length) return lines;
    const rest = { value: `${length - next} more elements`, variablesReference: 0 };
    return [
      ...lines,
      { name: `[${next} … ${length - 1}]`, ...rest, variablesReference: this.#refer({ object: objectId, from: next }) },
    ];
  }

  #line(name: string, value: Runtime.RemoteObject | undefined): Variable {
    return value ? this.variable(name, value) : { name, value: "(getter)", variablesReference: 0 };
  }

  #properties(objectId: string): Promise<Runtime.GetPropertiesReturnType> {
    return this.#main.session.post("Runtime.getProperties", { objectId, ownProperties: true, generatePreview: true });
  }
}
