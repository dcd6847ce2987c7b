/** An element kept as it stands in the document: GROUP, COOSYS, TIMESYS, LINK, PARAM, INFO, VALUES, DESCRIPTION. */
export interface XmlElement {
  /** Name without namespace prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Its text, white space at the ends removed. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

/**
 * Text as it stands in XML.
 *
 * @throws {RangeError} If it holds a control character, which XML 1.0 cannot carry; `what` says where.
 */
export function escapeXml(text: string, what: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML does not allow
  const bad = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.exec(text);
  if (bad) {
    throw new RangeError(
      `Cannot write VOTable: ${what} must hold characters that XML allows: current value has ${JSON.stringify(bad[0])}`,
    );
  }
  return /[&<>"\r]/.test(text) ? text.replace(/[&<>"\r]/g, (letter) => ESCAPES[letter] as string) : text;
}

/** Attributes as they stand in a start tag, those without a value left out. */
export function formatAttributes(attributes: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(attributes)
    .flatMap(([name, value]) =>
      value === undefined ? [] : ` ${name}="${escapeXml(value, name).replace(/\n/g, "&#10;")}"`,
    )
    .join("");
}

/** An element with its children, a line each. */
export function formatElement({ name, attributes, text, children }: XmlElement, indent: string): string {
  const start = `${indent}<${name}${formatAttributes(attributes)}`;
  if (children.length === 0 && text === "") return `${start}/>\n`;
  if (children.length === 0) return `${start}>${escapeXml(text, name)}</${name}>\n`;
  const inside = children.map((child) => formatElement(child, `${indent} `)).join("");
  const own = text === "" ? "" : `${indent} ${escapeXml(text, name)}\n`;
  return `${start}>\n${own}${inside}${indent}</${name}>\n`;
}
