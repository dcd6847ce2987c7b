/** Position in a document whose first line is a header, of an offset in the code below it. */
export function positionOf(code: string, offset: number): { line: number; character: number } {
  const before = code.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: 1 + (before.match(/\n/g)?.length ?? 0), character: offset - lineStart };
}
