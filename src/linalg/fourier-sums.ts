import { type FftPlan, fftInto, planFft } from "./fft.ts";

/** Frequencies f_k = first + k · step, k = 0 … count − 1. */
export interface FrequencyGrid {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Grid cells on each side that a sample is spread over; 12 gives twelve digits at two-fold oversampling. */
const SPREAD = 12;

/**
 * Fourier sums of unevenly spaced samples, Σ_j c_j e^{2πi f_k t_j}, at many frequencies in O(n + m log m).
 *
 * Samples are spread by a Gaussian on a grid of at least twice as many points, transformed, and the Gaussian divided
 * out. Relative to Σ|c| the error is below 1e-11.
 *
 * @param times Times, length n; take a near origin off first.
 * @param weights c_j, real; default all 1.
 * @see Greengard & Lee 2004, SIAM Rev. 46, 443
 */
export function fourierSums(
  times: ArrayLike<number>,
  grid: FrequencyGrid,
  weights?: ArrayLike<number>,
): { re: Float64Array; im: Float64Array } {
  const { first, step, count } = grid;
  const size = 2 ** Math.ceil(Math.log2(Math.max(2 * count, 4 * SPREAD)));
  const half = count >> 1;
  const ratio = size / count;
  const tau = (Math.PI * SPREAD) / (count * count * ratio * (ratio - 0.5));
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const middle = first + half * step;
  for (let j = 0; j < times.length; j++) {
    const time = times[j] as number;
    const weight = weights ? (weights[j] as number) : 1;
    const turn = 2 * Math.PI * fraction(middle * time);
    spreadInto(re, im, {
      at: 2 * Math.PI * fraction(step * time),
      tau,
      re: weight * Math.cos(turn),
      im: weight * Math.sin(turn),
    });
  }
  fftInto(re, im, planOf(size), 1);
  const out = { re: new Float64Array(count), im: new Float64Array(count) };
  for (let k = 0; k < count; k++) {
    const order = k - half;
    const cell = (order + size) % size;
    const scale = (Math.sqrt(Math.PI / tau) * Math.exp(order * order * tau)) / size;
    out.re[k] = scale * (re[cell] as number);
    out.im[k] = scale * (im[cell] as number);
  }
  return out;
}

function fraction(value: number): number {
  return value - Math.floor(value);
}

/** Adds a sample at an angle, 0 … 2π, to the grid: e^{−(x−ξ)²/4τ}, by three exponentials and products. */
function spreadInto(
  gridRe: Float64Array,
  gridIm: Float64Array,
  sample: { at: number; tau: number; re: number; im: number },
): void {
  const size = gridRe.length;
  const width = (2 * Math.PI) / size;
  const { at, tau, re, im } = sample;
  const cell = Math.floor(at / width);
  const offset = at - cell * width;
  const centre = Math.exp((-offset * offset) / (4 * tau));
  const slope = Math.exp((offset * width) / (2 * tau));
  let up = centre;
  let down = centre;
  for (let l = 0; l <= SPREAD; l++) {
    const fall = Math.exp((-l * l * width * width) / (4 * tau));
    if (l > 0) {
      up *= slope;
      down /= slope;
    }
    addTo(gridRe, gridIm, (cell + l) % size, up * fall * re, up * fall * im);
    if (l > 0) addTo(gridRe, gridIm, (cell - l + size) % size, down * fall * re, down * fall * im);
  }
}

function addTo(gridRe: Float64Array, gridIm: Float64Array, cell: number, re: number, im: number): void {
  gridRe[cell] = (gridRe[cell] as number) + re;
  gridIm[cell] = (gridIm[cell] as number) + im;
}

let latest: FftPlan | undefined;

/** The plan of a size, kept for the next call. */
function planOf(size: number): FftPlan {
  if (latest?.size !== size) latest = planFft(size);
  return latest;
}
