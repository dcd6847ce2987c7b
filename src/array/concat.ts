/** What typed arrays of one kind have in common here. */
interface Joinable {
  readonly length: number;
  set(values: never, offset: number): void;
}

/**
 * Typed arrays of one type, one after another.
 *
 * @param parts At least one; the first one's type is the result's.
 */
export function concatArrays<T extends Joinable>(parts: readonly T[]): T {
  const [first] = parts as readonly [T];
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const out = new (first.constructor as new (length: number) => T)(total);
  let at = 0;
  for (const part of parts) {
    out.set(part as never, at);
    at += part.length;
  }
  return out;
}
