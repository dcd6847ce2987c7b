/** Parameters of the embedding's similarity 1 / (1 + a d^(2b)). */
export interface SimilarityCurve {
  readonly a: number;
  readonly b: number;
}

/**
 * The curve nearest, in least squares over 300 distances up to 3 `spread`, to 1 within `minDist` and
 * exp(−(d − minDist) / spread) beyond. Levenberg–Marquardt in (ln a, ln b).
 *
 * @see McInnes, Healy & Melville 2018, arXiv:1802.03426, definition 11
 * @example
 * similarityCurve(0.1, 1); // a = 1.577, b = 0.895
 */
export function similarityCurve(minDist: number, spread: number): SimilarityCurve {
  const x = Float64Array.from({ length: 300 }, (_, i) => (3 * spread * i) / 299);
  const y = x.map((d) => (d < minDist ? 1 : Math.exp(-(d - minDist) / spread)));
  let p = 0;
  let q = 0;
  let damping = 1e-3;
  let error = residual(x, y, p, q);
  for (let iteration = 0; iteration < 200; iteration++) {
    let [pp, pq, qq, gp, gq] = [0, 0, 0, 0, 0];
    for (let i = 1; i < x.length; i++) {
      const power = Math.exp(p) * x[i] ** (2 * Math.exp(q));
      const f = 1 / (1 + power);
      const dp = -f * f * power;
      const dq = dp * 2 * Math.exp(q) * Math.log(x[i]);
      pp += dp * dp;
      pq += dp * dq;
      qq += dq * dq;
      gp += dp * (y[i] - f);
      gq += dq * (y[i] - f);
    }
    const [mp, mq] = [pp * (1 + damping), qq * (1 + damping)];
    const determinant = mp * mq - pq * pq;
    const stepP = (mq * gp - pq * gq) / determinant;
    const stepQ = (mp * gq - pq * gp) / determinant;
    const next = residual(x, y, p + stepP, q + stepQ);
    if (next <= error) {
      p += stepP;
      q += stepQ;
      damping /= 10;
      if (Math.abs(stepP) + Math.abs(stepQ) < 1e-12) break;
      error = next;
    } else if ((damping *= 10) > 1e12) break;
  }
  return { a: Math.exp(p), b: Math.exp(q) };
}

function residual(x: Float64Array, y: Float64Array, p: number, q: number): number {
  return x.reduce((sum, d, i) => sum + (y[i] - 1 / (1 + Math.exp(p) * d ** (2 * Math.exp(q)))) ** 2, 0);
}
