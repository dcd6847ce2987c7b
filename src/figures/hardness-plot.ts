import type { TopLevelSpec } from "vega-lite";
import { type ScatterOptions, scatterPlot } from "./scatter.ts";

/** A table whose columns are asked for by name, as a Catalog. */
export interface ColumnSource {
  column(name: string): ArrayLike<unknown>;
}

/** Which hardness ratios are drawn. */
export interface HardnessPlotOptions extends ScatterOptions {
  /** Column on the horizontal axis. Default "hard_ms". */
  readonly x?: string;
  /** Column on the vertical axis. Default "hard_hm". */
  readonly y?: string;
}

const TITLES: Readonly<Record<string, string>> = {
  hard_ms: "(M − S) / (M + S)",
  hard_hm: "(H − M) / (H + M)",
  hard_hs: "(H − S) / (H + S)",
};

/**
 * Specification of a colour–colour diagram of hardness ratios, with both axes from −1 to 1.
 *
 * @param table A catalogue with hardness columns.
 */
export function hardnessPlot(table: ColumnSource, options: HardnessPlotOptions = {}): TopLevelSpec {
  const { x = "hard_ms", y = "hard_hm" } = options;
  const axis = (name: string) => ({
    values: Float64Array.from(table.column(name), (value) => (typeof value === "number" ? value : Number.NaN)),
    title: TITLES[name] ?? name,
    domain: [-1.03, 1.03] as const,
  });
  return scatterPlot({ x: axis(x), y: axis(y), what: "hardness ratios", heightPt: 235 }, options);
}
