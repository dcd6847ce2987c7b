import type { WidgetReference } from "../protocol/index.ts";
import { type CoreClass, type CoreMore, core, type OptionsOf, register, type TraitRule } from "./core-widget.ts";
import {
  type AccordionTraits,
  type BoxTraits,
  type GridBoxTraits,
  type HBoxTraits,
  MODELS,
  type ModelName,
  type StackTraits,
  type TabTraits,
  type VBoxTraits,
} from "./models.ts";

/** Widgets to be put into a box, or its options. */
type Content<Traits> = readonly WidgetReference[] | OptionsOf<Traits>;

/** The class of a box, which takes its children as a list, or among its options. */
interface BoxClass<Traits> {
  new (content?: Content<Traits>, options?: OptionsOf<Traits>): InstanceType<CoreClass<Traits>>;
}

function box<Traits extends { children: readonly WidgetReference[] }>(
  name: ModelName,
  more?: CoreMore,
): BoxClass<Traits> {
  const Plain = core<BoxTraits>(MODELS[name], more);
  const Class = class extends Plain {
    constructor(content: Content<BoxTraits> = {}, options: OptionsOf<BoxTraits> = {}) {
      super(Array.isArray(content) ? { children: content, ...options } : (content as OptionsOf<BoxTraits>));
    }
  };
  return Class as unknown as BoxClass<Traits>;
}

/** Widgets one after the other, as its layout says. */
export class Box extends box<BoxTraits>("Box") {}
register(MODELS.Box, Box);

/** Widgets side by side: `new HBox([a, b])`. */
export class HBox extends box<HBoxTraits>("HBox") {}
register(MODELS.HBox, HBox);

/** Widgets one below the other: `new VBox([a, b])`. */
export class VBox extends box<VBoxTraits>("VBox") {}
register(MODELS.VBox, VBox);

/** Widgets in a grid, which its layout describes. */
export class GridBox extends box<GridBoxTraits>("GridBox") {}
register(MODELS.GridBox, GridBox);

/** A title for each page, and a page that is there; the tab that is open by itself is the first, or the last left. */
function pages(opensItself: boolean): TraitRule {
  return ({ changes, next, isFirst }) => {
    const {
      children,
      titles,
      selected_index: selected,
    } = next as {
      children: readonly unknown[];
      titles: readonly string[];
      selected_index: number | null;
    };
    const n = children.length;
    const padded = children.map((_, i) => titles[i] ?? "");
    const asked = "selected_index" in changes;
    if (selected !== null && (selected < 0 || selected >= n) && asked) {
      throw new RangeError(
        `Cannot select page: selectedIndex must be 0–${n - 1} or null: current value is ${selected}`,
      );
    }
    if (asked || !(isFirst || "children" in changes)) return { titles: padded };
    const fallback = opensItself && n > 0 ? (selected === null ? 0 : n - 1) : null;
    return { titles: padded, selected_index: selected !== null && selected < n ? selected : fallback };
  };
}

/** Pages that fold, below their titles. */
export class Accordion extends box<AccordionTraits>("Accordion", { rule: pages(false) }) {}
register(MODELS.Accordion, Accordion);

/** Pages behind tabs; the first is open. */
export class Tab extends box<TabTraits>("Tab", { rule: pages(true) }) {}
register(MODELS.Tab, Tab);

/** Pages one of which is seen: that of `selectedIndex`. */
export class Stack extends box<StackTraits>("Stack", { rule: pages(false) }) {}
register(MODELS.Stack, Stack);
