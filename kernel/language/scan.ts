/** A piece of TypeScript text. `depth` counts the brackets open around it. */
export interface Token {
  kind: "word" | "number" | "string" | "template" | "regex" | "punctuation" | "comment";
  text: string;
  start: number;
  end: number;
  depth: number;
}

/** What a text leaves open at its end. */
export interface Scan {
  tokens: Token[];
  /** Brackets not closed, outermost first. `${` stands for a template's substitution. */
  open: { bracket: string; start: number }[];
  /** Set where the text ends inside a comment, template, string or regular expression. */
  unfinished?: "comment" | "template" | "string" | "regex";
  /** Offset of a closing bracket that closes nothing, if there is one. */
  mismatch?: number;
}

const CLOSES: Record<string, string> = { ")": "(", "]": "[", "}": "{" };
const WORD = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /(?:0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][+-]?\d+)?)n?/y;
const PUNCTUATION = /\.\.\.|=>|\?\.(?!\d)|(?:\*\*|&&|\|\||\?\?|<<|>>>?)=?|[-+*/%&|^!=<>]=+|\+\+|--|./suy;
/** Words after which a `/` begins a regular expression. */
const BEFORE_REGEX = new Set(
  "return typeof case do else in instanceof new delete void throw await yield of extends".split(" "),
);

/**
 * Splits TypeScript into tokens without parsing it, so that it also works on half-written code. A `/` is told from a
 * regular expression by the token before it.
 */
export function scan(code: string): Scan {
  return new Scanner(code).run();
}

class Scanner {
  readonly #code: string;
  readonly #result: Scan = { tokens: [], open: [] };
  #at = 0;

  constructor(code: string) {
    this.#code = code;
  }

  run(): Scan {
    const code = this.#code;
    while (this.#at < code.length && this.#result.mismatch === undefined) {
      const char = code[this.#at]!;
      if (/\s/.test(char)) this.#at++;
      else if (code.startsWith("//", this.#at)) this.#lineComment();
      else if (code.startsWith("/*", this.#at)) this.#until("*/", "comment");
      else if (char === '"' || char === "'") this.#quoted(char);
      else if (char === "`") this.#template(1);
      else if (char === "}" && this.#result.open.at(-1)?.bracket === "${") this.#closeSubstitution();
      else if (char === "/" && this.#regexAllowed()) this.#regex();
      else if (/[\d]/.test(char) || (char === "." && /\d/.test(code[this.#at + 1] ?? "")))
        this.#match(NUMBER, "number");
      else if (this.#matches(WORD)) this.#match(WORD, "word");
      else this.#punctuation();
    }
    return this.#result;
  }

  #push(kind: Token["kind"], end: number) {
    const start = this.#at;
    const depth = this.#result.open.length;
    this.#result.tokens.push({ kind, text: this.#code.slice(start, end), start, end, depth });
    this.#at = end;
  }

  #matches(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#code)?.[0];
  }

  #match(pattern: RegExp, kind: Token["kind"]) {
    const text = this.#matches(pattern) ?? this.#code[this.#at]!;
    this.#push(kind, this.#at + text.length);
  }

  #lineComment() {
    const end = this.#code.indexOf("\n", this.#at);
    this.#push("comment", end < 0 ? this.#code.length : end);
  }

  #until(closing: string, kind: "comment") {
    const end = this.#code.indexOf(closing, this.#at + 2);
    if (end < 0) this.#result.unfinished = kind;
    this.#push(kind, end < 0 ? this.#code.length : end + closing.length);
  }

  #quoted(quote: string) {
    let end = this.#at + 1;
    while (end < this.#code.length && this.#code[end] !== quote && this.#code[end] !== "\n") {
      end += this.#code[end] === "\\" ? 2 : 1;
    }
    if (this.#code[end] !== quote) this.#result.unfinished = "string";
    this.#push(
      "string",
      Math.min(this.#code.length, this.#code[end] === quote ? end + 1 : Math.max(end, this.#at + 1)),
    );
  }

  /** Text of a template up to its end or its next `${`; `skip` is the length of what opens it. */
  #template(skip: number) {
    let end = this.#at + skip;
    while (end < this.#code.length) {
      if (this.#code[end] === "`") return this.#push("template", end + 1);
      if (this.#code.startsWith("${", end)) {
        this.#push("template", end + 2);
        this.#result.open.push({ bracket: "${", start: end });
        return;
      }
      end += this.#code[end] === "\\" ? 2 : 1;
    }
    this.#result.unfinished = "template";
    this.#push("template", this.#code.length);
  }

  #closeSubstitution() {
    this.#result.open.pop();
    this.#template(1);
  }

  #regexAllowed(): boolean {
    const previous = this.#result.tokens.findLast((token) => token.kind !== "comment");
    if (!previous) return true;
    if (previous.kind === "word") return BEFORE_REGEX.has(previous.text);
    if (previous.kind === "template") return previous.text.endsWith("${");
    return previous.kind === "punctuation" && ![")", "]", "}", "++", "--"].includes(previous.text);
  }

  #regex() {
    let end = this.#at + 1;
    let inClass = false;
    for (; end < this.#code.length && this.#code[end] !== "\n"; end++) {
      const char = this.#code[end];
      if (char === "\\") end++;
      else if (char === "[") inClass = true;
      else if (char === "]") inClass = false;
      else if (char === "/" && !inClass) {
        const flags = /[a-z]*/y;
        flags.lastIndex = end + 1;
        return this.#push("regex", end + 1 + (flags.exec(this.#code)?.[0].length ?? 0));
      }
    }
    this.#result.unfinished = "regex";
    this.#push("regex", Math.min(end, this.#code.length));
  }

  #punctuation() {
    const text = this.#matches(PUNCTUATION) ?? this.#code[this.#at]!;
    const { open } = this.#result;
    if (text === "(" || text === "[" || text === "{") {
      this.#push("punctuation", this.#at + 1);
      open.push({ bracket: text, start: this.#at - 1 });
      return;
    }
    if (text in CLOSES) {
      if (open.at(-1)?.bracket !== CLOSES[text]) this.#result.mismatch = this.#at;
      else open.pop();
    }
    this.#push("punctuation", this.#at + text.length);
  }
}
