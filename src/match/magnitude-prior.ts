/** Densities of a property among counterparts and among other sources, on the same bins. */
export interface MagnitudeHistogram {
  /** Bin edges, ascending, shape (nBins + 1,). */
  readonly edges: ArrayLike<number>;
  /** Density of the true counterparts per bin, shape (nBins,). */
  readonly selected: ArrayLike<number>;
  /** Density of the other sources per bin, shape (nBins,). */
  readonly others: ArrayLike<number>;
}

/** Bins of equal weight of the counterparts, before those added at the ends. */
const N_EDGES = 15;
/** Factor where counterparts occur and other sources do not. */
const UNSEEN_FACTOR = 100;

/**
 * Histograms of a property (a magnitude, a colour) with bins of equal weight in counterparts, reaching over all values.
 *
 * @param selected Values of secure counterparts, finite.
 * @param others Values of sources that are none, finite.
 * @param options.weights Weight of each counterpart. Default 1 each.
 * @throws {RangeError} If there are fewer than two counterparts or no other sources.
 * @see Salvato et al. 2018, MNRAS 473, 4937, section 2.4 and appendix B
 */
export function magnitudeHistogram(
  selected: ArrayLike<number>,
  others: ArrayLike<number>,
  options: { weights?: ArrayLike<number> } = {},
): MagnitudeHistogram {
  if (selected.length < 2 || others.length < 1) {
    throw new RangeError(
      `Cannot make a magnitude prior: there must be at least 2 secure counterparts and 1 other source: current numbers are ${selected.length} and ${others.length}`,
    );
  }
  const weights = Float64Array.from(options.weights ?? Array(selected.length).fill(1));
  const edges = equalWeightEdges(selected, weights);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < others.length; i++) {
    low = Math.min(low, others[i]!);
    high = Math.max(high, others[i]!);
  }
  if (edges.at(-1)! < high) edges.push(high + 1);
  if (edges[0]! > low) edges.unshift(low - 1);
  const ones = new Float64Array(others.length).fill(1);
  return { edges, selected: densities(selected, weights, edges), others: densities(others, ones, edges) };
}

/** How much likelier a counterpart has this value than another source; 1 where the value is unknown or out of range. */
export function magnitudeFactor({ edges, selected, others }: MagnitudeHistogram, value: number): number {
  const last = edges.length - 1;
  if (!(value >= edges[0]! && value <= edges[last]!)) return 1;
  let bin = 0;
  while (bin < last - 1 && value >= edges[bin + 1]!) bin++;
  return others[bin] === 0 ? UNSEEN_FACTOR : selected[bin]! / others[bin]!;
}

/** Values at equal steps of the cumulative weight, without repetition. */
function equalWeightEdges(values: ArrayLike<number>, weights: Float64Array): number[] {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const share = new Float64Array(order.length);
  let sum = 0;
  for (const [i, row] of order.entries()) share[i] = (sum += weights[row]!) / total;
  share[0] = 0;
  share[share.length - 1] = 1;
  const edges: number[] = [];
  let at = 0;
  for (let step = 0; step < N_EDGES; step++) {
    const wanted = step / (N_EDGES - 1);
    while (at < share.length - 2 && share[at + 1]! < wanted) at++;
    const [a, b] = [values[order[at]!]!, values[order[at + 1]!]!];
    const fraction = (wanted - share[at]!) / (share[at + 1]! - share[at]!);
    const edge = a + (b - a) * fraction;
    if (edges.length === 0 || edge > edges.at(-1)!) edges.push(edge);
  }
  return edges;
}

/** Weight per unit of the property in each bin, normalised to 1; the last bin holds its upper edge. */
function densities(values: ArrayLike<number>, weights: Float64Array, edges: readonly number[]): Float64Array {
  const sums = new Float64Array(edges.length - 1);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= edges[0]! && value <= edges.at(-1)!)) continue;
    let bin = sums.length - 1;
    while (value < edges[bin]!) bin--;
    sums[bin]! += weights[i]!;
    total += weights[i]!;
  }
  return sums.map((sum, bin) => sum / total / (edges[bin + 1]! - edges[bin]!));
}
