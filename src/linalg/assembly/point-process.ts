// The two ends of a rate network: Fourier features of time, and the Poisson-process loss with its gradient.

// @ts-ignore: decorator
@inline
function sinPoly(x: f64): f64 {
  const y = x * x;
  return x * (1 + y * (-1.0 / 6 + y * (1.0 / 120 + y * (-1.0 / 5040 + y * (1.0 / 362880 + y * (-1.0 / 39916800
    + y * (1.0 / 6227020800 - y * (1.0 / 1307674368000))))))));
}

// @ts-ignore: decorator
@inline
function cosPoly(x: f64): f64 {
  const y = x * x;
  return 1 + y * (-0.5 + y * (1.0 / 24 + y * (-1.0 / 720 + y * (1.0 / 40320 + y * (-1.0 / 3628800
    + y * (1.0 / 479001600 + y * (-1.0 / 87178291200 + y * (1.0 / 20922789888000))))))));
}

/**
 * Row r of out (stride ld) = [t, sin(pi t), cos(pi t), sin(2 pi t), cos(2 pi t), ... frequencies pairs].
 *
 * The base angle is reduced and evaluated in double precision (Taylor, |x| <= pi/4, error below 1e-15); higher
 * frequencies follow by angle doubling, still in double precision, so that the phase of the twelfth octave keeps
 * 12 digits where a single-precision sin(pi 2^11 t) keeps 4.
 */
export function encodeTime(rows: i32, t: usize, frequencies: i32, out: usize, ld: i32): void {
  for (let r = 0; r < rows; r++) {
    const time = load<f64>(t + (<usize>r << 3));
    let o = out + (<usize>(r * ld) << 2);
    store<f32>(o, <f32>time);
    const quarter = nearest(2 * time);
    const x = (time - 0.5 * quarter) * Math.PI;
    const turns = <i32>(<i64>quarter & 3);
    const s0 = sinPoly(x);
    const c0 = cosPoly(x);
    let s = turns == 0 ? s0 : turns == 1 ? c0 : turns == 2 ? -s0 : -c0;
    let c = turns == 0 ? c0 : turns == 1 ? -s0 : turns == 2 ? -c0 : s0;
    for (let k = 0; k < frequencies; k++) {
      store<f32>(o, <f32>s, 4);
      store<f32>(o, <f32>c, 8);
      o += 8;
      const twice = 2 * s * c;
      c = (c - s) * (c + s);
      s = twice;
    }
  }
}

// @ts-ignore: decorator
@inline
function expSingle(x: f32): f32 {
  const n = nearest(x * <f32>1.4426950408889634);
  let f = x - n * <f32>0.693145751953125;
  f -= n * <f32>1.428606765330187e-6;
  let p: f32 = <f32>1.9841270e-4;
  p = p * f + <f32>1.3888889e-3;
  p = p * f + <f32>8.3333333e-3;
  p = p * f + <f32>4.1666667e-2;
  p = p * f + <f32>1.6666667e-1;
  p = p * f + <f32>0.5;
  p = p * f + <f32>1;
  p = p * f + <f32>1;
  return p * reinterpret<f32>((<i32>n + 127) << 23);
}

/** rate = exp(min(60, max(-80, x))) of every element of a rows x n block, strides in floats. */
export function expRows(rows: i32, n: i32, x: usize, ldx: i32, out: usize, ldo: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < n; j++) {
      const value = load<f32>(x + (<usize>(r * ldx + j) << 2));
      store<f32>(out + (<usize>(r * ldo + j) << 2), expSingle(max<f32>(-80, min<f32>(60, value))));
    }
  }
}

/**
 * Poisson-process loss of a chunk of rows and its gradient by the network's output.
 *
 * Row r belongs to source slot[r], has log rate x[r, e] = out[r, e] + logScale[slot] and adds
 *   - eventWeight[r] * log(exp x[r, band[r]] + background[r])   (an event; weight 0 elsewhere)
 *   + nodeWeight[r] * sum_e exp x[r, e]         (a node of the quadrature)
 *   + linkWeight[r] * sum_e |exp x[r+1, e] - exp x[r, e]|   (total variation to the next row)
 * to loss[slot * 4 + 0, 1, 2] (doubles). gradient[r, e] = slotWeight[slot] times the derivative by out[r, e].
 * `rate` is scratch (rows x ld). Elements from `bands` to ld of gradient are set to zero.
 */
export function pointProcessLoss(
  rows: i32, bands: i32, ld: i32, out: usize, slot: usize, band: usize, eventWeight: usize, nodeWeight: usize,
  background: usize, linkWeight: usize, logScale: usize, slotWeight: usize, rate: usize, gradient: usize, loss: usize,
): void {
  const stride = <usize>ld << 2;
  memory.fill(gradient, 0, <usize>rows * stride);
  for (let r = 0; r < rows; r++) {
    const s = <usize>load<i32>(slot + (<usize>r << 2));
    const scale = load<f32>(logScale + (s << 2));
    const weight = load<f32>(slotWeight + (s << 2));
    const o = out + <usize>r * stride;
    const q = rate + <usize>r * stride;
    const g = gradient + <usize>r * stride;
    const nw = load<f32>(nodeWeight + (<usize>r << 2));
    let sum: f64 = 0;
    for (let e = 0; e < bands; e++) {
      const at = <usize>e << 2;
      const value = expSingle(max<f32>(-80, min<f32>(60, load<f32>(o + at) + scale)));
      store<f32>(q + at, value);
      store<f32>(g + at, weight * nw * value);
      sum += <f64>value;
    }
    const l = loss + (s << 5);
    store<f64>(l, load<f64>(l, 8) + <f64>nw * sum, 8);
    const ew = load<f32>(eventWeight + (<usize>r << 2));
    if (ew != 0) {
      const at = <usize>load<i32>(band + (<usize>r << 2)) << 2;
      const known = load<f32>(background + (<usize>r << 2));
      if (known == 0) {
        store<f64>(l, load<f64>(l) - <f64>ew * (<f64>load<f32>(o + at) + <f64>scale));
        store<f32>(g + at, load<f32>(g + at) - weight * ew);
      } else {
        const source = load<f32>(q + at);
        store<f64>(l, load<f64>(l) - <f64>ew * NativeMath.log(<f64>source + <f64>known));
        store<f32>(g + at, load<f32>(g + at) - weight * ew * source / (source + known));
      }
    }
  }
  for (let r = 0; r < rows - 1; r++) {
    const lw = load<f32>(linkWeight + (<usize>r << 2));
    if (lw == 0) continue;
    const s = <usize>load<i32>(slot + (<usize>r << 2));
    const w = lw * load<f32>(slotWeight + (s << 2));
    let sum: f64 = 0;
    for (let e = 0; e < bands; e++) {
      const q = rate + <usize>r * stride + (<usize>e << 2);
      const g = gradient + <usize>r * stride + (<usize>e << 2);
      const here = load<f32>(q);
      const next = load<f32>(q + stride);
      const step = next - here;
      sum += <f64>abs(step);
      const direction: f32 = step > 0 ? w : step < 0 ? -w : 0;
      store<f32>(g, load<f32>(g) - direction * here);
      store<f32>(g + stride, load<f32>(g + stride) + direction * next);
    }
    const l = loss + (s << 5);
    store<f64>(l, load<f64>(l, 16) + <f64>lw * sum, 16);
  }
}
