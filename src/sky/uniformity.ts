/**
 * Chances that arrival times are not uniform: one minus the significance of the Kolmogorov–Smirnov and Kuiper
 * statistics, by their asymptotic series with Stephens' correction for the sample size. NaN without events.
 *
 * @param phase Event times as fractions of the good time, ascending, within [0, 1).
 * @see Stephens 1970, J. R. Stat. Soc. B 32, 115.
 */
export function uniformityTests(phase: Float64Array): { ks: number; kuiper: number } {
  const n = phase.length;
  if (n === 0) return { ks: Number.NaN, kuiper: Number.NaN };
  let above = 0;
  let below = 0;
  phase.forEach((u, i) => {
    above = Math.max(above, (i + 1) / n - u);
    below = Math.max(below, u - i / n);
  });
  const root = Math.sqrt(n);
  return {
    ks: 1 - ksTail(Math.max(above, below) * (root + 0.12 + 0.11 / root)),
    kuiper: 1 - kuiperTail((above + below) * (root + 0.155 + 0.24 / root)),
  };
}

function ksTail(lambda: number): number {
  if (lambda < 0.3) return 1;
  let sum = 0;
  for (let j = 1; j <= 40; j++) sum += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * (j * lambda) ** 2);
  return Math.min(1, Math.max(0, sum));
}

function kuiperTail(lambda: number): number {
  if (lambda < 0.4) return 1;
  let sum = 0;
  for (let j = 1; j <= 40; j++) {
    const square = (j * lambda) ** 2;
    sum += 2 * (4 * square - 1) * Math.exp(-2 * square);
  }
  return Math.min(1, Math.max(0, sum));
}
