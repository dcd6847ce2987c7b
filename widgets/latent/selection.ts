import { DISPLAY } from "../../src/host/index.ts";
import { escapeMarkup } from "../../src/plot/index.ts";
import type { WidgetModel } from "../protocol/index.ts";
import { type Polygon, pointsInPolygon } from "./lasso.ts";
import { type Combine, combineMasks, countBits, hasBit, maskIndices, maskOf } from "./mask.ts";
import type { PointSources } from "./sources.ts";
import type { LatentState } from "./state.ts";

/**
 * The points selected in a latent view: what the lasso drew and what cells set are one and the same.
 *
 * Reading it gives the state at that moment; `onChange` and `next` tell of changes from either side.
 */
export class Selection {
  /** What the points are: names, photons, rows. */
  readonly sources: PointSources;
  /** The view's model, by which linked widgets find the selection in the browser. @internal */
  readonly model: WidgetModel<LatentState>;
  readonly #xy: ArrayLike<number>;

  /** @internal */
  constructor(model: WidgetModel<LatentState>, xy: ArrayLike<number>, sources: PointSources) {
    this.model = model;
    this.#xy = xy;
    this.sources = sources;
  }

  /** Number of points there are. */
  get length(): number {
    return this.#xy.length >> 1;
  }

  /** Number of points selected. */
  get size(): number {
    return countBits(this.#bits);
  }

  /** Positions of the selected points, ascending. */
  get indices(): Uint32Array {
    return maskIndices(this.#bits);
  }

  /** One byte a point: 1 where it is selected. */
  get mask(): Uint8Array {
    const bits = this.#bits;
    return Uint8Array.from({ length: this.length }, (_, i) => (hasBit(bits, i) ? 1 : 0));
  }

  /** Names of the selected points; their positions where they have no names. */
  get names(): string[] {
    return Array.from(this.indices, (i) => this.sources.name(i));
  }

  /** The selected rows of what was given as `sources`: a catalogue gives a catalogue, a list a list. */
  get rows(): unknown {
    return this.sources.rows(this.indices, this.mask);
  }

  /** The point that was clicked or is shown in a linked light curve; undefined when there is none. */
  get focus(): number | undefined {
    const focus = this.model.get("focus") as number;
    return focus >= 0 ? focus : undefined;
  }

  set focus(index: number | undefined) {
    this.model.set({ focus: index ?? -1 });
  }

  /** Corners of the lasso or rectangle drawn last, in data coordinates; empty after `set` and `clear`. */
  get polygon(): Polygon {
    return this.model.get("polygon") as unknown as Polygon;
  }

  /** Whether point i is selected. */
  has(index: number): boolean {
    return index >= 0 && index < this.length && hasBit(this.#bits, index);
  }

  /**
   * Selects points.
   *
   * @param points Positions; or one boolean per point; or a function that is asked for each position.
   * @param options.combine With what is selected: "replace", "add", "subtract", "intersect". Default "replace".
   * @throws {RangeError} If a position is not of a point, or a boolean array has another length.
   */
  set(
    points: ArrayLike<number> | readonly boolean[] | ((index: number) => boolean),
    options: { combine?: Combine } = {},
  ): this {
    const { combine = "replace" } = options;
    return this.#apply(combineMasks(this.#bits, maskOf(this.#positions(points), this.length), combine), []);
  }

  /** Selects nothing. */
  clear(): this {
    return this.set([]);
  }

  /**
   * Selects the points inside a polygon, as the lasso does.
   *
   * @param polygon Corners in data coordinates; the last joins the first.
   * @param options.combine With what is selected. Default "replace".
   */
  lasso(polygon: Polygon, options: { combine?: Combine } = {}): this {
    const { combine = "replace" } = options;
    return this.#apply(combineMasks(this.#bits, pointsInPolygon(this.#xy, polygon), combine), polygon);
  }

  /** Calls `listener` after each change, from the lasso or from a cell. Returns the removal. */
  onChange(listener: (selection: this) => void): () => void {
    return this.model.onChange("selection", () => listener(this));
  }

  /** Waits for the next change and gives the selection: `const chosen = await view.selection.next()`. */
  next(): Promise<this> {
    return new Promise((resolve) => {
      const remove = this.onChange(() => {
        remove();
        resolve(this);
      });
    });
  }

  /** Positions of the selected points. */
  [Symbol.iterator](): Iterator<number> {
    return this.indices[Symbol.iterator]();
  }

  toString(): string {
    return `Selection(${this.size} of ${this.length})`;
  }

  /** How many, and the names of the first. */
  [DISPLAY](): { [mimeType: string]: unknown } {
    const first = Array.from(maskIndices(this.#bits, 12), (i) => this.sources.name(i));
    const more = this.size > first.length ? ` … and ${this.size - first.length} more` : "";
    const list = first.map((name) => `<code>${escapeMarkup(name)}</code>`).join(", ");
    return {
      "text/html": `<div><b>${this.size}</b> of ${this.length} selected${first.length > 0 ? `: ${list}${more}` : ""}</div>`,
      "text/plain": `${this}${first.length > 0 ? `: ${first.join(", ")}${more}` : ""}`,
    };
  }

  get #bits(): Uint8Array {
    return this.model.get("selection") as Uint8Array;
  }

  #apply(bits: Uint8Array, polygon: Polygon): this {
    this.model.set({ selection: bits, polygon });
    return this;
  }

  #positions(points: ArrayLike<number> | readonly boolean[] | ((index: number) => boolean)): ArrayLike<number> {
    if (typeof points === "function") return Array.from({ length: this.length }, (_, i) => i).filter((i) => points(i));
    if (typeof points[0] !== "boolean") return points as ArrayLike<number>;
    if (points.length !== this.length) {
      throw new RangeError(
        `Cannot select: boolean mask must have ${this.length} values, one per point: current length is ${points.length}`,
      );
    }
    const flags = points as readonly boolean[];
    return Array.from({ length: this.length }, (_, i) => i).filter((i) => flags[i]);
  }
}
