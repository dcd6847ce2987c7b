import type { Rng } from "../random/index.ts";
import type { Extents, ParameterLayout } from "./layout.ts";

/**
 * Fresh decoder weights: Kaiming normal, N(0, 2/fan-in), for the first, last and each block's first layer; zero for
 * biases and each block's second layer, so every block begins as the identity.
 *
 * @param out The flat parameters, overwritten.
 */
export function initializeInto(
  out: Float32Array,
  extents: Extents,
  options: { layout: ParameterLayout; rng: Rng },
): void {
  const { layout, rng } = options;
  const { hidden, latent, given, features, bands, bandsPadded } = extents;
  out.fill(0);
  const fill = (at: number, rows: number, columns: number, used: number, sigma: number) => {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < used; column++) out[at + row * columns + column] = sigma * rng.normal();
    }
  };
  const first = Math.sqrt(2 / (latent + given + features));
  const inner = Math.sqrt(2 / hidden);
  fill(layout.latentIn, latent + given, hidden, hidden, first);
  fill(layout.timeIn, features, hidden, hidden, first);
  for (const block of layout.blocks) fill(block.w0, hidden, hidden, hidden, inner);
  fill(layout.wOut, hidden, bandsPadded, bands, inner);
}
