import type { GoodGrid } from "./sky-rates.ts";

/** Widths tried, cells: from 2 to half of all. */
const WIDTHS = Array.from({ length: 22 }, (_, i) => 2 * 2 ** (i / 2.1));

/** Weights of a Gaussian, 0 … reach cells away; they add up to 1 over both sides. */
function gaussian(width: number): Float64Array {
  const half = Float64Array.from({ length: Math.ceil(4 * width) + 1 }, (_, i) => Math.exp(-0.5 * (i / width) ** 2));
  const sum = half.reduce((total, value, i) => total + (i === 0 ? value : 2 * value), 0);
  return half.map((value) => value / sum);
}

/** Counts smoothed, reflected at both ends, so that none is lost. */
function smooth(counts: Float64Array, kernel: Float64Array): Float64Array {
  const n = counts.length;
  const out = new Float64Array(n);
  const reflect = (cell: number) => {
    let at = cell;
    while (at < 0 || at >= n) at = at < 0 ? -1 - at : 2 * n - 1 - at;
    return at;
  };
  counts.forEach((count, cell) => {
    if (count === 0) return;
    out[cell]! += count * kernel[0]!;
    for (let i = 1; i < kernel.length; i++) {
      out[reflect(cell - i)]! += count * kernel[i]!;
      out[reflect(cell + i)]! += count * kernel[i]!;
    }
  });
  return out;
}

/** Gaussian kernel estimate of a rate, counts/s, its width chosen by the leave-one-out likelihood. */
export function kernelRate(counts: Float64Array, grid: GoodGrid): Float64Array {
  const total = counts.reduce((sum, value) => sum + value, 0);
  let best = { score: -Infinity, density: counts };
  for (const width of WIDTHS) {
    const kernel = gaussian(width);
    const density = smooth(counts, kernel);
    let score = 0;
    counts.forEach((count, cell) => {
      if (count > 0) score += count * Math.log(Math.max(1e-12, (density[cell]! - kernel[0]!) / (total - 1)));
    });
    if (score > best.score) best = { score, density };
  }
  const cellSec = grid.liveSec / counts.length;
  return best.density.map((value) => value / cellSec);
}
