import { DISPLAY, type JsonObject } from "../../src/host/index.ts";
import {
  openWidgets,
  type WidgetModel,
  type WidgetReference,
  type WidgetState,
  type WidgetValue,
} from "../protocol/index.ts";
import { latest } from "./latest.ts";

/** A trait that has changed, as listeners of `observe` are told. */
export interface Change<Traits, Name extends keyof Traits = keyof Traits> {
  readonly name: Name;
  readonly old: Traits[Name];
  readonly new: Traits[Name];
  readonly owner: Widget<Traits>;
  /** Whether the user has changed it in the browser, and no cell. */
  readonly fromBrowser: boolean;
}

/** Names of traits. */
export type TraitName<Traits> = keyof Traits & string;

/** How a widget finds its traits in the state that is synchronised. */
export interface TraitAccess {
  /** The key of a trait; undefined where there is none of that name. */
  keyOf(name: string): string | undefined;
  /** All names. */
  readonly names: readonly string[];
  /** What cells see of a value. */
  read(key: string, value: unknown): unknown;
}

/**
 * A Jupyter widget in the kernel: traits that cells read, set and observe, kept the same as what the browser shows.
 *
 * Reading a trait gives its value at that moment. What a cell sets is shown at once, what the user does is here as soon
 * as a cell awaits or ends; listeners run also while no cell does.
 */
export class Widget<Traits = object> implements WidgetReference {
  /** The synchronised state. @internal */
  readonly model: WidgetModel<WidgetState>;
  readonly #access: TraitAccess;
  /** Who listens to what, so that it can be taken back. */
  readonly #observers: { readonly listener: unknown; readonly name: string; readonly remove: () => void }[] = [];

  /** @internal */
  protected constructor(model: (owner: unknown) => WidgetModel<WidgetState>, access: TraitAccess) {
    this.model = model(this);
    this.#access = access;
    // A closed widget may live on as a value; what its listeners hold must not.
    this.model.onClose(() => this.#observers.splice(0));
  }

  /** Closes all widgets of this kernel. */
  static closeAll(): void {
    for (const widget of [...openWidgets()]) widget.close();
  }

  /** Whether the widget has been closed. */
  get closed(): boolean {
    return this.model.closed;
  }

  /** Whether it has a trait of this name. */
  has(name: string): boolean {
    return this.#access.keyOf(name) !== undefined;
  }

  /** Value of a trait. */
  get<Name extends TraitName<Traits>>(name: Name): Traits[Name] {
    const key = this.keyOf(name);
    return this.#access.read(key, this.model.get(key)) as Traits[Name];
  }

  /**
   * Sets some traits together: they are checked against each other once, and sent in one message.
   *
   * @throws {TypeError | RangeError} If a value is not allowed; nothing is set then.
   */
  set(changes: Partial<Traits>): void {
    const entries = Object.entries(changes).filter(([, value]) => value !== undefined);
    this.model.set(Object.fromEntries(entries.map(([name, value]) => [this.keyOf(name), value as WidgetValue])));
  }

  /**
   * Calls `listener` after each change of a trait, from the browser or from a cell.
   *
   * What it prints and throws is shown below the cell that calls `observe` where the user caused the change, else below
   * the cell that did. An error ends neither the widget nor the session.
   *
   * @param names One or more traits. Default: all.
   * @returns The removal.
   * @example slider.observe(({ new: bins }) => draw(bins), "value");
   */
  observe<Name extends TraitName<Traits> = TraitName<Traits>>(
    listener: (change: Change<Traits, Name>) => unknown,
    names?: Name | readonly Name[],
  ): () => void {
    const chosen = (typeof names === "string" ? [names] : (names ?? this.#access.names)) as readonly Name[];
    const removals = chosen.map((name) => this.#observe(name, listener as (change: Change<Traits, Name>) => unknown));
    return () => {
      for (const remove of removals) remove();
    };
  }

  /**
   * Takes a listener back.
   *
   * @param names Traits that it no longer listens to. Default: all.
   */
  unobserve<Name extends TraitName<Traits> = TraitName<Traits>>(
    listener: (change: Change<Traits, Name>) => unknown,
    names?: Name | readonly Name[],
  ): void {
    const chosen = typeof names === "string" ? [names] : names;
    for (const observer of [...this.#observers]) {
      if (
        observer.listener === listener &&
        (chosen as readonly string[] | undefined)?.includes(observer.name) !== false
      ) {
        observer.remove();
      }
    }
  }

  /**
   * Waits for the next change of a trait and gives its new value: `const bins = await slider.next("value")`.
   *
   * @throws {Error} If the widget is closed before.
   */
  next<Name extends TraitName<Traits>>(name: Name): Promise<Traits[Name]> {
    return this.once((resolve) => this.observe((change) => resolve(change.new as Traits[Name]), name));
  }

  /**
   * The values of a trait as they change, for `for await`. Values that come while the loop is busy are left out, except
   * the newest. Ends when the widget is closed.
   *
   * @example for await (const bins of slider.values("value")) display(histogram(bins));
   */
  values<Name extends TraitName<Traits>>(name: Name): AsyncIterableIterator<Traits[Name]> {
    return latest<Traits[Name]>((push, end) => {
      const removals = [this.observe((change) => push(change.new as Traits[Name]), name), this.model.onClose(end)];
      return () => {
        for (const remove of removals) remove();
      };
    });
  }

  /** Runs `work`; what it sets is sent in one message at its end. */
  holdSync<T>(work: () => T): T {
    return this.model.hold(work);
  }

  /** Sends a custom message to the widget in the browser. */
  send(content: JsonObject, buffers: readonly ArrayBufferView[] = []): void {
    this.model.open();
    this.model.send(content, buffers);
  }

  /** Calls `listener` for each custom message from the browser. Returns the removal. */
  onMessage(listener: (content: JsonObject, buffers: readonly Uint8Array[]) => unknown): () => void {
    return this.model.onCustom(listener);
  }

  /** Calls `listener` when the widget is closed, from either side. Returns the removal. */
  onClose(listener: () => unknown): () => void {
    return this.model.onClose(listener);
  }

  /** Removes the widget from the page and from the kernel's memory; its traits stay readable. */
  close(): void {
    this.model.close();
  }

  /** The widget's name in the state of others. @internal */
  reference(): string {
    return this.model.reference();
  }

  toString(): string {
    const plain = (value: unknown) => ["string", "number", "boolean"].includes(typeof value) && value !== "";
    const named = ["value", "description"].filter((name) => this.has(name));
    const parts = named.map((name) => [name, this.get(name as TraitName<Traits>)] as const);
    const shown = parts.flatMap(([name, value]) => (plain(value) ? [`${name}=${JSON.stringify(value)}`] : []));
    return `${this.constructor.name}(${shown.join(", ")})`;
  }

  [DISPLAY](): { [mimeType: string]: unknown } {
    return this.model.bundle(this.toString());
  }

  /** Waits for the first call of `resolve`; an end of the widget is an error. @internal */
  protected once<T>(listen: (resolve: (value: T) => void) => () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const gone = () => reject(new Error(`Cannot wait for ${this.constructor.name}: it is closed`));
      if (this.closed) return gone();
      const removals = [
        listen((value) => {
          for (const remove of removals) remove();
          resolve(value);
        }),
        this.model.onClose(gone),
      ];
    });
  }

  #observe<Name extends TraitName<Traits>>(
    name: Name,
    listener: (change: Change<Traits, Name>) => unknown,
  ): () => void {
    const key = this.keyOf(name);
    const removeListener = this.model.onChange(key, (fromBrowser, old) =>
      listener({
        name,
        old: this.#access.read(key, old) as Traits[Name],
        new: this.get(name),
        owner: this,
        fromBrowser,
      }),
    );
    const observer = {
      listener,
      name,
      remove: () => {
        removeListener();
        const at = this.#observers.indexOf(observer);
        if (at >= 0) this.#observers.splice(at, 1);
      },
    };
    this.#observers.push(observer);
    return observer.remove;
  }

  /** The name that a trait travels by. @internal */
  keyOf(name: string): string {
    const key = this.#access.keyOf(name);
    if (key !== undefined) return key;
    throw new TypeError(
      `Cannot find trait of ${this.constructor.name}: it must be one of ${this.#access.names.join(", ")}: current value is "${name}"`,
    );
  }
}
