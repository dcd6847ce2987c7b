import { isReference, type WidgetReference } from "../protocol/index.ts";
import { core, register } from "./core-widget.ts";
import { type DirectionalLinkTraits, type LinkTraits, MODELS } from "./models.ts";
import { type TraitName, Widget } from "./widget.ts";

/** A trait of a widget, to be linked. */
export type TraitOf<Traits, Name extends TraitName<Traits>> = readonly [widget: Widget<Traits>, name: Name];

/** A link of the kernel. */
export interface KernelLink {
  /** Ends the link. */
  unlink(): void;
}

/** Two traits that the browser keeps the same, also in saved pages. */
export class Link extends core<LinkTraits>(MODELS.Link) {
  /** Ends the link. */
  unlink(): void {
    this.close();
  }
}
register(MODELS.Link, Link);

/** A trait that the browser keeps the same as another, also in saved pages. */
export class DirectionalLink extends core<DirectionalLinkTraits>(MODELS.DirectionalLink) {
  /** Ends the link. */
  unlink(): void {
    this.close();
  }
}
register(MODELS.DirectionalLink, DirectionalLink);

/**
 * Keeps two traits the same, in the kernel: when one changes, the other is set. At first the second takes the first's.
 *
 * @example const both = link([slider, "value"], [text, "value"]);
 */
export function link<A, B, NameA extends TraitName<A>, NameB extends TraitName<B>>(
  source: TraitOf<A, NameA>,
  target: TraitOf<B, NameB>,
): KernelLink {
  const there = dlink(source, target as never);
  const back = follow(target, source as never, (value) => value);
  return {
    unlink: () => {
      there.unlink();
      back();
    },
  };
}

/**
 * Sets a trait whenever another changes, in the kernel, and once at first.
 *
 * @param options.transform What to make of the value. Default: itself.
 * @example dlink([slider, "value"], [label, "value"], { transform: (n) => `${n} bins` });
 */
export function dlink<A, B, NameA extends TraitName<A>, NameB extends TraitName<B>>(
  source: TraitOf<A, NameA>,
  target: TraitOf<B, NameB>,
  options: { transform?: (value: A[NameA]) => B[NameB] } = {},
): KernelLink {
  const transform = options.transform ?? ((value: A[NameA]) => value as unknown as B[NameB]);
  setTrait(target, transform(source[0].get(source[1])));
  return { unlink: follow(source, target, transform) };
}

/**
 * Keeps two traits the same in the browser, without the kernel: it works in a saved page. Names are those of traits.
 *
 * @returns The link; `unlink()` ends it.
 */
export function jslink(source: LinkEnd, target: LinkEnd): Link {
  const made = new Link({ source: onTheWire(source), target: onTheWire(target) });
  made.model.open();
  return made;
}

/** Sets a trait whenever another changes, in the browser, without the kernel. */
export function jsdlink(source: LinkEnd, target: LinkEnd): DirectionalLink {
  const made = new DirectionalLink({ source: onTheWire(source), target: onTheWire(target) });
  made.model.open();
  return made;
}

/** A trait of anything that has a model in the browser. */
export type LinkEnd = readonly [widget: WidgetReference, name: string];

function onTheWire([widget, name]: LinkEnd): LinkEnd {
  if (!isReference(widget)) throw new TypeError("Cannot link: each end must be a widget and the name of its trait");
  const key = widget instanceof Widget ? widget.keyOf(name) : name;
  return [widget, key];
}

function follow<A, B, NameA extends TraitName<A>, NameB extends TraitName<B>>(
  [widget, name]: TraitOf<A, NameA>,
  target: TraitOf<B, NameB>,
  transform: (value: A[NameA]) => B[NameB],
): () => void {
  return widget.observe((change) => setTrait(target, transform(change.new as A[NameA])), name);
}

function setTrait<B, NameB extends TraitName<B>>([widget, name]: TraitOf<B, NameB>, value: B[NameB]): void {
  if (!widget.closed) widget.set({ [name]: value } as unknown as Partial<B>);
}
