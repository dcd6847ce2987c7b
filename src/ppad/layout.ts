import { TILE_COLUMNS } from "../linalg/index.ts";
import type { PpadConfig } from "./config.ts";

/** Extents of the decoder, with what the kernels need rounded up. */
export interface Extents {
  readonly latent: number;
  /** Numbers of each source that the decoder is given beside its latent: its length, or none. */
  readonly given: number;
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
  /** Rows of the latent's numbers, then of those given. */
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
    given: config.lengthInput ? 1 : 0,
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
  const latentIn = take((extents.latent + extents.given) * hidden);
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

/** A length that the decoder is given as 0, seconds. */
const LENGTH_SEC = 10_000;

/**
 * What the decoder is given of a source beside its latent: log₁₀ of its length over 10 ks, if anything.
 *
 * @param unitSec Seconds per decoder unit, which is the length where the decoder is given it.
 */
export function givenNumber(unitSec: number): number {
  return Math.log10(unitSec / LENGTH_SEC);
}
