const COUNT = 10_000;
/** ZBLANK of pixels that were exactly 0 before SUBTRACTIVE_DITHER_2. */
const ZERO_VALUE = -2_147_483_646;

let table: Float32Array | undefined;

/** The standard's random numbers in 0–1: Park and Miller's generator from seed 1, in single precision. */
function randomNumbers(): Float32Array {
  if (table) return table;
  let seed = 1;
  table = Float32Array.from({ length: COUNT }, () => {
    seed = Number((16_807n * BigInt(seed)) % 2_147_483_647n);
    return seed / 2_147_483_647;
  });
  return table;
}

/** How a tile of reals was made integers. */
export interface Quantization {
  readonly scale: number;
  readonly zero: number;
  readonly blank: number | undefined;
  /** Undefined without dithering, else the number of the tile (from 0) and ZDITHER0. */
  readonly dither?: { readonly tile: number; readonly seed: number; readonly keepsZero: boolean } | undefined;
}

/**
 * Reals of a tile that was quantised: scale · (integer − random + ½) + zero, without dithering scale · integer + zero.
 *
 * @see FITS Standard 4.0, section 10.2
 */
export function dequantize(integers: Int32Array, { scale, zero, blank, dither }: Quantization): Float64Array {
  const random = randomNumbers();
  let row = dither ? (dither.tile + dither.seed - 1) % COUNT : 0;
  let next = Math.floor((random[row] as number) * 500);
  const shift = (): number => {
    if (!dither) return 0;
    const by = 0.5 - (random[next] as number);
    if (++next === COUNT) {
      row = (row + 1) % COUNT;
      next = Math.floor((random[row] as number) * 500);
    }
    return by;
  };
  return Float64Array.from(integers, (value) => {
    const by = shift();
    if (value === blank) return Number.NaN;
    if (dither?.keepsZero && value === ZERO_VALUE) return 0;
    return (value + by) * scale + zero;
  });
}
