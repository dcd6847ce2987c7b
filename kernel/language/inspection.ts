import type { Documents } from "./documents.ts";
import { positionOf } from "./position.ts";
import { scan, type Token } from "./scan.ts";

/** Signature and documentation of a name. */
export interface InspectionResult {
  found: boolean;
  markdown?: string;
  plain?: string;
}

interface LspHover {
  contents: string | { value: string };
}

/** Describes the name under the cursor, else the one just before it, else the function being called. */
export async function inspectAt(
  documents: Documents,
  document: string,
  code: string,
  cursor: number,
  _detailLevel: number,
): Promise<InspectionResult> {
  for (const offset of candidates(code, cursor)) {
    const position = positionOf(code, offset);
    const hover = await documents.request<LspHover | null>("textDocument/hover", document, { position });
    const markdown = cleaned(hoverText(hover));
    if (markdown) return { found: true, markdown, plain: plainText(markdown) };
  }
  return { found: false };
}

/** Offsets to ask about, best first. */
function candidates(code: string, cursor: number): number[] {
  const { tokens } = scan(code);
  const offsets: number[] = [];
  const under = tokens.find((token) => token.start <= cursor && cursor < token.end && token.kind === "word");
  const left = tokens.find((token) => token.end === cursor && token.kind === "word");
  if (under) offsets.push(under.start);
  if (left) offsets.push(left.start);
  const callee = calleeBefore(tokens, cursor);
  if (callee) offsets.push(callee.start);
  return offsets;
}

/** The name before the innermost parenthesis that is open at the cursor. */
function calleeBefore(tokens: Token[], cursor: number): Token | undefined {
  const before = tokens.filter((token) => token.end <= cursor && token.kind !== "comment");
  let closed = 0;
  for (let at = before.length - 1; at >= 0; at--) {
    const { text } = before[at]!;
    if (text === ")") closed++;
    else if (text === "(" && closed > 0) closed--;
    else if (text === "(") return calleeAt(before, at);
  }
  const last = before.at(-1);
  return last?.text === ")" || last?.text === "." ? before.findLast((token) => token.kind === "word") : undefined;
}

function calleeAt(tokens: Token[], open: number): Token | undefined {
  const previous = tokens[open - 1];
  return previous?.kind === "word" ? previous : undefined;
}

function hoverText(hover: LspHover | null): string {
  const contents = hover?.contents ?? "";
  return typeof contents === "string" ? contents : contents.value;
}

/** Drops what only speaks of the header: that the name is an alias, and the import that made it one. */
function cleaned(markdown: string): string {
  return markdown
    .replace(/^(```\w*\n)\(alias\) /gm, "$1")
    .replace(/\nimport [^\n]*(?=\n```)/g, "")
    .trim();
}

function plainText(markdown: string): string {
  return markdown
    .replace(/^```\w*\n?/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
