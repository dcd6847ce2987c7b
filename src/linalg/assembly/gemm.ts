// Single-precision matrix products on 128-bit vectors with fused multiply-add (relaxed SIMD).
//
// Register tile: 6 rows x 8 columns = 12 accumulators, 2 vectors of B and 1 broadcast of A, which is all 15 vector
// registers that V8 leaves on x86-64. B comes in packed panels of 8 columns, so the inner loop reads it in order.

/** What a product does with its result; keep in step with EPILOGUE in ../kernels.ts. */
// 0 BIAS_RELU  C = max(0, AB + bias)
// 1 ADD_RELU   C += AB + bias; D = max(0, C)
// 2 BIAS       C = AB + bias
// 3 MASK       C = AB where D > 0, else 0
// 4 MASK_ADD   C += AB where D > 0

// @ts-ignore: decorator
@inline
function finish(mode: i32, acc: v128, c: usize, d: usize, bias: v128): void {
  if (mode == 0) {
    v128.store(c, f32x4.max(f32x4.add(acc, bias), f32x4.splat(0)));
  } else if (mode == 1) {
    const sum = f32x4.add(v128.load(c), f32x4.add(acc, bias));
    v128.store(c, sum);
    v128.store(d, f32x4.max(sum, f32x4.splat(0)));
  } else if (mode == 2) {
    v128.store(c, f32x4.add(acc, bias));
  } else if (mode == 3) {
    v128.store(c, v128.and(acc, f32x4.gt(v128.load(d), f32x4.splat(0))));
  } else {
    const kept = v128.and(acc, f32x4.gt(v128.load(d), f32x4.splat(0)));
    v128.store(c, f32x4.add(v128.load(c), kept));
  }
}

/** Packs B (k x n, row stride ldb floats) into panels of 8 columns. n must be a multiple of 8. */
export function packPanels(b: usize, ldb: i32, k: i32, n: i32, out: usize): void {
  let o = out;
  for (let j = 0; j < n; j += 8) {
    let p = b + (<usize>j << 2);
    for (let r = 0; r < k; r++) {
      v128.store(o, v128.load(p));
      v128.store(o, v128.load(p, 16), 16);
      o += 32;
      p += <usize>ldb << 2;
    }
  }
}

/** Packs the transpose of B (n x k, row stride ldb floats) into panels of 8 columns: as packPanels of Bᵀ (k x n). */
export function packPanelsTransposed(b: usize, ldb: i32, k: i32, n: i32, out: usize): void {
  let o = out;
  for (let j = 0; j < n; j += 8) {
    for (let r = 0; r < k; r++) {
      for (let c = 0; c < 8; c++) {
        store<f32>(o, load<f32>(b + ((<usize>((j + c) * ldb + r)) << 2)));
        o += 4;
      }
    }
  }
}

/**
 * C (m x n) from A (m x k) times packed B (k x n), with an epilogue. m must be a multiple of 6, n of 8.
 * Strides in floats. `bias` points at n floats (modes 0 to 2); `d` has C's stride.
 */
export function gemm(
  m: i32, n: i32, k: i32, a: usize, lda: i32, packed: usize, c: usize, ldc: i32, mode: i32, bias: usize, d: usize,
): void {
  const ra = <usize>lda << 2;
  const rc = <usize>ldc << 2;
  for (let j = 0; j < n; j += 8) {
    const panel = packed + (<usize>(j * k) << 2);
    const column = <usize>j << 2;
    let bias0 = f32x4.splat(0);
    let bias1 = f32x4.splat(0);
    if (bias != 0) {
      bias0 = v128.load(bias + column);
      bias1 = v128.load(bias + column, 16);
    }
    for (let i = 0; i < m; i += 6) {
      let b = panel;
      let a0 = a + <usize>i * ra;
      let a1 = a0 + ra;
      let a2 = a1 + ra;
      let a3 = a2 + ra;
      let a4 = a3 + ra;
      let a5 = a4 + ra;
      let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
      let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
      let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
      let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
      let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
      let c50 = f32x4.splat(0), c51 = f32x4.splat(0);
      for (let p = 0; p < k; p++) {
        const b0 = v128.load(b);
        const b1 = v128.load(b, 16);
        const s0 = v128.load32_splat(a0);
        c00 = f32x4.relaxed_madd(s0, b0, c00);
        c01 = f32x4.relaxed_madd(s0, b1, c01);
        const s1 = v128.load32_splat(a1);
        c10 = f32x4.relaxed_madd(s1, b0, c10);
        c11 = f32x4.relaxed_madd(s1, b1, c11);
        const s2 = v128.load32_splat(a2);
        c20 = f32x4.relaxed_madd(s2, b0, c20);
        c21 = f32x4.relaxed_madd(s2, b1, c21);
        const s3 = v128.load32_splat(a3);
        c30 = f32x4.relaxed_madd(s3, b0, c30);
        c31 = f32x4.relaxed_madd(s3, b1, c31);
        const s4 = v128.load32_splat(a4);
        c40 = f32x4.relaxed_madd(s4, b0, c40);
        c41 = f32x4.relaxed_madd(s4, b1, c41);
        const s5 = v128.load32_splat(a5);
        c50 = f32x4.relaxed_madd(s5, b0, c50);
        c51 = f32x4.relaxed_madd(s5, b1, c51);
        a0 += 4;
        a1 += 4;
        a2 += 4;
        a3 += 4;
        a4 += 4;
        a5 += 4;
        b += 32;
      }
      let offset = <usize>i * rc + column;
      finish(mode, c00, c + offset, d + offset, bias0);
      finish(mode, c01, c + offset + 16, d + offset + 16, bias1);
      offset += rc;
      finish(mode, c10, c + offset, d + offset, bias0);
      finish(mode, c11, c + offset + 16, d + offset + 16, bias1);
      offset += rc;
      finish(mode, c20, c + offset, d + offset, bias0);
      finish(mode, c21, c + offset + 16, d + offset + 16, bias1);
      offset += rc;
      finish(mode, c30, c + offset, d + offset, bias0);
      finish(mode, c31, c + offset + 16, d + offset + 16, bias1);
      offset += rc;
      finish(mode, c40, c + offset, d + offset, bias0);
      finish(mode, c41, c + offset + 16, d + offset + 16, bias1);
      offset += rc;
      finish(mode, c50, c + offset, d + offset, bias0);
      finish(mode, c51, c + offset + 16, d + offset + 16, bias1);
    }
  }
}

/** What `gemm` does with its product, for a product Y (m x n) made elsewhere. Y may be C. n must be a multiple of 4. */
export function finishRows(
  m: i32, n: i32, y: usize, ldy: i32, c: usize, ldc: i32, mode: i32, bias: usize, d: usize,
): void {
  for (let i = 0; i < m; i++) {
    const from = y + (<usize>(i * ldy) << 2);
    const row = <usize>(i * ldc) << 2;
    for (let j: usize = 0; j < <usize>n << 2; j += 16) {
      const added = bias != 0 ? v128.load(bias + j) : f32x4.splat(0);
      finish(mode, v128.load(from + j), c + row + j, d + row + j, added);
    }
  }
}

/**
 * C (m x n) += Aᵀ B for A (rows x m) and B (rows x n): the gradient of a weight matrix. m must be a multiple of 4,
 * n of 8. `scratch` holds rows x 8 floats (the packed panel of B).
 */
export function gemmOuter(
  m: i32, n: i32, rows: i32, a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, scratch: usize,
): void {
  const ra = <usize>lda << 2;
  const rc = <usize>ldc << 2;
  for (let j = 0; j < n; j += 8) {
    packPanels(b + (<usize>j << 2), ldb, rows, 8, scratch);
    for (let i = 0; i < m; i += 4) {
      let p = scratch;
      let q = a + (<usize>i << 2);
      let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
      let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
      let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
      let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
      for (let r = 0; r < rows; r++) {
        const b0 = v128.load(p);
        const b1 = v128.load(p, 16);
        const s0 = v128.load32_splat(q);
        c00 = f32x4.relaxed_madd(s0, b0, c00);
        c01 = f32x4.relaxed_madd(s0, b1, c01);
        const s1 = v128.load32_splat(q, 4);
        c10 = f32x4.relaxed_madd(s1, b0, c10);
        c11 = f32x4.relaxed_madd(s1, b1, c11);
        const s2 = v128.load32_splat(q, 8);
        c20 = f32x4.relaxed_madd(s2, b0, c20);
        c21 = f32x4.relaxed_madd(s2, b1, c21);
        const s3 = v128.load32_splat(q, 12);
        c30 = f32x4.relaxed_madd(s3, b0, c30);
        c31 = f32x4.relaxed_madd(s3, b1, c31);
        p += 32;
        q += ra;
      }
      let o = c + <usize>i * rc + (<usize>j << 2);
      v128.store(o, f32x4.add(v128.load(o), c00));
      v128.store(o, f32x4.add(v128.load(o, 16), c01), 16);
      o += rc;
      v128.store(o, f32x4.add(v128.load(o), c10));
      v128.store(o, f32x4.add(v128.load(o, 16), c11), 16);
      o += rc;
      v128.store(o, f32x4.add(v128.load(o), c20));
      v128.store(o, f32x4.add(v128.load(o, 16), c21), 16);
      o += rc;
      v128.store(o, f32x4.add(v128.load(o), c30));
      v128.store(o, f32x4.add(v128.load(o, 16), c31), 16);
    }
  }
}
