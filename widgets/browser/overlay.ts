import { createScale } from "../../src/plot/index.ts";
import { GRID } from "../latent/state.ts";
import type { Theme } from "./theme.ts";
import type { Viewport } from "./viewport.ts";

/** Draws the region that a stroke encloses. */
export function drawStroke(
  context: CanvasRenderingContext2D,
  corners: readonly [number, number][],
  theme: Theme,
): void {
  context.beginPath();
  for (const [x, y] of corners) context.lineTo(x, y);
  context.closePath();
  context.fillStyle = theme.text;
  context.globalAlpha = 0.08;
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash([5, 4]);
  context.lineWidth = 1.5;
  context.strokeStyle = theme.text;
  context.stroke();
  context.setLineDash([]);
}

/** Draws a ring around a point, with a rim in the colour of the page. */
export function drawRing(
  context: CanvasRenderingContext2D,
  ring: { x: number; y: number; radius: number; width: number },
  theme: Theme,
): void {
  for (const [style, extra] of [
    [theme.paper, 2],
    [theme.text, 0],
  ] as const) {
    context.beginPath();
    context.arc(ring.x, ring.y, ring.radius, 0, 2 * Math.PI);
    context.strokeStyle = style;
    context.lineWidth = ring.width + extra;
    context.stroke();
  }
}

/**
 * Draws ticks and names along the lower and left edge.
 *
 * @param options.domain x of grid 0 and 65535, y of grid 0 and 65535.
 */
export function drawAxes(
  context: CanvasRenderingContext2D,
  options: { viewport: Viewport; domain: readonly number[]; xLabel: string; yLabel: string; theme: Theme },
): void {
  const { viewport, xLabel, yLabel, theme } = options;
  const [x0, x1, y0, y1] = options.domain;
  const { width, height } = viewport;
  const [left, bottom] = viewport.toGrid(0, height);
  const [right, top] = viewport.toGrid(width, 0);
  const toX = (grid: number) => x0 + ((x1 - x0) * grid) / GRID;
  const toY = (grid: number) => y0 + ((y1 - y0) * grid) / GRID;
  const x = createScale({ domain: [toX(left), toX(right)], range: [0, width] });
  const y = createScale({ domain: [toY(bottom), toY(top)], range: [height, 0] });
  context.font = `11px ${theme.font}`;
  context.fillStyle = theme.text;
  context.globalAlpha = 0.6;
  context.textAlign = "center";
  const xTicks = x.ticks(Math.round(width / 100));
  xTicks.values.forEach((value, i) => {
    if (x.at(value) > 40 && x.at(value) < width - 90) context.fillText(xTicks.labels[i], x.at(value), height - 5);
    context.fillRect(x.at(value) - 0.5, height - 4, 1, 4);
  });
  const yTicks = y.ticks(Math.round(height / 80));
  context.textAlign = "left";
  yTicks.values.forEach((value, i) => {
    if (y.at(value) > 30 && y.at(value) < height - 20) context.fillText(yTicks.labels[i], 8, y.at(value) + 4);
    context.fillRect(0, y.at(value) - 0.5, 4, 1);
  });
  context.globalAlpha = 0.9;
  context.textAlign = "right";
  context.fillText(`${xLabel}${powerSuffix(xTicks.exponent)} →`, width - 6, height - 6);
  context.textAlign = "left";
  context.fillText(`↑ ${yLabel}${powerSuffix(yTicks.exponent)}`, 6, 14);
  context.globalAlpha = 1;
}

function powerSuffix(exponent: number): string {
  return exponent === 0 ? "" : ` / 1e${exponent}`;
}
