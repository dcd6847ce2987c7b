/**
 * How many of something, such as "1 bin" or "2,408 photons".
 *
 * @param plural Default: the singular with an s.
 */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? singular : plural}`;
}
