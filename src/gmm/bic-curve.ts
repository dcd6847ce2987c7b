import { finiteMatrix, type Rows } from "../array/index.ts";
import { DISPLAY } from "../host/index.ts";
import { xyPlotSvg } from "../plot/index.ts";
import { fitGmm, type GmmContext } from "./fit.ts";
import type { GmmOptions } from "./options.ts";

/** As `GmmOptions`, but with all the numbers of components to try; initialisations are always drawn. */
export interface BicCurveOptions extends Omit<GmmOptions, "nComponents" | "init"> {
  readonly nComponents: readonly number[];
}

/** BIC against the number of components, to choose it by. */
export class BicCurve {
  readonly nComponents: Int32Array;
  /** Best BIC of the initialisations at each number of components; lower is better. */
  readonly bic: Float64Array;
  /** Difference quotient of BIC between neighbouring numbers of components; flat where more components stop paying. */
  readonly gradient: Float64Array;

  constructor(nComponents: ArrayLike<number>, bic: ArrayLike<number>) {
    this.nComponents = Int32Array.from(nComponents);
    this.bic = Float64Array.from(bic);
    this.gradient = differences(this.nComponents, this.bic);
  }

  /** The number of components with the lowest BIC. */
  get best(): number {
    return this.nComponents[this.bic.indexOf(Math.min(...this.bic))];
  }

  /** BIC against K, drawn; as text, a table. */
  [DISPLAY](): { "text/html": string; "text/plain": string } {
    const rows = Array.from(this.nComponents, (k, at) => `${String(k).padStart(4)}  ${this.bic[at].toFixed(2)}`);
    const { nComponents: x, bic: y } = this;
    const svg = xyPlotSvg({
      title: `BIC by number of components, lowest at ${this.best}`,
      x: { label: "components" },
      y: { label: "BIC" },
      marks: [
        { kind: "line", x, y },
        { kind: "points", x, y, radius: 3 },
      ],
    });
    return { "text/html": svg, "text/plain": [`   K  BIC (lowest at K = ${this.best})`, ...rows].join("\n") };
  }
}

/** Central differences inside, one-sided at the ends, as numpy.gradient. */
function differences(x: Int32Array, y: Float64Array): Float64Array {
  return y.map((_, at) => {
    const low = Math.max(0, at - 1);
    const high = Math.min(y.length - 1, at + 1);
    return high > low ? (y[high] - y[low]) / (x[high] - x[low]) : 0;
  });
}

/**
 * Fits mixtures of several sizes and returns their BIC.
 *
 * @param options As for `fitGmm`, with all numbers of components to try. Default of `nInit`: 3.
 * @param context Progress and stopping; when stopped, the curve ends at the last finished size.
 */
export function fitBicCurve(data: Rows, options: BicCurveOptions, context?: GmmContext): BicCurve {
  const matrix = finiteMatrix("fit BIC curve", data);
  const tried: number[] = [];
  const bic: number[] = [];
  const { nComponents: sizes, ...shared } = options;
  for (const nComponents of sizes) {
    if (tried.length > 0 && context?.stopped()) break;
    tried.push(nComponents);
    bic.push(fitGmm(matrix, { nInit: 3, ...shared, nComponents }).bic);
    context?.report({
      done: tried.length,
      total: sizes.length,
      message: `K = ${nComponents}: BIC ${bic.at(-1)?.toFixed(2)}`,
      values: { nComponents, bic: bic.at(-1) as number },
    });
  }
  return new BicCurve(tried, bic);
}
