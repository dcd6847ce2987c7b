import { createHash } from "node:crypto";
import type { Spec as VegaSpec } from "vega";
import type { TopLevelSpec } from "vega-lite";
import { escapeMarkup } from "../plot/index.ts";
import { checkSpec } from "./check-spec.ts";
import { isBold, textWidth } from "./fonts.ts";
import { PUBLICATION_CONFIG } from "./theme.ts";

/** A drawing in points, 1/72 inch. */
export interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  /** What vega and vega-lite had to say about the specification. */
  readonly warnings: readonly string[];
}

interface TextItem {
  readonly font?: string;
  readonly fontSize?: number;
  readonly fontWeight?: unknown;
  readonly fontStyle?: string;
  readonly limit?: number;
}

/**
 * Draws a specification as SVG. Text is measured with the fonts it is printed in; the same input gives the same text.
 *
 * @param spec A vega-lite specification, or a vega one (told by its `marks` or `$schema`).
 * @param widthPt Width of the whole drawing where the specification leaves it open, points.
 */
export async function drawSpec(spec: object, widthPt: number): Promise<Drawing> {
  const vega = await import("vega");
  measureTextExactly(vega);
  const warnings: string[] = [];
  const logger = collectingLogger(warnings);
  const compiled = isVega(spec) ? (spec as VegaSpec) : await compileSpec(spec, { widthPt, logger });
  let svg: string;
  try {
    (vega as unknown as { resetSVGDefIds(): void }).resetSVGDefIds();
    const view = new vega.View(vega.parse(compiled), { renderer: "none", logger });
    svg = await view.toSVG();
    view.finalize();
  } catch (error) {
    throw new TypeError(`Cannot draw figure: ${(error as Error).message}`, { cause: error });
  }
  const failure = warnings.find((warning) => warning.startsWith("Loading failed"));
  if (failure) throw new TypeError(`Cannot draw figure: its data must be readable: ${failure}`);
  const [, width, height] = /^<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return {
    svg: withOwnIds(described(tidied(svg), spec)),
    width: Number(width),
    height: Number(height),
    warnings: [...new Set(warnings)],
  };
}

type Logger = ReturnType<typeof collectingLogger>;

async function compileSpec(spec: object, { widthPt, logger }: { widthPt: number; logger: Logger }): Promise<VegaSpec> {
  checkSpec(spec);
  const { compile } = await import("vega-lite");
  const sized = withSize(spec as Record<string, unknown>, widthPt);
  try {
    return compile(sized as unknown as TopLevelSpec, { config: PUBLICATION_CONFIG, logger }).spec;
  } catch (error) {
    throw new TypeError(`Cannot draw figure: ${(error as Error).message}`, { cause: error });
  }
}

/** Fills the column: single and layered views are fitted whole, the views of a composition get what axes leave. */
function withSize(spec: Record<string, unknown>, widthPt: number): Record<string, unknown> {
  const { encoding = {} } = spec as { encoding?: object };
  const isFacet = ["row", "column", "facet"].some((channel) => channel in encoding);
  if (("mark" in spec || "layer" in spec) && !isFacet) {
    if ("width" in spec) return spec;
    const height = "height" in spec ? {} : { height: Math.round(widthPt * (widthPt > 400 ? 0.45 : 0.72)) };
    return { autosize: { type: "fit", contains: "padding" }, ...spec, width: widthPt, ...height };
  }
  const config = (spec.config ?? {}) as { view?: object };
  const across = Array.isArray(spec.hconcat) ? spec.hconcat.length : 1;
  const width = Math.round(widthPt / across - (isFacet ? 64 : 46));
  const view = { continuousWidth: width, discreteWidth: width, continuousHeight: 130, ...config.view };
  return { ...spec, config: { ...config, view } };
}

function isVega(spec: object): boolean {
  const { $schema = "", marks } = spec as { $schema?: string; marks?: unknown };
  return Array.isArray(marks) || /\/vega\/v\d/.test($schema);
}

/**
 * Gives vega real text widths: this is its hook for renderers that measure by themselves. It holds for the whole
 * process, as vega has one such function.
 */
function measureTextExactly(vega: typeof import("vega")): void {
  const { textMetrics } = vega as unknown as { textMetrics: { width: (item: TextItem, text: unknown) => number } };
  if (textMetrics.width === itemTextWidth) return;
  textMetrics.width = itemTextWidth;
}

function itemTextWidth({ font, fontSize = 11, fontWeight, fontStyle }: TextItem, text: unknown): number {
  const line = text === null || text === undefined ? "" : String(text).trim();
  return textWidth(line, { family: font, bold: isBold(fontWeight), italic: fontStyle === "italic", size: fontSize });
}

function collectingLogger(warnings: string[]) {
  const logger = {
    level: () => logger,
    warn: (...parts: readonly unknown[]) => keep(parts),
    error: (...parts: readonly unknown[]) => keep(parts),
    info: () => logger,
    debug: () => logger,
  };
  function keep(parts: readonly unknown[]) {
    warnings.push(parts.map((part) => (part instanceof Error ? part.message : String(part))).join(" "));
    return logger;
  }
  return logger as typeof logger & { level(): number; level(value: number): typeof logger };
}

/** Coordinates to a thousandth of a point, and numeric font weights as the two there are files for. */
function tidied(svg: string): string {
  const round = (number: string) => String(Math.round(Number(number) * 1000) / 1000);
  return svg
    .replace(/ (transform|d)="[^"]*"/g, (attribute) => attribute.replace(/-?\d+(\.\d{4,}(e-?\d+)?|e-\d+)/g, round))
    .replace(/font-weight="(\d+)"/g, (_, weight) => `font-weight="${isBold(weight) ? "bold" : "normal"}"`);
}

/** The specification's description, or its title, as what a screen reader says of the picture. */
function described(svg: string, spec: object): string {
  const { description, title } = spec as { description?: unknown; title?: unknown };
  const label = [description, title].find((text) => typeof text === "string");
  return label ? svg.replace("<svg ", `<svg role="img" aria-label="${escapeMarkup(label)}" `) : svg;
}

/** Ids made from the drawing itself: on a page with several figures, each must find its own clips and gradients. */
function withOwnIds(svg: string): string {
  const own = createHash("sha256").update(svg).digest("hex").slice(0, 8);
  return svg.replace(/( id="|url\(#)/g, `$1f${own}-`);
}
