import { kernelHost } from "./kernel-host.ts";

/** How far work has come. `message` is one line for people. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly message?: string;
  /** Numbers worth plotting against `done`, such as a loss. */
  readonly values?: { readonly [name: string]: number };
  /** SVG of what there is so far; stays until the next one. */
  readonly picture?: string;
}

const WIDTH = 320;
const HEIGHT = 64;
/** Milliseconds between redraws: four a second are enough to look alive. */
const REDRAW_MS = 250;
let displays = 0;

/** A progress bar in the output of the cell that made it. */
export interface ProgressDisplay {
  /** Takes in a report; redraws at most four times a second. */
  update(progress: Progress): void;
  /** Draws the last state, marked as finished, stopped or failed. */
  finish(outcome: "done" | "stopped" | "failed"): void;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** A curve of values against done, as SVG, thinned to the drawing's width. */
function curve(name: string, points: readonly (readonly [number, number])[], total: number): string {
  if (points.length < 2) return "";
  const stride = Math.ceil(points.length / WIDTH);
  const kept = points.filter((_, i) => i % stride === 0 || i === points.length - 1);
  const values = kept.map(([, value]) => value).filter(Number.isFinite);
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const line = kept
    .filter(([, value]) => Number.isFinite(value))
    .map(([done, value]) => {
      const y = HEIGHT - 4 - ((HEIGHT - 8) * (value - low)) / span;
      return `${((WIDTH * done) / (total || 1)).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
  const last = kept[kept.length - 1] as readonly [number, number];
  return (
    `<figure style="margin:4px 0"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${escapeHtml(name)} by step">` +
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="none" stroke="var(--jp-border-color2, #8888)"/>` +
    `<polyline fill="none" stroke="var(--jp-brand-color1, #0072B2)" stroke-width="1.5" points="${line}"/></svg>` +
    `<figcaption style="font-size:smaller">${escapeHtml(name)} ${last[1].toPrecision(6)}</figcaption></figure>`
  );
}

/**
 * Shows how far a job is, with a curve for each of its `values` and its latest `picture`, in one output that updates itself. Outside a kernel
 * it does nothing.
 *
 * @param title What the job is, such as "PPAD fit".
 */
export function progressDisplay(title: string): ProgressDisplay {
  const host = kernelHost();
  if (!host) return { update: () => {}, finish: () => {} };
  const displayId = `photonbook-progress-${++displays}-${Date.now().toString(36)}`;
  const series = new Map<string, [number, number][]>();
  const began = Date.now();
  let drawn = -Infinity;
  let shown = false;
  let latest: Progress = { done: 0, total: 1 };
  let picture = "";

  function draw(outcome?: "done" | "stopped" | "failed"): void {
    drawn = Date.now();
    // What converges before its last step is done nonetheless.
    const share = outcome === "done" ? 1 : latest.total > 0 ? Math.min(1, latest.done / latest.total) : 0;
    const seconds = (drawn - began) / 1000;
    const left =
      share > 0.02 && share < 1 && !outcome ? `, about ${Math.ceil((seconds * (1 - share)) / share)} s left` : "";
    const state = outcome ? `${outcome} after ${seconds.toFixed(1)} s` : `${seconds.toFixed(0)} s${left}`;
    const text = `${title}: ${(100 * share).toFixed(0)} % — ${latest.message ?? ""} (${state})`;
    const color =
      outcome === "failed" ? "#D55E00" : outcome === "stopped" ? "#E69F00" : "var(--jp-brand-color1, #0072B2)";
    const span = outcome === "done" ? latest.done : latest.total;
    const curves = [...series].map(([name, points]) => curve(name, points, span)).join("");
    const html =
      `<div role="status"><div>${escapeHtml(text)}</div>` +
      `<div style="width:${WIDTH}px;height:6px;border-radius:3px;background:var(--jp-border-color2, #8884)">` +
      `<div style="width:${(100 * share).toFixed(1)}%;height:6px;border-radius:3px;background:${color}"></div></div>${curves}${picture}</div>`;
    host?.display({ data: { "text/html": html, "text/plain": text } }, { displayId, update: shown });
    shown = true;
  }

  return {
    update(progress) {
      latest = progress;
      picture = progress.picture ?? picture;
      for (const [name, value] of Object.entries(progress.values ?? {})) {
        const points = series.get(name) ?? [];
        points.push([progress.done, value]);
        series.set(name, points);
      }
      if (Date.now() - drawn >= REDRAW_MS) draw();
    },
    finish: draw,
  };
}
