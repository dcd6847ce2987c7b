import leven from "leven";

/** Up to this many names an error lists whole. */
const WHOLE = 60;
const SOME = 24;

/**
 * Names in the order of their likeness to one that was typed, by edits; a name that holds the other one, or is held by
 * it, counts as near. Case does not count.
 */
export function nearestNames(typed: string, known: readonly string[]): string[] {
  const distance = new Map(known.map((name) => [name, editsBetween(typed.toLowerCase(), name.toLowerCase())]));
  return known.toSorted((a, b) => (distance.get(a) as number) - (distance.get(b) as number));
}

/**
 * What an error says of the names it allows, after "must be one of …": the one that was meant if one is near, then all
 * names, nearest first, or the nearest 24 of more than 60.
 *
 * @example knownNames("hard_hss", ["ra", "hard_hs"]) // ' (did you mean "hard_hs"?): "hard_hs", "ra"'
 */
export function knownNames(typed: string, known: readonly string[]): string {
  const sorted = nearestNames(typed, known);
  const [nearest] = sorted;
  const isNear =
    nearest !== undefined && editsBetween(typed.toLowerCase(), nearest.toLowerCase()) <= Math.max(1, typed.length / 3);
  const shown = known.length > WHOLE ? sorted.slice(0, SOME) : sorted;
  const rest = known.length - shown.length;
  const list = shown.map((name) => `"${name}"`).join(", ");
  return `${isNear ? ` (did you mean "${nearest}"?)` : ""}: ${list}${rest > 0 ? `, … ${rest} more` : ""}`;
}

/** Levenshtein's distance; what only lacks letters at its ends counts half. */
function editsBetween(a: string, b: string): number {
  return a.includes(b) || b.includes(a) ? Math.abs(a.length - b.length) / 2 : leven(a, b);
}
