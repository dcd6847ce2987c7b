import { DISPLAY } from "../host/index.ts";
import { escapeMarkup, xyPlotSvg } from "../plot/index.ts";
import type { CrossMatch } from "./cross-match.ts";

const N_BINS = 24;

/** Counts, a histogram of the separations and the first rows of the matched table. */
export function crossMatchHtml(match: CrossMatch, summary: string): string {
  const plot = match.length === 0 ? "" : separationPlot(match.separationArcsec, match.radiusArcsec);
  const table = match.table[DISPLAY]()["text/html"] ?? "";
  return `<div>${plot}<div style="font-size:85%;opacity:.75">${escapeMarkup(summary)}</div>${table}</div>`;
}

function separationPlot(separations: Float64Array, radiusArcsec: number): string {
  const width = (radiusArcsec || 1) / N_BINS;
  const counts = new Float64Array(N_BINS);
  for (const separation of separations) counts[Math.min(N_BINS - 1, Math.floor(separation / width))]!++;
  const start = Float64Array.from(counts, (_, bin) => bin * width);
  return xyPlotSvg({
    title: "Separations of the pairs",
    x: { label: "Separation", unit: "arcsec" },
    y: { label: "Pairs", include: [0] },
    marks: [{ kind: "steps", start, stop: start.map((value) => value + width), y: counts }],
    height: 220,
  });
}
