import { Rng } from "../random/index.ts";

/**
 * Deals groups out to folds, so that all rows of a group (all observations, all chunks of one source) are on the same
 * side of every split, and each class is spread evenly.
 *
 * @param groups What each row belongs to, such as the source's name.
 * @param options.folds Number of folds. Default 5.
 * @param options.strata Class of each row; a group goes by its first row's. Default: one for all.
 * @param options.seed Default 0.
 * @returns Fold of each row, 0 … folds − 1.
 * @throws {RangeError} If there are fewer groups than folds.
 */
export function groupFolds(
  groups: readonly (string | number)[],
  options: { readonly folds?: number; readonly strata?: readonly string[] | undefined; readonly seed?: number } = {},
): Uint32Array {
  const { folds = 5, strata, seed = 0 } = options;
  const stratumOf = new Map<string | number, string>();
  groups.forEach((group, row) => {
    if (!stratumOf.has(group)) stratumOf.set(group, strata?.[row] ?? "");
  });
  if (!Number.isInteger(folds) || folds < 2 || folds > stratumOf.size) {
    throw new RangeError(
      `Cannot split by group: folds must be an integer within 2–${stratumOf.size}, the number of groups: current value is ${folds}`,
    );
  }
  const rng = new Rng(seed, 11);
  const foldOf = new Map<string | number, number>();
  // One hand of cards goes round over all classes, so folds differ by one group at most.
  let dealt = 0;
  for (const stratum of [...new Set(stratumOf.values())].sort()) {
    const members = [...stratumOf.keys()].filter((group) => stratumOf.get(group) === stratum);
    const order = rng.shuffleInto(Uint32Array.from(members, (_, index) => index));
    for (const index of order) foldOf.set(members[index]!, dealt++ % folds);
  }
  return Uint32Array.from(groups, (group) => foldOf.get(group)!);
}
