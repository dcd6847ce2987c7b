/**
 * The best partition of cells into blocks of constant Poisson rate.
 *
 * Maximises Σ over blocks of N(ln N − ln T) − penalty, N and T the counts and lengths of a block: Scargle's fitness for
 * events, by his dynamic programme over the last change point. Instead of trying every change point for each cell, this
 * keeps only those that are still best for some rate λ: a candidate's value F + N ln λ − λT differs from another's by a
 * concave function of λ that later cells do not change, so one that has lost its last stretch of λ can never win again
 * (functional pruning). The result is the exact optimum; the cost falls from O(n²) to about O(n · candidates), of which
 * a few tens are left even in 10⁵ photons of a constant source.
 *
 * @param counts Counts per cell, > 0, length n.
 * @param lengths Length of each cell, > 0, any unit, length n.
 * @returns Index of the first cell of each block, ascending; the first is 0. Empty without cells.
 * @see Scargle et al. 2013, ApJ 764, 167, eq. 19 and section 2.6; Maidstone et al. 2017, Stat. Comput. 27, 519
 */
export function partitionBlocks(counts: ArrayLike<number>, lengths: ArrayLike<number>, penalty: number): Int32Array {
  const n = counts.length;
  const best = new Float64Array(n + 1);
  const lastChange = new Int32Array(n + 1);
  const sums = cumulative(counts, lengths);
  let pieces: Piece[] = [{ start: 0, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }];
  for (let end = 1; end <= n; end++) {
    let value = Number.NEGATIVE_INFINITY;
    let change = 0;
    for (const { start } of pieces) {
      const found = (best[start] as number) + blockFitness(sums, start, end);
      if (found > value || (found === value && start < change)) {
        value = found;
        change = start;
      }
    }
    best[end] = value - penalty;
    lastChange[end] = change;
    if (end < n) pieces = withCandidate(pieces, end, { best, sums });
  }
  return changePoints(lastChange);
}

/** A stretch of ln λ on which the blocks that begin with cell `start` are the best. */
interface Piece {
  readonly start: number;
  readonly low: number;
  readonly high: number;
}

interface Sums {
  readonly counts: Float64Array;
  readonly lengths: Float64Array;
}

function cumulative(counts: ArrayLike<number>, lengths: ArrayLike<number>): Sums {
  const sums = { counts: new Float64Array(counts.length + 1), lengths: new Float64Array(counts.length + 1) };
  for (let i = 0; i < counts.length; i++) {
    sums.counts[i + 1] = (sums.counts[i] as number) + (counts[i] as number);
    sums.lengths[i + 1] = (sums.lengths[i] as number) + (lengths[i] as number);
  }
  return sums;
}

/** N(ln N − ln T) of the cells from `start` up to `end`. */
function blockFitness({ counts, lengths }: Sums, start: number, end: number): number {
  const n = (counts[end] as number) - (counts[start] as number);
  return n * Math.log(n / ((lengths[end] as number) - (lengths[start] as number)));
}

/** Gives a new change point the rates at which it beats the candidates so far. */
function withCandidate(pieces: readonly Piece[], end: number, state: { best: Float64Array; sums: Sums }): Piece[] {
  const { best, sums } = state;
  const out: Piece[] = [];
  for (const { start, low, high } of pieces) {
    const n = (sums.counts[end] as number) - (sums.counts[start] as number);
    const length = (sums.lengths[end] as number) - (sums.lengths[start] as number);
    // Each block adds N(ln λ − λT/N + 1) at its own best rate, so the constant is N per count
    const ahead = (best[start] as number) - (best[end] as number) + n;
    const [from, to] = winningRates(ahead, n, length, low, high);
    if (!(from < to)) {
      push(out, end, low, high);
      continue;
    }
    if (from > low) push(out, end, low, from);
    push(out, start, from, to);
    if (to < high) push(out, end, to, high);
  }
  return out;
}

function push(pieces: Piece[], start: number, low: number, high: number): void {
  const last = pieces.at(-1);
  if (last?.start === start) pieces[pieces.length - 1] = { start, low: last.low, high };
  else pieces.push({ start, low, high });
}

/** Where g(x) = ahead + n x − length·eˣ ≥ 0 within [low, high], x = ln λ; empty (from ≥ to) if nowhere. */
function winningRates(ahead: number, n: number, length: number, low: number, high: number): readonly [number, number] {
  const g = (x: number) => ahead + n * x - length * Math.exp(x);
  const top = Math.log(n / length);
  const most = ahead + n * (top - 1);
  if (!(most > 0)) return [0, 0];
  const lowWins = low > Number.NEGATIVE_INFINITY && g(low) >= 0;
  const highWins = high < Number.POSITIVE_INFINITY && g(high) >= 0;
  // g is concave: below zero on all of a piece that lies beside its top and whose end towards the top loses
  if ((!lowWins && top <= low) || (!highWins && top >= high)) return [0, 0];
  const from = lowWins ? low : root(g, n, length, top - 1 - most / n);
  const to = highWins ? high : root(g, n, length, top + Math.sqrt((2 * most) / n));
  return [Math.max(from, low), Math.min(to, high)];
}

/** Newton's method from outside the two roots of the concave g, where it goes towards them without overshooting. */
function root(g: (x: number) => number, n: number, length: number, from: number): number {
  let x = from;
  for (let round = 0; round < 60; round++) {
    const step = g(x) / (n - length * Math.exp(x));
    x -= step;
    if (Math.abs(step) < 1e-13 * (1 + Math.abs(x))) break;
  }
  return x;
}

function changePoints(lastChange: Int32Array): Int32Array {
  const starts: number[] = [];
  for (let end = lastChange.length - 1; end > 0; end = lastChange[end] as number)
    starts.push(lastChange[end] as number);
  return Int32Array.from(starts.reverse());
}
