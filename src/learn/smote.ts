import { finiteMatrix, type Matrix, nearestRows, type Rows } from "../array/index.ts";
import { Rng } from "../random/index.ts";
import { pickRows } from "./pick-rows.ts";

/** Rows with labels. */
export interface LabelledRows {
  readonly rows: Matrix<Float64Array>;
  readonly labels: readonly string[];
}

/**
 * Synthetic minority oversampling: fills every class up to the largest with points between a member and one of its
 * nearest members. Only ever for training rows; a test set keeps its shares.
 *
 * @param options.nNeighbors Members to go towards; a smaller class uses all it has, and a single member is repeated.
 * Default 5.
 * @param options.seed Default 0.
 * @returns The given rows first, then the new ones.
 * @see Chawla et al. 2002, JAIR 16, 321
 */
export function smote(
  rows: Rows,
  labels: readonly string[],
  options: { readonly nNeighbors?: number; readonly seed?: number } = {},
): LabelledRows {
  const table = finiteMatrix("oversample", rows);
  const [n, d] = table.shape;
  const { nNeighbors = 5, seed = 0 } = options;
  if (labels.length !== n) {
    throw new RangeError(`Cannot oversample: labels must be one per row, ${n}: current number is ${labels.length}`);
  }
  const membersOf = new Map<string, number[]>();
  labels.forEach((label, row) => {
    const members = membersOf.get(label);
    if (members) members.push(row);
    else membersOf.set(label, [row]);
  });
  const largest = Math.max(...[...membersOf.values()].map((members) => members.length));
  const data = new Float64Array(largest * membersOf.size * d);
  data.set(table.data);
  const allLabels = [...labels];
  const rng = new Rng(seed, 13);
  for (const [label, members] of [...membersOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const own = pickRows(table, members);
    const near = new Map<number, Uint32Array>();
    for (let made = members.length; made < largest; made++) {
      const member = rng.integer(members.length);
      const others = near.get(member) ?? nearestRows(own, member, { count: nNeighbors });
      near.set(member, others);
      const from = members[member]!;
      const to = others.length > 0 ? members[others[rng.integer(others.length)]!]! : from;
      const share = rng.uniform();
      const at = allLabels.push(label) - 1;
      for (let j = 0; j < d; j++) {
        const start = table.data[from * d + j]!;
        data[at * d + j] = start + share * (table.data[to * d + j]! - start);
      }
    }
  }
  return { rows: { data, shape: [largest * membersOf.size, d] }, labels: allLabels };
}
