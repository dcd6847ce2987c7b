import { categoryColor, createScale, OKABE_ITO, type Scale } from "../../src/plot/index.ts";
import type { BinnedCurve } from "./bin.ts";

/** One band as it is drawn. */
export interface DrawnBand {
  /** Its name and energies. */
  readonly label: string;
  readonly color: string;
  readonly curve: BinnedCurve;
  /** The model's rate, counts/s, at `modelTimes`; undefined where the model has no such band. */
  readonly model: Float32Array | undefined;
}

/** Everything on the canvas of a light curve. Times are seconds since its start. */
export interface LightCurveScene {
  readonly width: number;
  readonly height: number;
  readonly text: string;
  readonly paper: string;
  readonly font: string;
  readonly bands: readonly DrawnBand[];
  readonly modelTimes: Float32Array;
  /** What the model's line is called. */
  readonly modelLabel: string;
  /** Good times, pairs. */
  readonly gti: Float32Array;
  /** Single photons along the lower edge. */
  readonly photons: Float32Array;
  /** What of the time is shown. */
  readonly domain: readonly [number, number];
  /** Place of the pointer and of a selection being dragged, seconds. */
  readonly cursor: number | undefined;
  readonly drag: readonly [number, number] | undefined;
  readonly unit: { readonly name: string; readonly factor: number };
  /** What second 0 is. */
  readonly zero: string;
}

const MARGIN = { left: 62, right: 12, top: 10, bottom: 40 } as const;
const RUG = 7;

/** Colour of a band: low energies red, high ones blue as everywhere in X-ray images; the whole band in text colour. */
export function bandColor(key: string, index: number, text: string): string {
  const named: Record<string, string> = {
    broad: text,
    soft: OKABE_ITO.vermillion,
    medium: OKABE_ITO.green,
    hard: OKABE_ITO.sky,
  };
  return named[key] ?? categoryColor(index);
}

/** The time axis of a drawing of this width, on the canvas's CSS pixels. */
export function timeScale(domain: readonly [number, number], width: number): Scale {
  return createScale({ domain, range: [MARGIN.left, width - MARGIN.right] });
}

/** Draws a light curve: gaps shaded, bins as steps with error bars, the model's rate over them, photons below. */
export function drawLightCurve(context: CanvasRenderingContext2D, scene: LightCurveScene): void {
  const { width, height } = scene;
  context.clearRect(0, 0, width, height);
  const x = timeScale(scene.domain, width);
  const y = createScale({ domain: [0, topRate(scene)], range: [height - MARGIN.bottom - RUG, MARGIN.top] });
  const frame = { left: x.range[0], right: x.range[1], top: MARGIN.top, bottom: height - MARGIN.bottom };
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
  context.clip();
  shadeGaps(context, scene, x, frame);
  context.restore();
  drawGrid(context, scene, x, y, frame);
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
  context.clip();
  drawRug(context, scene, frame);
  for (const band of scene.bands) drawSteps(context, band, x, y);
  for (const band of scene.bands) drawModel(context, band, scene, x, y);
  drawPointer(context, scene, x, frame);
  context.restore();
  drawBandKey(context, scene, frame);
  drawModelKey(context, scene, frame);
}

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Greatest rate in view, errors included where they are not absurdly long. */
function topRate(scene: LightCurveScene): number {
  let top = 0;
  for (const { curve, model } of scene.bands) {
    for (let b = 0; b < curve.rate.length; b++) {
      if (curve.stop[b] < scene.domain[0] || curve.start[b] > scene.domain[1]) continue;
      if (!Number.isFinite(curve.rate[b])) continue;
      top = Math.max(top, Math.min(curve.high[b], Math.max(2 * curve.rate[b], 0.3 * curve.high[b])));
    }
    for (let i = 0; model && i < model.length; i++) {
      if (scene.modelTimes[i] >= scene.domain[0] && scene.modelTimes[i] <= scene.domain[1] && model[i] > top)
        top = model[i];
    }
  }
  // Room for the names of the bands above the curve.
  return top > 0 ? 1.14 * top : 1;
}

function shadeGaps(context: CanvasRenderingContext2D, scene: LightCurveScene, x: Scale, frame: Frame): void {
  context.fillStyle = scene.text;
  context.globalAlpha = 0.09;
  let from = Number.NEGATIVE_INFINITY;
  for (let g = 0; g <= scene.gti.length; g += 2) {
    const to = g < scene.gti.length ? scene.gti[g] : Number.POSITIVE_INFINITY;
    const [left, right] = [Math.max(frame.left, x.at(from)), Math.min(frame.right, x.at(to))];
    if (right > left) context.fillRect(left, frame.top, right - left, frame.bottom - frame.top);
    from = scene.gti[g + 1];
  }
  context.globalAlpha = 1;
}

function drawGrid(context: CanvasRenderingContext2D, scene: LightCurveScene, x: Scale, y: Scale, frame: Frame): void {
  const { factor, name } = scene.unit;
  const inUnit = createScale({ domain: [x.domain[0] / factor, x.domain[1] / factor], range: x.range });
  const xTicks = inUnit.ticks(Math.max(2, Math.round((frame.right - frame.left) / 90)));
  const yTicks = y.ticks(Math.max(2, Math.round((frame.bottom - frame.top) / 45)));
  context.font = `11px ${scene.font}`;
  context.strokeStyle = scene.text;
  context.fillStyle = scene.text;
  context.lineWidth = 1;
  const line = (x0: number, y0: number, x1: number, y1: number) => {
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  };
  context.textAlign = "center";
  xTicks.values.forEach((value, i) => {
    const at = Math.round(inUnit.at(value)) + 0.5;
    context.globalAlpha = 0.1;
    line(at, frame.top, at, frame.bottom);
    context.globalAlpha = 0.8;
    context.fillText(xTicks.labels[i], at, frame.bottom + 15);
  });
  context.textAlign = "right";
  yTicks.values.forEach((value, i) => {
    const at = Math.round(y.at(value)) + 0.5;
    context.globalAlpha = 0.1;
    line(frame.left, at, frame.right, at);
    context.globalAlpha = 0.8;
    context.fillText(yTicks.labels[i], frame.left - 6, at + 4);
  });
  context.globalAlpha = 0.35;
  context.strokeRect(frame.left + 0.5, frame.top + 0.5, frame.right - frame.left - 1, frame.bottom - frame.top - 1);
  context.globalAlpha = 0.9;
  context.font = `12px ${scene.font}`;
  context.textAlign = "center";
  context.fillText(`Time since ${scene.zero} (${name})`, (frame.left + frame.right) / 2, frame.bottom + 33);
  context.save();
  context.translate(13, (frame.top + frame.bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(yTicks.exponent === 0 ? "Rate (counts/s)" : `Rate (10${raised(yTicks.exponent)} counts/s)`, 0, 0);
  context.restore();
  context.globalAlpha = 1;
}

/** A mark in each pixel column that has photons, the darker the more: as fast for a million as for ten. */
function drawRug(context: CanvasRenderingContext2D, scene: LightCurveScene, frame: Frame): void {
  const { photons, domain } = scene;
  const columns = new Uint32Array(Math.ceil(frame.right - frame.left) + 1);
  const perSecond = (frame.right - frame.left) / (domain[1] - domain[0]);
  for (let i = 0; i < photons.length; i++) {
    if (photons[i] >= domain[0] && photons[i] <= domain[1]) columns[((photons[i] - domain[0]) * perSecond) | 0]++;
  }
  const most = columns.reduce((max, count) => Math.max(max, count), 1);
  context.fillStyle = scene.text;
  columns.forEach((count, column) => {
    context.globalAlpha = 0.15 + (0.55 * count) / most;
    if (count > 0) context.fillRect(frame.left + column - 0.5, frame.bottom - RUG, 1, RUG);
  });
  context.globalAlpha = 1;
}

function drawSteps(context: CanvasRenderingContext2D, band: DrawnBand, x: Scale, y: Scale): void {
  const { curve } = band;
  context.strokeStyle = band.color;
  context.lineWidth = 1;
  context.globalAlpha = 0.45;
  context.beginPath();
  for (let b = 0; b < curve.rate.length; b++) {
    if (!Number.isFinite(curve.rate[b])) continue;
    const middle = x.at((curve.start[b] + curve.stop[b]) / 2);
    context.moveTo(middle, y.at(curve.low[b]));
    context.lineTo(middle, y.at(curve.high[b]));
  }
  context.stroke();
  context.globalAlpha = band.model ? 0.7 : 1;
  context.lineWidth = 1.5;
  context.beginPath();
  let joined = false;
  for (let b = 0; b < curve.rate.length; b++) {
    if (!Number.isFinite(curve.rate[b])) {
      joined = false;
      continue;
    }
    const level = y.at(curve.rate[b]);
    if (joined) context.lineTo(x.at(curve.start[b]), level);
    else context.moveTo(x.at(curve.start[b]), level);
    context.lineTo(x.at(curve.stop[b]), level);
    joined = true;
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** The model's line, with a rim in the colour of the page so that it stands out from the steps. */
function drawModel(
  context: CanvasRenderingContext2D,
  band: DrawnBand,
  scene: LightCurveScene,
  x: Scale,
  y: Scale,
): void {
  const { model } = band;
  if (!model || model.length === 0) return;
  context.beginPath();
  for (let i = 0; i < model.length; i++) context.lineTo(x.at(scene.modelTimes[i]), y.at(model[i]));
  context.lineJoin = "round";
  context.strokeStyle = scene.paper;
  context.lineWidth = 4.5;
  context.globalAlpha = 0.85;
  context.stroke();
  context.globalAlpha = 1;
  context.strokeStyle = modelColor(band, scene);
  context.lineWidth = 2.2;
  context.stroke();
}

/** Says which bands are drawn, in the upper left corner; a rim keeps the letters apart from the curve. */
function drawBandKey(context: CanvasRenderingContext2D, scene: LightCurveScene, frame: Frame): void {
  context.font = `11px ${scene.font}`;
  context.textAlign = "left";
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.strokeStyle = scene.paper;
  let left = frame.left + 8;
  for (const { label, color } of scene.bands) {
    context.fillStyle = color;
    context.fillRect(left, frame.top + 11, 12, 2.5);
    context.fillStyle = scene.text;
    context.strokeText(label, left + 17, frame.top + 16);
    context.fillText(label, left + 17, frame.top + 16);
    left += 17 + context.measureText(label).width + 14;
  }
}

/** Says what the smooth line is, in the upper right corner. */
function drawModelKey(context: CanvasRenderingContext2D, scene: LightCurveScene, frame: Frame): void {
  const band = scene.bands.find(({ model }) => model && model.length > 0);
  if (!band) return;
  context.font = `11px ${scene.font}`;
  context.textAlign = "right";
  context.fillStyle = scene.text;
  context.globalAlpha = 0.85;
  const width = context.measureText(scene.modelLabel).width;
  context.fillText(scene.modelLabel, frame.right - 8, frame.top + 16);
  context.globalAlpha = 1;
  context.fillStyle = modelColor(band, scene);
  context.fillRect(frame.right - 8 - width - 24, frame.top + 11, 18, 2.5);
}

function modelColor(band: DrawnBand, scene: LightCurveScene): string {
  return band.color === scene.text ? OKABE_ITO.orange : band.color;
}

function drawPointer(context: CanvasRenderingContext2D, scene: LightCurveScene, x: Scale, frame: Frame): void {
  context.fillStyle = scene.text;
  if (scene.drag) {
    const [a, b] = scene.drag.map((time) => x.at(time));
    context.globalAlpha = 0.15;
    context.fillRect(Math.min(a, b), frame.top, Math.abs(b - a), frame.bottom - frame.top);
  }
  if (scene.cursor !== undefined) {
    context.globalAlpha = 0.5;
    context.fillRect(Math.round(x.at(scene.cursor)), frame.top, 1, frame.bottom - frame.top);
  }
  context.globalAlpha = 1;
}

/** An exponent in raised figures. */
function raised(exponent: number): string {
  return [...String(exponent)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(c)))).join("");
}
