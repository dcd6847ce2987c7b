import type { Matrix } from "../array/index.ts";
import { fitUmapModel, type UmapModel } from "./fit.ts";
import type { UmapOptions } from "./options.ts";
import { transformUmap } from "./transform.ts";

/** As umap-js takes them: `UmapOptions` with a source of randomness in place of a seed. */
export interface UmapParameters extends UmapOptions {
  /** Uniform on [0, 1); called once, for the seed. Default: none, and the seed is `seed` or 0. */
  readonly random?: () => number;
}

/**
 * The class of umap-js over this library's UMAP, so that code written for the one runs on the other. Works on the
 * calling thread; in a notebook `umap()` is the better choice.
 *
 * Not carried over: `distanceFn` (see `metric`), supervised projection, precomputed neighbours and single steps.
 *
 * @see https://github.com/PAIR-code/umap-js
 * @example
 * const xy = new UMAP({ nNeighbors: 15, random: () => 0.5 }).fit(rows); // number[][]
 */
export class UMAP {
  readonly #options: UmapOptions;
  #model: UmapModel | undefined;

  constructor(parameters: UmapParameters = {}) {
    const { random, seed = 0, ...options } = parameters;
    this.#options = { ...options, seed: random ? Math.floor(random() * 2 ** 32) : seed };
  }

  /** Embeds rows; returns their coordinates. */
  fit(rows: readonly (readonly number[])[]): number[][] {
    this.#model = fitUmapModel(rows, this.#options);
    return this.getEmbedding();
  }

  /** As `fit`; `callback` is told finished epochs from time to time and ends the layout by returning false. */
  async fitAsync(
    rows: readonly (readonly number[])[],
    callback: (epoch: number) => unknown = () => true,
  ): Promise<number[][]> {
    let stop = false;
    this.#model = fitUmapModel(rows, this.#options, {
      report: ({ done }) => {
        if (done > 0 && callback(done) === false) stop = true;
      },
      stopped: () => stop,
    });
    return this.getEmbedding();
  }

  /** Places new rows on the fitted embedding; returns their coordinates. */
  transform(rows: readonly (readonly number[])[]): number[][] {
    return toRows(transformUmap(this.#fitted("transform by UMAP"), rows));
  }

  /** Coordinates of the fitted rows. */
  getEmbedding(): number[][] {
    return toRows(this.#fitted("get an embedding").embedding);
  }

  #fitted(action: string): UmapModel {
    if (!this.#model) throw new Error(`Cannot ${action}: fit() must have been called`);
    return this.#model;
  }
}

function toRows({ data, shape: [n, d] }: Matrix<Float32Array>): number[][] {
  return Array.from({ length: n }, (_, row) => [...data.subarray(row * d, (row + 1) * d)]);
}
