import type { WidgetValue } from "../protocol/buffers.ts";

/** What the latent view's two sides share; field names as they go over the wire. */

/** Largest value of a quantised coordinate. */
export const GRID = 65534;

/** Both coordinates of a point without a position: it is not drawn, and no lasso takes it. */
export const NO_PLACE = 65535;

/** Colour code of a point without a category or number. */
export const NO_COLOR = 255;

/** How points are coloured: all alike, by category, or by a number on a scale. */
export type ColorKind = "none" | "category" | "number";

/** A column shown on the hover card. */
export type Detail = { readonly label: string; readonly unit: string };

/** Synchronised state of a latent view. */
export interface LatentState {
  readonly [key: string]: WidgetValue;
  readonly n: number;
  /** u16 pairs x, y on a grid over `domain`; 4 bytes a point. */
  readonly xy: ArrayBufferView;
  /** x of grid 0 and 65535, y of grid 0 and 65535. */
  readonly domain: readonly number[];
  readonly color_kind: ColorKind;
  /** One byte a point: the category, or a number scaled to 0–254; 255 for none. */
  readonly color_codes: ArrayBufferView;
  readonly color_label: string;
  /** Names of the categories. */
  readonly categories: readonly string[];
  /** Numbers of code 0 and code 254. */
  readonly color_domain: readonly number[];
  readonly color_scale: "linear" | "log";
  /** Names of the points: UTF-8, one a line. Empty when there are none. */
  readonly names: ArrayBufferView;
  readonly details: readonly Detail[];
  /** f32 numbers for the hover card, detail after detail. */
  readonly detail_values: ArrayBufferView;
  readonly x_label: string;
  readonly y_label: string;
  readonly title: string;
  readonly height: number;
  /** Bit mask, see mask.ts. Both sides set it. */
  readonly selection: ArrayBufferView;
  /** Corners of the last lasso or rectangle in data coordinates; empty after other ways of selecting. */
  readonly polygon: readonly (readonly number[])[];
  /** The point in the focus of linked views, or -1. Both sides set it. */
  readonly focus: number;
}

/** Points as u16 pairs over the extent of the finite ones; the others get `NO_PLACE`. */
export function quantise(xy: ArrayLike<number>): { grid: Uint16Array; domain: [number, number, number, number] } {
  let [xMin, xMax, yMin, yMax] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (let i = 0; i + 1 < xy.length; i += 2) {
    const [x, y] = [xy[i] as number, xy[i + 1] as number];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    xMin = Math.min(xMin, x);
    xMax = Math.max(xMax, x);
    yMin = Math.min(yMin, y);
    yMax = Math.max(yMax, y);
  }
  if (xMin > xMax) [xMin, xMax, yMin, yMax] = [0, 1, 0, 1];
  if (xMin === xMax) [xMin, xMax] = [xMin - 0.5, xMax + 0.5];
  if (yMin === yMax) [yMin, yMax] = [yMin - 0.5, yMax + 0.5];
  const grid = new Uint16Array(xy.length).fill(NO_PLACE);
  for (let i = 0; i + 1 < xy.length; i += 2) {
    const [x, y] = [xy[i] as number, xy[i + 1] as number];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    grid[i] = Math.round((GRID * (x - xMin)) / (xMax - xMin));
    grid[i + 1] = Math.round((GRID * (y - yMin)) / (yMax - yMin));
  }
  return { grid, domain: [xMin, xMax, yMin, yMax] };
}
