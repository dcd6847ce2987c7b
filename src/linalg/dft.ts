import { type FftPlan, fftInto, planFft } from "./fft.ts";

/** What a transform of some size needs; make it once and use it often. */
export interface DftPlan {
  readonly size: number;
  readonly fft: FftPlan;
  /** Bluestein's chirp and the transform of its conjugate; undefined for powers of 2. */
  readonly chirp: { readonly cos: Float64Array; readonly sin: Float64Array } | undefined;
  readonly kernel: { readonly re: Float64Array; readonly im: Float64Array } | undefined;
}

/**
 * Prepares transforms of any size; sizes that are no powers of 2 go by Bluestein's convolution.
 *
 * @throws {RangeError} If the size is not a whole number above 0.
 */
export function planDft(size: number): DftPlan {
  if (!(Number.isInteger(size) && size > 0)) {
    throw new RangeError(`Cannot plan a Fourier transform: size must be whole and above 0: current value is ${size}`);
  }
  if (Number.isInteger(Math.log2(size))) return { size, fft: planFft(size), chirp: undefined, kernel: undefined };
  const padded = 2 ** Math.ceil(Math.log2(2 * size));
  const fft = planFft(padded);
  const cos = new Float64Array(size);
  const sin = new Float64Array(size);
  const re = new Float64Array(padded);
  const im = new Float64Array(padded);
  for (let i = 0; i < size; i++) {
    // i² mod 2n keeps the angle small and exact
    const angle = (Math.PI * ((i * i) % (2 * size))) / size;
    cos[i] = Math.cos(angle);
    sin[i] = Math.sin(angle);
    re[i] = re[(padded - i) % padded] = cos[i] as number;
    im[i] = im[(padded - i) % padded] = sin[i] as number;
  }
  fftInto(re, im, fft, -1);
  return { size, fft, chirp: { cos, sin }, kernel: { re, im } };
}

/** Σ x_j e^{−2πijk/n} for k = 0 … n−1 of a real series of the plan's size, not normalised. */
export function transformReal(series: ArrayLike<number>, plan: DftPlan): { re: Float64Array; im: Float64Array } {
  const { size, fft, chirp, kernel } = plan;
  const re = new Float64Array(fft.size);
  const im = new Float64Array(fft.size);
  if (!chirp || !kernel) {
    for (let i = 0; i < size; i++) re[i] = series[i] as number;
    fftInto(re, im, fft, -1);
    return { re, im };
  }
  const { cos, sin } = chirp;
  for (let i = 0; i < size; i++) {
    re[i] = (series[i] as number) * (cos[i] as number);
    im[i] = -(series[i] as number) * (sin[i] as number);
  }
  fftInto(re, im, fft, -1);
  for (let i = 0; i < fft.size; i++) {
    const [a, b] = [re[i] as number, im[i] as number];
    const [c, d] = [kernel.re[i] as number, kernel.im[i] as number];
    re[i] = a * c - b * d;
    im[i] = a * d + b * c;
  }
  fftInto(re, im, fft, 1);
  const out = { re: new Float64Array(size), im: new Float64Array(size) };
  for (let i = 0; i < size; i++) {
    const [a, b] = [(re[i] as number) / fft.size, (im[i] as number) / fft.size];
    out.re[i] = a * (cos[i] as number) + b * (sin[i] as number);
    out.im[i] = b * (cos[i] as number) - a * (sin[i] as number);
  }
  return out;
}
