/** ln Γ(x), x > 0, to about 1e-14: shift to x ≥ 12, then Stirling's series. */
export function lnGamma(x: number): number {
  let shift = 0;
  while (x < 12) shift += Math.log(x++);
  const y = 1 / (x * x);
  const series = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/** Regularised lower incomplete gamma function P(a, x): power series below a + 1, continued fraction above. */
export function gammaP(a: number, x: number): number {
  if (x <= 0) return 0;
  if (x < a + 1) {
    const front = Math.exp(a * Math.log(x) - x - lnGamma(a));
    let term = 1 / a;
    let sum = term;
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) sum += term *= x / (a + n);
    return Math.min(front * sum, 1);
  }
  return Math.max(1 - upperFraction(a, x), 0);
}

/** Q(a, x) for x ≥ a + 1, by its continued fraction. */
function upperFraction(a: number, x: number): number {
  const front = Math.exp(a * Math.log(x) - x - lnGamma(a));
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let n = 1, delta = 0; n < 100_000 && Math.abs(delta - 1) > 1e-16; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    h *= delta = c * d;
  }
  return front * h;
}

/** Regularised incomplete beta function I_x(a, b), by its continued fraction. */
export function betaI(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaI(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + lnGamma(a + b) - lnGamma(a) - lnGamma(b) - Math.log(a));
  // Steed-like evaluation from the front (modified Lentz)
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return front * h;
}

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/** x in [low, high] where the increasing function f reaches `target`, by bisection to the last digit. */
export function solveIncreasing(f: (x: number) => number, target: number, low: number, high: number): number {
  for (let step = 0; step < 200; step++) {
    const middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if (f(middle) < target) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}

/** Chance that χ² with so many degrees of freedom reaches a value, Q(dof/2, value/2). */
export function chiSquareTail(value: number, degrees: number): number {
  return gammaQ(degrees / 2, value / 2);
}

/** Regularised upper incomplete gamma function Q(a, x) = 1 − P(a, x), exact also where it is tiny. */
export function gammaQ(a: number, x: number): number {
  if (!(x > 0)) return 1;
  return x < a + 1 ? 1 - gammaP(a, x) : upperFraction(a, x);
}

/** Chance that a standard normal variate exceeds a value. */
export function erfcTail(value: number): number {
  const tail = 0.5 * gammaQ(0.5, 0.5 * value * value);
  return value >= 0 ? tail : 1 - tail;
}
