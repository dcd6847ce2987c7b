import { extname } from "node:path";
import type { Spec as VegaSpec } from "vega";
import type { TopLevelSpec } from "vega-lite";
import { saveFile } from "../disk/index.ts";
import { DISPLAY } from "../host/index.ts";
import { escapeMarkup } from "../plot/index.ts";
import { withOwnData } from "./inline-data.ts";
import type { Drawing } from "./render.ts";
import { COLUMN_MM, POINTS_PER_MM } from "./theme.ts";

/** What can be drawn: a vega-lite or vega specification, or a builder with `toSpec()` as of vega-lite-api. */
export type FigureSpec =
  | TopLevelSpec
  | VegaSpec
  | { readonly toSpec: () => object }
  | { readonly [key: string]: unknown };

/** How a figure is laid out. */
export interface FigureOptions {
  /**
   * Width of the whole figure, mm, or a journal's column: "single" is 88 mm, "double" 180 mm. Default "single". A
   * specification with its own `width` keeps it (in points), with room for axes beside it.
   */
  readonly width?: number | keyof typeof COLUMN_MM;
  /** Title in the PDF's properties. Default "figure". */
  readonly name?: string;
}

const FORMATS = [".svg", ".png", ".pdf"] as const;
/** How much larger a figure is shown in a notebook than printed: 8 pt text becomes 13 px. */
const SCREEN_SCALE = 1.6;

/**
 * A figure in the making: draws a specification to SVG, PNG or PDF when asked, in the publication theme, with the
 * bundled DejaVu fonts. In a notebook it shows itself on white paper.
 */
export class Figure {
  readonly spec: object;
  readonly #widthPt: number;
  readonly #name: string;
  #drawing: Promise<Drawing> | undefined;
  #warnings: readonly string[] = [];

  /** @throws {TypeError} If `spec` is no object. @throws {RangeError} If `width` is not positive. */
  constructor(spec: FigureSpec, options: FigureOptions = {}) {
    if (typeof spec !== "object" || spec === null) {
      throw new TypeError(
        `Cannot make a figure: spec must be a vega-lite specification: current value is ${String(spec)}`,
      );
    }
    const { width = "single", name = "figure" } = options;
    const mm = typeof width === "number" ? width : COLUMN_MM[width];
    if (!(mm > 0 && mm < 2000)) {
      throw new RangeError(
        `Cannot make a figure: width must be within 0–2000 mm, "single" or "double": current value is ${width}`,
      );
    }
    this.spec = hasToSpec(spec) ? spec.toSpec() : spec;
    this.#widthPt = Math.round(mm * POINTS_PER_MM * 10) / 10;
    this.#name = name;
  }

  /** What vega had to say about the specification when it was last drawn; empty before. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /**
   * The figure as SVG, its size in points.
   *
   * @throws {TypeError} If the specification cannot be drawn; the message names the place.
   */
  async svg(): Promise<string> {
    const { svg, width, height } = await this.#draw();
    return svg.replace(/ width="[\d.]+" height="[\d.]+"/, ` width="${width}pt" height="${height}pt"`);
  }

  /** The figure as PNG. @param options.dpi Dots per inch, 10–2400. Default 300. */
  async png(options: { readonly dpi?: number } = {}): Promise<Uint8Array<ArrayBuffer>> {
    const { dpi = 300 } = options;
    if (!(dpi >= 10 && dpi <= 2400)) {
      throw new RangeError(`Cannot draw PNG: dpi must be within 10–2400: current value is ${dpi}`);
    }
    const { drawingToPng } = await import("./png.ts");
    return drawingToPng(await this.#draw(), dpi);
  }

  /** The figure as vector PDF on a page of its size, fonts embedded as TrueType. The same figure gives the same bytes. */
  async pdf(): Promise<Uint8Array<ArrayBuffer>> {
    const { drawingToPdf } = await import("./pdf.ts");
    return drawingToPdf(await this.#draw(), this.#name);
  }

  /**
   * Writes the figure to a file; its ending, .svg, .png or .pdf, says how.
   *
   * @param options.dpi Dots per inch of a PNG. Default 300.
   * @returns The path.
   * @throws {Error} If the file cannot be written.
   */
  async save(path: string, options: { readonly dpi?: number } = {}): Promise<string> {
    const ending = extname(path).toLowerCase();
    if (!(FORMATS as readonly string[]).includes(ending)) {
      throw new RangeError(`Cannot save figure: path must end in .svg, .png or .pdf: current value is "${path}"`);
    }
    const content =
      ending === ".svg" ? await this.svg() : ending === ".png" ? await this.png(options) : await this.pdf();
    return saveFile(path, content, "figure");
  }

  async [DISPLAY](): Promise<Record<string, string>> {
    const { svg, width, height, warnings } = await this.#draw();
    const [w, h] = [Math.round(width * SCREEN_SCALE), Math.round(height * SCREEN_SCALE)];
    const shown = svg.replace(/ width="[\d.]+" height="[\d.]+"/, ` width="${w}" height="${h}"`);
    const text = `Figure, ${(width / POINTS_PER_MM).toFixed(0)} × ${(height / POINTS_PER_MM).toFixed(0)} mm`;
    if (warnings.length === 0) return { "image/svg+xml": shown, "text/plain": text };
    const list = warnings.map((warning) => `<li>${escapeMarkup(warning)}</li>`).join("");
    return {
      "text/html": `<div>${shown}<ul style="color:var(--jp-warn-color0,#b35900)">${list}</ul></div>`,
      "text/plain": [text, ...warnings.map((warning) => `warning: ${warning}`)].join("\n"),
    };
  }

  #draw(): Promise<Drawing> {
    this.#drawing ??= this.#drawAnew().catch((error) => {
      this.#drawing = undefined;
      throw error;
    });
    return this.#drawing;
  }

  /** Loads vega and the fonts only now: a session that draws nothing does not wait for them. */
  async #drawAnew(): Promise<Drawing> {
    const { drawSpec } = await import("./render.ts");
    const drawing = await drawSpec(withOwnData(this.spec), this.#widthPt);
    this.#warnings = drawing.warnings;
    return drawing;
  }
}

function hasToSpec(spec: FigureSpec): spec is { readonly toSpec: () => object } {
  return typeof (spec as { toSpec?: unknown }).toSpec === "function";
}

/**
 * A figure from a vega-lite (or vega) specification. `data.values` may be an array of rows, an arquero table or a
 * Catalog; none is changed.
 *
 * @example A figure for a paper
 * ```ts
 * const plot = figure({ mark: "point", data: { values }, encoding: { x: { field: "t", type: "quantitative" } } });
 * await plot.save("fig3.pdf");
 * ```
 */
export function figure(spec: FigureSpec, options: FigureOptions = {}): Figure {
  return new Figure(spec, options);
}
