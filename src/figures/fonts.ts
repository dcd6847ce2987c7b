import { createRequire } from "node:module";
import { pdfDocument } from "./pdfkit.ts";

const resolveFont = (name: string) => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
const FAMILIES = {
  sans: ["DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique"],
  serif: ["DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic", "DejaVuSerif-BoldItalic"],
  mono: ["DejaVuSansMono", "DejaVuSansMono-Bold", "DejaVuSansMono-Oblique", "DejaVuSansMono-BoldOblique"],
} as const;

/** Files of all bundled faces: sans, serif and monospaced, each regular, bold, oblique and bold oblique. */
export const FONT_FILES: readonly string[] = Object.values(FAMILIES).flat().map(resolveFont);

/** A face as CSS describes it. */
export interface Face {
  readonly family?: string | undefined;
  readonly bold: boolean;
  readonly italic: boolean;
}

/** File of the bundled face nearest to a description: any family ends in sans, serif or mono. */
export function fontFile({ family = "", bold, italic }: Face): string {
  const kind = /mono|courier|consol/i.test(family)
    ? "mono"
    : /serif|times|georgia/i.test(family.replace(/sans-serif/gi, ""))
      ? "serif"
      : "sans";
  return resolveFont(FAMILIES[kind][(bold ? 1 : 0) + (italic ? 2 : 0)]!);
}

/** True for "bold", "bolder" and 600 upwards. */
export function isBold(weight: unknown): boolean {
  return weight === "bold" || weight === "bolder" || Number(weight) >= 600;
}

let ruler: PDFKit.PDFDocument | undefined;
const widths = new Map<string, number>();

/** Width of a line of text in the face it will be drawn with, in the unit of `size`. */
export function textWidth(text: string, { size, ...face }: Face & { readonly size: number }): number {
  const file = fontFile(face);
  const key = `${file}\n${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    ruler ??= pdfDocument({ autoFirstPage: false });
    width = ruler.font(file).fontSize(1000).widthOfString(text) / 1000;
    if (widths.size > 20_000) widths.clear();
    widths.set(key, width);
  }
  return width * size;
}
