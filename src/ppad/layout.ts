import { TILE_COLUMNS } from "../linalg/index.ts";
import type { PpadConfig } from "./config.ts";

/** Extents of the decoder, with what the kernels need rounded up. */
export interface Extents {
  readonly latent: number;
  readonly hidden: number;
  readonly blocks: number;
  /** Numbers in the time code. */
  readonly features: number;
  /** Features rounded up to a multiple of 4. */
  readonly featuresPadded: number;
  readonly bands: number;
  /** Bands rounded up to a multiple of 8. */
  readonly bandsPadded: number;
}

/** Offsets, in floats, of the decoder's parameters in one flat array; matrices are (inputs, outputs), row-major. */
export interface ParameterLayout {
  readonly latentIn: number;
  readonly timeIn: number;
  readonly biasIn: number;
  readonly blocks: readonly { readonly w0: number; readonly b0: number; readonly w1: number; readonly b1: number }[];
  readonly wOut: number;
  readonly bOut: number;
  /** Floats in all, a multiple of 4. */
  readonly size: number;
}

/** The extents that a configuration asks for. */
export function extentsOf(config: PpadConfig): Extents {
  const features = 1 + 2 * config.frequencies;
  const bands = config.bandEdgesEv.length - 1;
  return {
    latent: config.latentSize,
    hidden: config.hiddenSize,
    blocks: config.blocks,
    features,
    featuresPadded: Math.ceil(features / 4) * 4,
    bands,
    bandsPadded: Math.ceil(bands / TILE_COLUMNS) * TILE_COLUMNS,
  };
}

/** Where each parameter lies. Padded rows and columns hold zeros and stay zero: their gradients vanish. */
export function layoutParameters(extents: Extents): ParameterLayout {
  const { hidden } = extents;
  let next = 0;
  const take = (count: number) => {
    const at = next;
    next += Math.ceil(count / 4) * 4;
    return at;
  };
  const latentIn = take(extents.latent * hidden);
  const timeIn = take(extents.featuresPadded * hidden);
  const biasIn = take(hidden);
  const blocks = Array.from({ length: extents.blocks }, () => ({
    w0: take(hidden * hidden),
    b0: take(hidden),
    w1: take(hidden * hidden),
    b1: take(hidden),
  }));
  const wOut = take(hidden * extents.bandsPadded);
  const bOut = take(extents.bandsPadded);
  return { latentIn, timeIn, biasIn, blocks, wOut, bOut, size: next };
}
