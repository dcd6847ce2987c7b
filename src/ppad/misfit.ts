import type { ExposureNodes } from "./exposure-nodes.ts";
import type { PreparedRecord } from "./population.ts";

/** Counts expected in a bin. */
const COUNTS_PER_BIN = 4;
/** Fewer bins tell nothing about their scatter. */
const MIN_BINS = 5;

/** Counts expected up to each photon, and in all: the trapezoid over the nodes' exposure, flat beyond first and last. */
function expectedCounts(
  record: PreparedRecord,
  { before }: ExposureNodes,
  rate: Float64Array,
): { upTo: Float64Array; whole: number } {
  const last = before.length - 1;
  const sum = new Float64Array(before.length);
  sum[0] = before[0]! * rate[0]!;
  for (let i = 1; i <= last; i++) {
    sum[i] = sum[i - 1]! + 0.5 * (rate[i - 1]! + rate[i]!) * (before[i]! - before[i - 1]!);
  }
  let node = 0;
  const upTo = record.before.map((live) => {
    while (node < last && before[node + 1]! <= live) node++;
    if (live < before[0]!) return live * rate[0]!;
    const part = live - before[node]!;
    if (node === last) return sum[node]! + part * rate[node]!;
    const slope = (rate[node + 1]! - rate[node]!) / (before[node + 1]! - before[node]!);
    return sum[node]! + part * (rate[node]! + 0.5 * slope * part);
  });
  return { upTo, whole: sum[last]! + (record.live - before[last]!) * rate[last]! };
}

/**
 * How much a source's photons scatter about a rate beyond Poisson noise, as a share of the rate squared: in bins of
 * equal expected counts μ, (mean of (n − μ)² − μ)/μ², and 0 where the noise explains them.
 *
 * By time rescaling the bins are equal whatever the rate, so a burst that the rate misses fills one of them, and what
 * it sees where nothing is leaves others empty.
 *
 * @param rate Counts per decoder unit at the nodes.
 * @returns 0 for fewer than 20 photons, which cannot tell.
 * @see Brown et al. 2002, Neural Computation 14, 325 for the rescaling; Vaughan et al. 2003, MNRAS 345, 1271 for the
 * excess variance
 */
export function excessVariance(record: PreparedRecord, nodes: ExposureNodes, rate: Float64Array): number {
  const bins = Math.floor(record.before.length / COUNTS_PER_BIN);
  if (bins < MIN_BINS) return 0;
  const { upTo, whole } = expectedCounts(record, nodes, rate);
  const mu = whole / bins;
  const counts = new Float64Array(bins);
  for (const value of upTo) counts[Math.min(bins - 1, Math.floor(value / mu))]!++;
  const scatter = counts.reduce((sum, n) => sum + (n - mu) ** 2, 0) / bins;
  return Math.max(0, (scatter - mu) / mu ** 2);
}
