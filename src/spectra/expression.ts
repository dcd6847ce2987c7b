/** A model expression: components joined by * and +, with parentheses. */
export type Expression =
  | { readonly type: "component"; readonly name: string; readonly label: string | undefined }
  | { readonly type: "product" | "sum"; readonly terms: readonly Expression[] };

const TOKEN = /\s*(?:([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?|([*+()]))/y;

/**
 * Parses "tbabs*(powerlaw + gauss.iron)". A name after a dot labels the instance.
 *
 * @throws {SyntaxError} At the first character that cannot be understood, with its position.
 */
export function parseExpression(text: string): Expression {
  const tokens = tokenize(text);
  let at = 0;
  const fail = (expected: string): never => {
    const token = tokens[at];
    throw new SyntaxError(
      `Cannot parse model "${text}": ${expected} is expected at position ${(token?.position ?? text.length) + 1}: current text is "${token?.text ?? ""}"`,
    );
  };
  const list = (operator: "*" | "+", type: "product" | "sum", next: () => Expression): Expression => {
    const terms = [next()];
    while (tokens[at]?.text === operator) {
      at++;
      terms.push(next());
    }
    return terms.length === 1 ? terms[0] : { type, terms };
  };
  const atom = (): Expression => {
    const token = tokens[at];
    if (token?.text === "(") {
      at++;
      const inner = sum();
      if (tokens[at]?.text !== ")") fail('")"');
      at++;
      return inner;
    }
    if (!token || token.name === undefined) return fail("the name of a component");
    at++;
    return { type: "component", name: token.name, label: token.label };
  };
  const product = () => list("*", "product", atom);
  const sum = (): Expression => list("+", "sum", product);
  const expression = sum();
  if (at < tokens.length) fail('"*", "+" or the end');
  return expression;
}

interface Token {
  readonly text: string;
  readonly position: number;
  readonly name?: string | undefined;
  readonly label?: string | undefined;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (text.slice(position).trim() !== "") {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (!match) {
      const bad = position + text.slice(position).search(/\S/);
      throw new SyntaxError(
        `Cannot parse model "${text}": names, "*", "+", "(" and ")" are allowed: current character at position ${bad + 1} is "${text[bad]}"`,
      );
    }
    position = TOKEN.lastIndex;
    tokens.push({
      text: match[0].trim(),
      position: match.index + match[0].search(/\S/),
      name: match[1],
      label: match[2],
    });
  }
  return tokens;
}
