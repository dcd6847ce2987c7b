/** Twiddle factors and bit reversal of one size. */
export interface FftPlan {
  readonly size: number;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  readonly reversed: Uint32Array;
}

/** Prepares transforms of a size, a power of 2. */
export function planFft(size: number): FftPlan {
  const bits = Math.log2(size);
  if (!Number.isInteger(bits)) {
    throw new RangeError(`Cannot plan an FFT: size must be a power of 2: current value is ${size}`);
  }
  const angle = (2 * Math.PI) / size;
  const reversed = new Uint32Array(size);
  for (let i = 1; i < size; i++) reversed[i] = (reversed[i >> 1] >> 1) | ((i & 1) << (bits - 1));
  return {
    size,
    cos: Float64Array.from({ length: size / 2 }, (_, i) => Math.cos(angle * i)),
    sin: Float64Array.from({ length: size / 2 }, (_, i) => Math.sin(angle * i)),
    reversed,
  };
}

/**
 * Discrete Fourier transform in place, Σ x_j e^{∓2πijk/n}, radix 2, not normalised.
 *
 * @param direction −1 is the forward transform, +1 the inverse times n.
 */
export function fftInto(re: Float64Array, im: Float64Array, plan: FftPlan, direction: -1 | 1): void {
  const { size, cos, sin, reversed } = plan;
  for (let i = 0; i < size; i++) {
    const j = reversed[i];
    if (j <= i) continue;
    let kept = re[i];
    re[i] = re[j];
    re[j] = kept;
    kept = im[i];
    im[i] = im[j];
    im[j] = kept;
  }
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (2 * half);
    for (let block = 0; block < size; block += 2 * half) {
      for (let k = 0, top = block, bottom = block + half; k < half; k++, top++, bottom++) {
        const wr = cos[k * stride];
        const wi = direction * sin[k * stride];
        const br = re[bottom];
        const bi = im[bottom];
        const xr = br * wr - bi * wi;
        const xi = br * wi + bi * wr;
        re[bottom] = re[top] - xr;
        im[bottom] = im[top] - xi;
        re[top] += xr;
        im[top] += xi;
      }
    }
  }
}
