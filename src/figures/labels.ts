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

/** Rows in the order they are best drawn: the most frequent categories first, so that rare points lie on top. */
export function drawOrder(categories: Categories): number[] {
  const counts = new Map<string, number>();
  for (const name of categories.of) counts.set(name, (counts.get(name) ?? 0) + (name === UNLABELLED ? 1e9 : 1));
  return Array.from(categories.of.keys()).sort(
    (a, b) => counts.get(categories.of[b]!)! - counts.get(categories.of[a]!)! || a - b,
  );
}
