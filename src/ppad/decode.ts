import { type Extents, givenNumber, type ParameterLayout } from "./layout.ts";

/** Decoder parameters with what is needed to read them. */
export interface Decoder {
  readonly extents: Extents;
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array;
}

/** y[j] += Σᵢ x[i] w[i, j] for a row-major (n, columns) block, skipping zeros, which ReLU makes common. */
export function addProduct(
  y: Float64Array,
  x: Float64Array,
  n: number,
  block: { w: Float32Array; at: number; columns: number },
) {
  const { w, at, columns } = block;
  for (let i = 0; i < n; i++) {
    const value = x[i] as number;
    if (value === 0) continue;
    const row = at + i * columns;
    for (let j = 0; j < columns; j++) y[j] = (y[j] as number) + value * (w[row + j] as number);
  }
}

/** The source that a decoder speaks of. */
export interface DecodedSource {
  /** Latent, length latentSize. */
  readonly z: ArrayLike<number>;
  /** Seconds per decoder unit. */
  readonly unitSec: number;
}

/** First-layer input of a source at every time: bias + [z, what is given of it] W. */
export function sourceInput({ extents, layout, parameters: w }: Decoder, { z, unitSec }: DecodedSource): Float64Array {
  const { hidden, latent, given } = extents;
  const input = Float64Array.from({ length: hidden }, (_, h) => w[layout.biasIn + h] as number);
  const numbers = new Float64Array(latent + given);
  numbers.set(z);
  if (given > 0) numbers[latent] = givenNumber(unitSec);
  addProduct(input, numbers, latent + given, { w, at: layout.latentIn, columns: hidden });
  return input;
}

/** The code [t, sin π2ᵏt, cos π2ᵏt] of a time in decoder units. */
export function encodeTimeInto(code: Float64Array, time: number): void {
  code[0] = time;
  for (let k = 0; k < code.length >> 1; k++) {
    const turns = (time * 2 ** k) % 2;
    code[2 * k + 1] = Math.sin(Math.PI * turns);
    code[2 * k + 2] = Math.cos(Math.PI * turns);
  }
}

/**
 * The decoder in double precision on the calling thread: log r, before any scale, at each time. For a curve or a
 * table; training and embedding use the threaded single-precision engine.
 *
 * @param decoder The parameters.
 * @param times Decoder units.
 * @returns Row-major (times, bands).
 */
export function decode(decoder: Decoder, source: DecodedSource, times: Float64Array): Float64Array {
  const { extents, layout, parameters: w } = decoder;
  const { hidden, features, bands, bandsPadded } = extents;
  const result = new Float64Array(times.length * bands);
  const base = sourceInput(decoder, source);
  const code = new Float64Array(features);
  const active = new Float64Array(hidden);
  const inner = new Float64Array(hidden);
  const x = new Float64Array(hidden);
  const out = new Float64Array(bandsPadded);
  const relu = (target: Float64Array, source: Float64Array) => {
    for (let h = 0; h < hidden; h++) target[h] = Math.max(0, source[h] as number);
  };
  for (let i = 0; i < times.length; i++) {
    encodeTimeInto(code, times[i] as number);
    x.set(base);
    addProduct(x, code, features, { w, at: layout.timeIn, columns: hidden });
    for (const block of layout.blocks) {
      relu(active, x);
      for (let h = 0; h < hidden; h++) inner[h] = w[block.b0 + h] as number;
      addProduct(inner, active, hidden, { w, at: block.w0, columns: hidden });
      relu(inner, inner);
      for (let h = 0; h < hidden; h++) x[h] = (x[h] as number) + (w[block.b1 + h] as number);
      addProduct(x, inner, hidden, { w, at: block.w1, columns: hidden });
    }
    relu(active, x);
    for (let e = 0; e < bandsPadded; e++) out[e] = w[layout.bOut + e] as number;
    addProduct(out, active, hidden, { w, at: layout.wOut, columns: bandsPadded });
    for (let e = 0; e < bands; e++) result[i * bands + e] = out[e] as number;
  }
  return result;
}
