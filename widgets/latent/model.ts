import { checkShape, countOf, type Matrix } from "../../src/array/index.ts";
import { DISPLAY } from "../../src/host/index.ts";
import { WidgetModel } from "../protocol/index.ts";
import { type ColorCodes, type ColorValues, encodeColors } from "./color.ts";
import { emptyMask } from "./mask.ts";
import { Selection } from "./selection.ts";
import { type EventLoader, type PhotonRecord, PointSources, type Sources } from "./sources.ts";
import { type LatentState, quantise } from "./state.ts";

/** How a latent view is made. */
export interface LatentViewOptions {
  /** Positions of the points, shape (n, 2), such as `umap` gives. Points with NaN are not drawn;
   *  the view says how many. */
  readonly xy: Matrix<Float64Array> | Matrix<Float32Array>;
  /** Colour by: labels or numbers, one a point, or the name of a column of `sources`. Default: one colour. */
  readonly color?: ColorValues | string | undefined;
  /** Whether `color` holds categories or numbers. Default: strings and integers are categories. */
  readonly colorKind?: "category" | "number";
  /** How numbers become colours. Default "linear". */
  readonly colorScale?: "linear" | "log";
  /** What the colour means. Default: the name of the column. */
  readonly colorLabel?: string;
  /** Names of integer labels 0, 1, … Default: the labels. */
  readonly categories?: readonly string[];
  /** A catalogue with a row, or a list with an entry, for each point. Default: none. */
  readonly sources?: Sources | undefined;
  /** Names of the points. Default: from `sources`. */
  readonly names?: ArrayLike<unknown> | undefined;
  /** Photons of the points, for `lightCurveView(view.selection)`. Default: `sources`, if they hold photons. */
  readonly events?: EventLoader | readonly (PhotonRecord | undefined)[] | undefined;
  /** Numbers for the hover card: columns of `sources`, or values by label. Default: none. */
  readonly details?: readonly string[] | { readonly [label: string]: ArrayLike<number> };
  /** Points selected at first: positions. Default: none. */
  readonly selected?: ArrayLike<number>;
  /** Shown above. Default: none. */
  readonly title?: string;
  /** Names of the axes. Default: none. */
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Height of the drawing, px. Default 480. */
  readonly height?: number;
}

/** A scatter plot of an embedding in the notebook; its selection is a value of the kernel. */
export class LatentView {
  /** What the lasso selected; set it from cells as well. */
  readonly selection: Selection;
  /** The synchronised state. @internal */
  readonly model: WidgetModel<LatentState>;

  constructor(options: LatentViewOptions) {
    const { xy, title = "", xLabel = "", yLabel = "", height = 480 } = options;
    checkShape("xy", xy, [-1, 2]);
    const [n] = xy.shape;
    const sources = new PointSources({ n, sources: options.sources, names: options.names, events: options.events });
    const colors = colorsOf(options, sources, n);
    const details = detailsOf(options.details, sources, n);
    const { grid, domain } = quantise(xy.data);
    const names = sources.hasNames
      ? Array.from({ length: n }, (_, i) => sources.name(i).replaceAll("\n", " ")).join("\n")
      : "";
    this.model = new WidgetModel({
      modelName: "LatentViewModel",
      viewName: "LatentView",
      writable: ["selection", "polygon", "focus"],
      state: {
        n,
        xy: grid,
        domain,
        color_kind: colors.kind,
        color_codes: colors.codes,
        color_label: options.colorLabel ?? (typeof options.color === "string" ? options.color : ""),
        categories: colors.categories,
        color_domain: colors.domain,
        color_scale: colors.scale,
        names: new TextEncoder().encode(names),
        details: details.labels,
        detail_values: details.values,
        x_label: xLabel,
        y_label: yLabel,
        title,
        height,
        selection: emptyMask(n),
        polygon: [],
        focus: -1,
      } as LatentState,
    });
    this.selection = new Selection(this.model, xy.data, sources);
    if (options.selected) this.selection.set(options.selected);
  }

  /** Number of points. */
  get length(): number {
    return this.model.get("n");
  }

  /** Colours the points anew. */
  recolor(color: ColorValues | string, options: Omit<LatentViewOptions, "xy" | "color"> = {}): this {
    const colors = colorsOf({ ...options, color }, this.selection.sources, this.length);
    this.model.set({
      color_kind: colors.kind,
      color_codes: colors.codes,
      color_label: options.colorLabel ?? (typeof color === "string" ? color : ""),
      categories: colors.categories,
      color_domain: colors.domain,
      color_scale: colors.scale,
    } as Partial<LatentState>);
    return this;
  }

  /** Removes the view from the page; the selection stays readable. */
  close(): void {
    this.model.close();
  }

  /** The widget's name in the state of others, such as boxes. @internal */
  reference(): string {
    return this.model.reference();
  }

  toString(): string {
    return `LatentView(${countOf(this.length, "point")}, ${this.selection.size} selected)`;
  }

  [DISPLAY](): { [mimeType: string]: unknown } {
    return this.model.bundle(this.toString());
  }
}

/**
 * Shows an embedding as a scatter plot with a lasso.
 *
 * @returns The view. As the last expression of a cell it shows itself; `view.selection` is what is selected.
 * @throws {RangeError} If colours, names, sources or events are not one per point.
 * @example
 * const view = latentView({ xy: await umap(z, { seed: 1 }), color: mixture.labels, sources: catalog });
 * view.selection.lasso([[0, 0], [2, 0], [1, 3]]).names;
 */
export function latentView(options: LatentViewOptions): LatentView {
  return new LatentView(options);
}

function colorsOf(options: Omit<LatentViewOptions, "xy">, sources: PointSources, n: number): ColorCodes {
  const { color } = options;
  if (color === undefined) {
    return { kind: "none", codes: new Uint8Array(0), categories: [], domain: [0, 1], scale: "linear" };
  }
  const values = typeof color === "string" ? (sources.column(color).values as ColorValues) : color;
  if (values.length !== n) {
    throw new RangeError(
      `Cannot colour points: color must have ${n} values, one per point: current length is ${values.length}`,
    );
  }
  return encodeColors(values, {
    ...(options.colorKind && { kind: options.colorKind }),
    ...(options.colorScale && { scale: options.colorScale }),
    ...(options.categories && { categories: options.categories }),
  });
}

function detailsOf(details: LatentViewOptions["details"], sources: PointSources, n: number) {
  const columns = Array.isArray(details)
    ? (details as readonly string[]).map((label) => ({ label, ...sources.column(label) }))
    : Object.entries(details ?? {}).map(([label, values]) => ({
        label,
        unit: "",
        values: values as ArrayLike<unknown>,
      }));
  const values = new Float32Array(columns.length * n);
  columns.forEach((column, k) => {
    for (let i = 0; i < n; i++) values[k * n + i] = column.values[i] === null ? Number.NaN : Number(column.values[i]);
  });
  return { labels: columns.map(({ label, unit }) => ({ label, unit })), values };
}
