import type { Comm } from "../../src/host/index.ts";
import { openWidget, registerWidget, WidgetModel, type WidgetState, type WidgetValue } from "../protocol/index.ts";
import { modelNameThere } from "./old-front-end.ts";
import { checkTrait, defaultTrait, type ModelSpec, readTrait, resolveReferences, type TraitSpec } from "./trait.ts";
import { type TraitAccess, type TraitName, Widget } from "./widget.ts";

/** What a widget can be made with: its traits; where a trait is a widget, that one's traits will do. */
export type OptionsOf<Traits> = {
  readonly [Name in TraitName<Traits>]?: Traits[Name] extends Widget<infer Of>
    ? Traits[Name] | OptionsOf<Of>
    : Traits[Name];
};

/** What a widget of a class can be made with. */
export type OptionsFor<Made> = Made extends Widget<infer Traits> ? OptionsOf<Traits> : never;

/** A class of Jupyter's core widgets. */
export interface CoreClass<Traits> {
  new (options?: OptionsOf<Traits>): CoreWidget<Traits> & Traits;
}

/** Values of traits, by the names that travel. */
export type TraitValues = { readonly [key: string]: unknown };

/** What else changes, or an error where traits do not fit each other. */
export type TraitRule = (update: {
  /** What is to be set, each value checked by itself. */
  readonly changes: TraitValues;
  /** All traits as they will be. */
  readonly next: TraitValues;
  /** Whether the widget is being made. */
  readonly isFirst: boolean;
}) => TraitValues;

/** What a class adds to what the schema says of its model. */
export interface CoreMore {
  /** Keeps traits fit for each other. */
  readonly rule?: TraitRule;
  /** Traits that stay in the kernel, with their defaults. */
  readonly local?: { readonly [name: string]: unknown };
  /** Defaults that differ from the schema's. */
  readonly defaults?: { readonly [key: string]: WidgetValue };
  /** Traits that the browser may not set. */
  readonly readOnly?: readonly string[];
  readonly unechoed?: readonly string[];
}

/** What is known of a class: made once, shared by its widgets. */
interface CoreKind {
  readonly spec: ModelSpec;
  readonly more: CoreMore;
  readonly access: TraitAccess;
}

/** How a front end's own widget comes in: through the constructor's options, under a name no cell can write. */
const OPENED = Symbol("opened by a front end");
interface Opened {
  readonly [OPENED]?: { readonly comm: Comm; readonly state: TraitValues };
}

const classes = new Map<string, new (options: object) => Widget>();

/** A widget of Jupyter's core set. */
export class CoreWidget<Traits = object> extends Widget<Traits> {
  readonly #owned: readonly Widget[];

  /** @internal */
  constructor(kind: CoreKind, options: object) {
    const { spec, more, access } = kind;
    const opened = (options as Opened)[OPENED];
    const owned: Widget[] = [];
    super((owner) => {
      const given = opened?.state ?? byKey(kind, options);
      const rule = (changes: TraitValues, state: TraitValues) => complete(kind, changes, state, owned);
      return new WidgetModel<WidgetState>({
        state: initialState(kind, given, owned),
        writable: Object.keys(spec.traits).filter((key) => !more.readOnly?.includes(key)),
        local: Object.keys(more.local ?? {}),
        unechoed: more.unechoed ?? [],
        rule: rule as never,
        owner,
        comm: opened?.comm,
      });
    }, access);
    this.#owned = owned;
    // A style that was made for this widget alone goes with it.
    if (owned.length > 0) {
      this.onClose(() => {
        for (const widget of this.#owned) widget.close();
      });
    }
  }

  /** Adds a CSS class to the widget's element. */
  addClass(name: string): this {
    const classes = this.#cssClasses();
    if (!classes.includes(name)) this.model.set({ _dom_classes: [...classes, name] });
    return this;
  }

  /** Removes a CSS class. */
  removeClass(name: string): this {
    this.model.set({ _dom_classes: this.#cssClasses().filter((each) => each !== name) });
    return this;
  }

  /** Puts the keyboard's focus on the widget. */
  focus(): void {
    this.send({ do: "focus" });
  }

  /** Takes the keyboard's focus from the widget. */
  blur(): void {
    this.send({ do: "blur" });
  }

  #cssClasses(): readonly string[] {
    return (this.model.get("_dom_classes") ?? []) as readonly string[];
  }
}

/**
 * Makes the class of a model: traits are properties, checked when set. Front ends may make such widgets too.
 *
 * @param spec What the schema says.
 * @param more What it does not say.
 */
export function core<Traits>(spec: ModelSpec, more: CoreMore = {}): CoreClass<Traits> {
  const keys = new Map(Object.keys(spec.traits).flatMap((key) => (key.startsWith("_") ? [] : [[camelCase(key), key]])));
  for (const name of Object.keys(more.local ?? {})) keys.set(name, name);
  const access: TraitAccess = {
    keyOf: (name) => keys.get(name),
    names: [...keys.keys()],
    read: (key, value) => (spec.traits[key] ? readTrait(spec.traits[key], value) : value),
  };
  const kind: CoreKind = { spec, more, access };
  const Class = class extends CoreWidget<Traits> {
    constructor(options: object = {}) {
      super(kind, options);
    }
  };
  for (const name of keys.keys()) {
    Object.defineProperty(Class.prototype, name, {
      get(this: Widget<TraitValues>) {
        return this.get(name);
      },
      set(this: Widget<TraitValues>, value: unknown) {
        this.set({ [name]: value });
      },
      enumerable: true,
      configurable: true,
    });
  }
  return Class as unknown as CoreClass<Traits>;
}

/** Makes a class known by its model: for traits that are its widgets, and for front ends that make one. */
export function register<Class extends new (options?: never) => Widget>(spec: ModelSpec, Class: Class): void {
  const make = Class as unknown as new (options: object) => Widget;
  classes.set(spec.className, make);
  registerWidget(spec.model.module, String(spec.model.name), (comm, state) => new make({ [OPENED]: { comm, state } }));
}

function initialState(kind: CoreKind, given: TraitValues, owned: Widget[]): WidgetState {
  const { spec, more } = kind;
  const names = {
    _model_module: spec.model.module,
    _model_module_version: spec.model.version,
    _model_name: modelNameThere(String(spec.model.name)),
    _view_module: spec.view.module,
    _view_module_version: spec.view.version,
    _view_name: spec.view.name,
    _view_count: null,
  };
  const defaults: { [key: string]: unknown } = { ...more.local };
  for (const [key, trait] of Object.entries(spec.traits)) {
    if (trait.kind !== "widget") defaults[key] = more.defaults?.[key] ?? defaultTrait(trait);
    else if (given[key] === undefined) defaults[key] = own(owned, trait, {});
  }
  const known = Object.entries(given).filter(([key]) => key in spec.traits || key in (more.local ?? {}));
  return { ...names, ...defaults, ...complete(kind, Object.fromEntries(known), defaults, owned, true) } as WidgetState;
}

/** Checks what is to be set, and adds what follows from it. */
function complete(
  kind: CoreKind,
  changes: TraitValues,
  state: TraitValues,
  owned: Widget[],
  isFirst = false,
): TraitValues {
  const { spec, more } = kind;
  const checked: { [key: string]: unknown } = {};
  for (const [key, value] of Object.entries(changes)) {
    const trait = spec.traits[key];
    checked[key] = trait
      ? checkTrait(trait, widgetsIn(trait, value, owned), `${camelCase(key)} of ${spec.className}`)
      : value;
  }
  return { ...checked, ...more.rule?.({ changes: checked, next: { ...state, ...checked }, isFirst }) };
}

/** Widgets in the place of their names, or of the traits of a new one. */
function widgetsIn(trait: TraitSpec, value: unknown, owned: Widget[]): unknown {
  const resolved = resolveReferences(trait, value, (id) => openWidget(id)?.owner);
  const isTraits = trait.kind === "widget" && Object.getPrototypeOf(resolved ?? null) === Object.prototype;
  return isTraits ? own(owned, trait, resolved as object) : resolved;
}

function own(owned: Widget[], trait: TraitSpec, options: object): Widget {
  const Class = classes.get(String(trait.className));
  if (!Class)
    throw new Error(`Cannot make widget: its class must be registered: current value is "${trait.className}"`);
  const widget = new Class(options);
  owned.push(widget);
  return widget;
}

/** Options by the names that travel. */
function byKey({ spec, access }: CoreKind, options: object): TraitValues {
  const given: { [key: string]: unknown } = {};
  for (const [name, value] of Object.entries(options)) {
    const key = access.keyOf(name);
    if (key === undefined) {
      throw new TypeError(
        `Cannot make ${spec.className}: its options are ${access.names.join(", ")}: current value is "${name}"`,
      );
    }
    if (value !== undefined) given[key] = value;
  }
  return given;
}

function camelCase(key: string): string {
  return key.replaceAll(/(?<=[a-z])_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
