import { categoryColor } from "../plot/index.ts";

/** Labels of points: class names, or cluster numbers as a Gaussian mixture gives them. Negative numbers mean none. */
export type Labels = ArrayLike<string> | ArrayLike<number>;

/** Most categories that a legend shows by themselves; the rarest others are summed up. */
const MAX_CATEGORIES = 10;
const OTHERS = "other";
/** Points without a label are faint. */
export const UNLABELLED = "none";

/** "component 2" before "component 10". */
const inCountingOrder = (a: string, b: string) => a.localeCompare(b, "en", { numeric: true });

/** Labels as text, the categories from the most frequent to the rarest (numbered ones in their order), and their colours. */
export interface Categories {
  readonly of: readonly string[];
  readonly names: readonly string[];
  readonly colors: readonly string[];
}

/** Sorts labels into categories; cluster numbers and names that end in a number are in the order of the numbers. */
export function categorise(labels: Labels): Categories {
  const numeric = typeof labels[0] === "number";
  const texts = Array.from(labels as ArrayLike<string | number>, (label) =>
    typeof label === "number" ? (label < 0 ? UNLABELLED : String(label)) : label || UNLABELLED,
  );
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const byCount = [...counts.keys()]
    .filter((name) => name !== UNLABELLED)
    .sort((a, b) => counts.get(b)! - counts.get(a)!);
  const kept = byCount.slice(0, MAX_CATEGORIES);
  if (numeric || kept.every((name) => /\d$/.test(name))) kept.sort(inCountingOrder);
  const colors = kept.map((_, index) => categoryColor(index));
  const lumped = byCount.length > kept.length;
  if (lumped) [kept.push(OTHERS), colors.push("#a0a0a0")];
  if (counts.has(UNLABELLED)) [kept.push(UNLABELLED), colors.push("#c8c8c8")];
  const keptSet = new Set(kept);
  return { of: texts.map((text) => (keptSet.has(text) ? text : OTHERS)), names: kept, colors };
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Rows in the order they are best drawn: categories of like size mixed, so that none hides another, rare ones towards
 * the end, so that they lie on top, and points without a label first.
 *
 * Row i of a category with share p of all points gets the key uᵢᵖ, u evenly spread over 0–1.
 */
export function drawOrder(categories: Categories): number[] {
  const { of } = categories;
  const counts = new Map<string, number>();
  for (const name of of) counts.set(name, (counts.get(name) ?? 0) + 1);
  const key = Float64Array.from(of, (name, row) =>
    name === UNLABELLED ? -1 : (((row + 1) * GOLDEN) % 1) ** (counts.get(name)! / of.length),
  );
  return Array.from(of.keys()).sort((a, b) => key[a]! - key[b]! || a - b);
}
