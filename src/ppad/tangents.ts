import { addProduct, type DecodedSource, type Decoder, encodeTimeInto, sourceInput } from "./decode.ts";

/** Log rates and how they change with the latent. */
export interface DecodedTangents {
  /** log r before any scale, shape (times, bands). */
  readonly log: Float64Array;
  /** ∂ log r/∂z, shape (times, bands, latent). */
  readonly slope: Float64Array;
}

/**
 * The decoder in double precision with its derivatives by the latent, forward mode: one more row through the network
 * for each latent number.
 *
 * @param times Decoder units.
 */
export function decodeTangents(decoder: Decoder, source: DecodedSource, times: Float64Array): DecodedTangents {
  const { extents, layout, parameters: w } = decoder;
  const { hidden, latent, features, bands, bandsPadded } = extents;
  const log = new Float64Array(times.length * bands);
  const slope = new Float64Array(times.length * bands * latent);
  const base = sourceInput(decoder, source);
  const code = new Float64Array(features);
  // Row 0 is the value, row 1 + l its derivative by the l-th latent number.
  const rows = latent + 1;
  const row = (of: Float64Array, index: number, size: number) => of.subarray(index * size, (index + 1) * size);
  const x = new Float64Array(rows * hidden);
  const active = new Float64Array(rows * hidden);
  const inner = new Float64Array(rows * hidden);
  const out = new Float64Array(bandsPadded);
  /** Cuts every row where the value is negative: the derivative of ReLU is 0 or 1. */
  const rectify = (from: Float64Array, to: Float64Array) => {
    for (let h = 0; h < hidden; h++) {
      const on = from[h]! > 0;
      for (let r = 0; r < rows; r++) to[r * hidden + h] = on ? from[r * hidden + h]! : 0;
    }
  };
  const through = (to: Float64Array, from: Float64Array, at: number) => {
    for (let r = 0; r < rows; r++) {
      addProduct(row(to, r, hidden), row(from, r, hidden), hidden, { w, at, columns: hidden });
    }
  };
  const addBias = (to: Float64Array, at: number) => {
    for (let h = 0; h < hidden; h++) to[h]! += w[at + h]!;
  };
  for (let i = 0; i < times.length; i++) {
    encodeTimeInto(code, times[i]!);
    x.set(base);
    addProduct(row(x, 0, hidden), code, features, { w, at: layout.timeIn, columns: hidden });
    x.set(w.subarray(layout.latentIn, layout.latentIn + latent * hidden), hidden);
    for (const block of layout.blocks) {
      rectify(x, active);
      inner.fill(0);
      addBias(inner, block.b0);
      through(inner, active, block.w0);
      rectify(inner, active);
      addBias(x, block.b1);
      through(x, active, block.w1);
    }
    rectify(x, active);
    for (let r = 0; r < rows; r++) {
      for (let e = 0; e < bandsPadded; e++) out[e] = r === 0 ? w[layout.bOut + e]! : 0;
      addProduct(out, row(active, r, hidden), hidden, { w, at: layout.wOut, columns: bandsPadded });
      for (let e = 0; e < bands; e++) {
        if (r === 0) log[i * bands + e] = out[e]!;
        else slope[(i * bands + e) * latent + r - 1] = out[e]!;
      }
    }
  }
  return { log, slope };
}
