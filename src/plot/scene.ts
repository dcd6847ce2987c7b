/** Attribute values; undefined and false leave the attribute out. Numbers are rounded to 0.01. */
export type Attributes = { readonly [name: string]: string | number | undefined | false };

const ESCAPES: { readonly [c: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes any text safe inside HTML or SVG, between tags and in attributes. */
export function escapeMarkup(text: unknown): string {
  return String(text).replace(/[&<>"']/g, (c) => ESCAPES[c] as string);
}

/** Finished markup. Only `tag` makes it, so text that was not escaped cannot be mistaken for it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/**
 * An element. Children that are strings or numbers are escaped; Markup goes in as it is.
 *
 * @example tag("text", { x: 3 }, "a < b").toString() // <text x="3">a &lt; b</text>
 */
export function tag(
  name: string,
  attributes: Attributes = {},
  ...children: readonly (Markup | string | number | undefined | readonly Markup[])[]
): Markup {
  let open = name;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    open += ` ${key}="${typeof value === "number" ? coordinate(value) : escapeMarkup(value)}"`;
  }
  const inside = children
    .flat()
    .map((child) => (child === undefined ? "" : child instanceof Markup ? child.text : escapeMarkup(child)))
    .join("");
  return new Markup(inside === "" ? `<${open}/>` : `<${open}>${inside}</${name}>`);
}

/** A number as SVG writes it: two decimals at most. */
export function coordinate(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : "0";
}

/** Colours that follow the notebook's theme and, outside one, the surrounding text. */
export const INK = {
  text: "var(--jp-ui-font-color1, currentColor)",
  paper: "var(--jp-layout-color0, #fff)",
  font: "var(--jp-ui-font-family, system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif)",
} as const;

/**
 * An `<svg>` that scales with its column, with its title read out by screen readers.
 *
 * @param options.width Width of the drawing, px; also the widest it is shown.
 * @param options.title What it shows, in one line.
 * @param options.description The same at length. Default none.
 */
export function svgDocument(
  options: { width: number; height: number; title: string; description?: string },
  ...children: readonly (Markup | readonly Markup[])[]
): string {
  const { width, height, title, description } = options;
  return tag(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`,
      width,
      height,
      role: "img",
      "aria-label": title,
      "font-family": INK.font,
      "font-size": 12,
      style: `display:block;max-width:100%;height:auto;color:inherit;fill:${INK.text}`,
    },
    tag("title", {}, title),
    description === undefined ? undefined : tag("desc", {}, description),
    ...children,
  ).text;
}
