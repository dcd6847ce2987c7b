// Element-wise kernels around the products: gather, scatter, sums, Adam. Lengths in floats; n multiples of 4.

/** Copies row `index[r]` of table (stride n) to row r of out (stride ldOut). */
export function gatherRows(rows: i32, n: i32, table: usize, index: usize, out: usize, ldOut: i32): void {
  for (let r = 0; r < rows; r++) {
    const from = table + (<usize>(load<i32>(index + (<usize>r << 2)) * n) << 2);
    memory.copy(out + (<usize>(r * ldOut) << 2), from, <usize>n << 2);
  }
}

/** Adds row r of a (stride lda) to row `index[r]` of table (stride n). */
export function scatterAddRows(rows: i32, n: i32, a: usize, lda: i32, index: usize, table: usize): void {
  for (let r = 0; r < rows; r++) {
    let to = table + (<usize>(load<i32>(index + (<usize>r << 2)) * n) << 2);
    let from = a + (<usize>(r * lda) << 2);
    for (let j = 0; j < n; j += 4) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
      to += 16;
      from += 16;
    }
  }
}

/** out (n) += column sums of a (rows x n, stride lda). n must be a multiple of 8. */
export function addColumnSums(rows: i32, n: i32, a: usize, lda: i32, out: usize): void {
  for (let j = 0; j < n; j += 8) {
    let p = a + (<usize>j << 2);
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    for (let r = 0; r < rows; r++) {
      s0 = f32x4.add(s0, v128.load(p));
      s1 = f32x4.add(s1, v128.load(p, 16));
      p += <usize>lda << 2;
    }
    const o = out + (<usize>j << 2);
    v128.store(o, f32x4.add(v128.load(o), s0));
    v128.store(o, f32x4.add(v128.load(o, 16), s1), 16);
  }
}

/** out[i] = max(0, a[i]), row by row. */
export function reluRows(rows: i32, n: i32, a: usize, out: usize, ld: i32): void {
  const zero = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    const row = <usize>(r * ld) << 2;
    for (let j: usize = 0; j < <usize>n << 2; j += 16) {
      v128.store(out + row + j, f32x4.max(v128.load(a + row + j), zero));
    }
  }
}

/** out += a. */
export function addInto(n: i32, out: usize, a: usize): void {
  for (let i: usize = 0; i < <usize>n << 2; i += 16) {
    v128.store(out + i, f32x4.add(v128.load(out + i), v128.load(a + i)));
  }
}

/** Sum of squares, in double precision. */
export function sumSquares(n: i32, a: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  for (let i: usize = 0; i < <usize>n << 2; i += 16) {
    const x = v128.load(a + i);
    const low = f64x2.promote_low_f32x4(x);
    const high = f64x2.promote_low_f32x4(i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
    s0 = f64x2.add(s0, f64x2.mul(low, low));
    s1 = f64x2.add(s1, f64x2.mul(high, high));
  }
  const s = f64x2.add(s0, s1);
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

/**
 * One Adam step (Kingma & Ba 2015, algorithm 1, in the form PyTorch uses): `step` = rate / (1 - beta1^t),
 * `root` = 1 / sqrt(1 - beta2^t); the gradient is multiplied by `scale` first (clipping).
 */
export function adam(
  n: i32, w: usize, g: usize, m: usize, v: usize, scale: f32, step: f32, root: f32, beta1: f32, beta2: f32, eps: f32,
): void {
  const sc = f32x4.splat(scale);
  const b1 = f32x4.splat(beta1);
  const b2 = f32x4.splat(beta2);
  const c1 = f32x4.splat(1 - beta1);
  const c2 = f32x4.splat(1 - beta2);
  const st = f32x4.splat(step);
  const ro = f32x4.splat(root);
  const ep = f32x4.splat(eps);
  for (let i: usize = 0; i < <usize>n << 2; i += 16) {
    const gi = f32x4.mul(v128.load(g + i), sc);
    const mi = f32x4.add(f32x4.mul(b1, v128.load(m + i)), f32x4.mul(c1, gi));
    const vi = f32x4.add(f32x4.mul(b2, v128.load(v + i)), f32x4.mul(c2, f32x4.mul(gi, gi)));
    v128.store(m + i, mi);
    v128.store(v + i, vi);
    const denominator = f32x4.add(f32x4.mul(f32x4.sqrt(vi), ro), ep);
    v128.store(w + i, f32x4.sub(v128.load(w + i), f32x4.div(f32x4.mul(st, mi), denominator)));
  }
}
