import type { TopLevelSpec } from "vega-lite";
import { checkShape, type Matrix } from "../array/index.ts";
import { type ScatterOptions, scatterPlot } from "./scatter.ts";

/** How a projection is drawn. */
export interface LatentPlotOptions extends ScatterOptions {
  /** Axis titles. Default "UMAP 1" and "UMAP 2". */
  readonly axes?: readonly [string, string];
}

/**
 * Specification of a two-dimensional projection: points coloured by label, cluster or number, a selection emphasised.
 *
 * The second argument may be a Gaussian mixture's fit: its `labels` are taken.
 *
 * @param xy Positions, shape (n, 2).
 * @example figure(latentPlot(xy, { labels: mix.labels })).save("fig3.pdf");
 */
export function latentPlot(xy: Matrix<Float32Array | Float64Array>, options: LatentPlotOptions = {}): TopLevelSpec {
  checkShape("xy", xy, [-1, 2]);
  const [n] = xy.shape;
  const coordinate = (axis: 0 | 1) => Float64Array.from({ length: n }, (_, row) => xy.data[2 * row + axis]!);
  const [xTitle, yTitle] = options.axes ?? ["UMAP 1", "UMAP 2"];
  return scatterPlot(
    {
      x: { values: coordinate(0), title: xTitle, ticks: false },
      y: { values: coordinate(1), title: yTitle, ticks: false },
      what: "projection",
      heightPt: 215,
    },
    options,
  );
}
