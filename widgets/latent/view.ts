import { DOMWidgetView } from "@jupyter-widgets/base";
import { countOf } from "../../src/array/index.ts";
import { asF32, asU8, asU16, setAndSave } from "../browser/binary.ts";
import { element, fitCanvas, iconButton, oncePerFrame } from "../browser/dom.ts";
import { fillHoverCard, placeCard } from "../browser/hover-card.ts";
import type { LatentViewModel } from "../browser/latent-model.ts";
import { fillLegend, showCounts } from "../browser/legend.ts";
import { drawAxes, drawRing, drawStroke } from "../browser/overlay.ts";
import { ensureStyle } from "../browser/style.ts";
import { type Theme, themeOf, watchTheme } from "../browser/theme.ts";
import { Viewport } from "../browser/viewport.ts";
import { colorTable, PointRaster, pointStyle } from "./draw.ts";
import { SelectionHistory } from "./history.ts";
import { pointsInPolygon } from "./lasso.ts";
import { type Combine, combineMasks, countBits, emptyMask, hasBit, setBit } from "./mask.ts";
import { GRID, NO_PLACE } from "./state.ts";

type Mode = "lasso" | "rectangle" | "pan";

const MODES: readonly { mode: Mode; hint: string }[] = [
  { mode: "lasso", hint: "Lasso: draw around points (L)" },
  { mode: "rectangle", hint: "Rectangle: drag a box (R)" },
  { mode: "pan", hint: "Move: drag; the wheel zooms (P, or hold Space)" },
];

const HINTS: Record<Mode, string> = {
  lasso: "Draw around points · Shift adds · Alt removes · Esc clears",
  rectangle: "Drag a box · Shift adds · Alt removes · Esc clears",
  pan: "Drag to move · wheel or + − to zoom · 0 shows all",
};

/** The scatter plot: canvas, toolbar, legend, hover card and status line. */
export class LatentView extends DOMWidgetView {
  declare model: LatentViewModel;
  #raster!: PointRaster;
  #codes!: Uint8Array;
  #grid!: Uint16Array;
  #details!: Float32Array;
  /** Points that have a position. */
  #placed!: Uint8Array;
  #theme!: Theme;
  readonly #viewport = new Viewport();
  #mode: Mode = "lasso";
  /** Corners of the stroke being drawn, CSS pixels. */
  #stroke: [number, number][] | undefined;
  #drag: { x: number; y: number } | undefined;
  #space = false;
  #hover = -1;
  readonly #history = new SelectionHistory();
  readonly #cleanup: (() => void)[] = [];

  readonly #root = element("div", {
    class: "pb-root pb-latent",
    tabindex: 0,
    role: "group",
    "data-lm-suppress-shortcuts": "true",
  });
  readonly #bar = element("div", { class: "pb-bar", role: "toolbar", "aria-label": "Selection tools" });
  readonly #stage = element("div", { class: "pb-stage" });
  readonly #canvas = element("canvas", { role: "img" });
  readonly #overlay = element("canvas", { "aria-hidden": "true" });
  readonly #card = element("div", { class: "pb-card", hidden: true });
  readonly #legend = element("div", { class: "pb-legend", role: "group", "aria-label": "Legend" });
  readonly #count = element("span", { "aria-live": "polite" });
  readonly #hint = element("span");
  readonly #modeButtons = new Map<Mode, HTMLButtonElement>();
  #undoButton!: HTMLButtonElement;
  #redoButton!: HTMLButtonElement;

  readonly #paintSoon = oncePerFrame(() => this.#guard(() => this.#paint()));
  readonly #overlaySoon = oncePerFrame(() => this.#guard(() => this.#paintOverlay()));

  override render(): void {
    super.render();
    ensureStyle();
    this.el.style.overflow = "hidden";
    this.el.append(this.#root);
    this.#guard(() => {
      this.#build();
      this.#readPoints();
      this.#listen();
    });
  }

  override remove(): this {
    for (const clean of this.#cleanup) clean();
    return super.remove();
  }

  #build(): void {
    const title = this.model.get("title") as string;
    if (title !== "") this.#bar.append(element("span", { class: "pb-title" }, title));
    const modes = MODES.map(({ mode, hint }) => {
      const button = iconButton(mode, hint, () => this.#setMode(mode));
      this.#modeButtons.set(mode, button);
      return button;
    });
    this.#undoButton = iconButton("undo", "Undo the last change of the selection (Ctrl+Z)", () => this.#undo());
    this.#redoButton = iconButton("redo", "Redo what was undone (Ctrl+Shift+Z)", () => this.#redo());
    const zoom = (factor: number) => () => this.#zoom(factor);
    this.#bar.append(
      element("div", { class: "pb-group" }, ...modes),
      element(
        "div",
        { class: "pb-group" },
        iconButton("zoomIn", "Zoom in (+)", zoom(1.5)),
        iconButton("zoomOut", "Zoom out (−)", zoom(1 / 1.5)),
        iconButton("fit", "Show all (0)", () => this.#showAll()),
      ),
      element(
        "div",
        { class: "pb-group" },
        this.#undoButton,
        this.#redoButton,
        iconButton("clear", "Select nothing (Esc)", () => this.#clear()),
      ),
    );
    this.#stage.append(this.#canvas, this.#overlay, this.#card);
    const height = `${this.model.get("height") ?? 480}px`;
    this.#stage.style.height = height;
    this.#legend.style.maxHeight = height;
    const status = element(
      "div",
      { class: "pb-status" },
      this.#count,
      element("span", { class: "pb-spring" }),
      this.#hint,
    );
    this.#root.append(this.#bar, element("div", { class: "pb-body" }, this.#stage, this.#legend), status);
    this.#root.setAttribute("aria-label", title || "Scatter plot with selection");
    this.#setMode("lasso");
  }

  #readPoints(): void {
    this.#grid = asU16(this.model.get("xy"));
    this.#codes = asU8(this.model.get("color_codes"));
    this.#details = asF32(this.model.get("detail_values"));
    this.#placed = emptyMask(this.#grid.length >> 1);
    for (let i = 0; 2 * i < this.#grid.length; i++) if (this.#grid[2 * i] !== NO_PLACE) setBit(this.#placed, i);
    this.#raster = new PointRaster(this.#grid, this.#codes, this.model.get("color_kind") as string);
    this.#restyle();
  }

  /** After the theme or the colours changed. */
  #restyle(): void {
    this.#theme = themeOf(this.#root);
    const model = this.model;
    fillLegend(
      this.#legend,
      {
        kind: model.get("color_kind"),
        label: model.get("color_label"),
        categories: model.get("categories") ?? [],
        codes: this.#codes,
        domain: model.get("color_domain"),
        scale: model.get("color_scale"),
        isDark: this.#theme.isDark,
      },
      (code, event) => this.#selectWhere((i) => this.#codes[i] === code, combineOf(event)),
    );
    this.#showCounts();
    this.#paintSoon();
  }

  #showCounts(): void {
    const { mask } = this.model;
    showCounts(this.#legend, this.#codes, countBits(mask) > 0 ? mask : undefined);
  }

  #listen(): void {
    this.listenTo(this.model, "change:selection", () => {
      this.#guard(() => this.#showCounts());
      this.#paintSoon();
    });
    this.listenTo(this.model, "change:focus", () => this.#overlaySoon());
    this.listenTo(this.model, "change:color_codes change:categories change:color_label", () =>
      this.#guard(() => this.#readPoints()),
    );
    const stage = this.#overlay;
    stage.addEventListener("pointerdown", (event) => this.#pointerDown(event));
    stage.addEventListener("pointermove", (event) => this.#pointerMove(event));
    stage.addEventListener("pointerup", (event) => this.#pointerUp(event));
    stage.addEventListener("pointercancel", () => this.#dropStroke());
    stage.addEventListener("pointerleave", () => this.#setHover(-1));
    stage.addEventListener("dblclick", () => this.#showAll());
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.#root.addEventListener("keydown", (event) => this.#keyDown(event));
    this.#root.addEventListener("keyup", (event) => {
      if (event.key === " ") this.#setSpace(false);
    });
    // Fires first when the view enters the page, which is when its colours are known.
    const resized = new ResizeObserver(() => this.#guard(() => this.#restyle()));
    resized.observe(this.#stage);
    const unwatch = watchTheme(() => this.#guard(() => this.#restyle()));
    this.#cleanup.push(() => resized.disconnect(), unwatch);
  }

  /** Shows an error in the view instead of leaving it blank. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      console.error(error);
      const text = `Cannot draw this view: ${error instanceof Error ? error.message : error}`;
      this.#root.replaceChildren(element("div", { class: "pb-error", role: "alert" }, text));
    }
  }

  #paint(): void {
    const { clientWidth: width, clientHeight: height } = this.#stage;
    if (width === 0 || height === 0) return;
    this.#root.classList.toggle("pb-narrow", this.#root.clientWidth < 460);
    this.#viewport.width = width;
    this.#viewport.height = height;
    const ratio = fitCanvas(this.#canvas, width, height);
    const context = this.#canvas.getContext("2d");
    if (!context) throw new Error("the browser gives no 2D canvas");
    const { radius, alpha } = pointStyle(this.#raster.n, this.#viewport.zoom);
    const mask = this.model.mask;
    const size = countBits(mask);
    this.#raster.paint(context, {
      placement: this.#viewport.placement(ratio),
      colors: colorTable(this.model.get("color_kind"), this.#theme.isDark),
      paper: this.#theme.paperRgb,
      isDark: this.#theme.isDark,
      radius: radius * ratio,
      alpha,
      selection: size > 0 ? mask : undefined,
    });
    const n = this.#raster.n.toLocaleString("en");
    const unplaced = this.#raster.n - countBits(this.#placed);
    const without = unplaced > 0 ? ` · ${unplaced.toLocaleString("en")} without a position` : "";
    this.#count.replaceChildren(element("b", {}, size.toLocaleString("en")), ` of ${n} selected${without}`);
    this.#canvas.setAttribute("aria-label", `Scatter plot of ${countOf(this.#raster.n, "point")}, ${size} selected`);
    this.#undoButton.disabled = !this.#history.canUndo;
    this.#redoButton.disabled = !this.#history.canRedo;
    this.#paintOverlay();
  }

  #paintOverlay(): void {
    const { width, height } = this.#viewport;
    const ratio = fitCanvas(this.#overlay, width, height);
    const context = this.#overlay.getContext("2d");
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const [xLabel, yLabel] = [this.model.get("x_label") as string, this.model.get("y_label") as string];
    if (xLabel !== "" || yLabel !== "") {
      const domain = this.model.get("domain") as number[];
      drawAxes(context, { viewport: this.#viewport, domain, xLabel, yLabel, theme: this.#theme });
    }
    if (this.#stroke && this.#stroke.length > 1) drawStroke(context, this.#corners(this.#stroke), this.#theme);
    this.#ring(context, this.#hover, 1.5);
    this.#ring(context, this.model.get("focus") as number, 2.5);
  }

  #ring(context: CanvasRenderingContext2D, index: number, width: number): void {
    if (index < 0 || index >= this.#raster.n || !hasBit(this.#placed, index)) return;
    const [x, y] = this.#viewport.toScreen(this.#grid[2 * index], this.#grid[2 * index + 1]);
    const radius = pointStyle(this.#raster.n, this.#viewport.zoom).radius + 4;
    drawRing(context, { x, y, radius, width }, this.#theme);
  }

  #setMode(mode: Mode): void {
    this.#mode = mode;
    for (const [other, button] of this.#modeButtons) button.setAttribute("aria-pressed", String(other === mode));
    this.#hint.textContent = HINTS[mode];
    this.#overlay.style.cursor = this.#effectiveMode === "pan" ? "grab" : "crosshair";
  }

  get #effectiveMode(): Mode {
    return this.#space ? "pan" : this.#mode;
  }

  #setSpace(down: boolean): void {
    this.#space = down;
    this.#setMode(this.#mode);
  }

  #pointerDown(event: PointerEvent): void {
    if (event.button > 1) return;
    this.#root.focus({ preventScroll: true });
    event.preventDefault();
    this.#overlay.setPointerCapture(event.pointerId);
    if (event.button === 1 || this.#effectiveMode === "pan") this.#drag = { x: event.offsetX, y: event.offsetY };
    else this.#stroke = [[event.offsetX, event.offsetY]];
    this.#setHover(-1);
  }

  #pointerMove(event: PointerEvent): void {
    const [x, y] = [event.offsetX, event.offsetY];
    if (this.#drag) {
      this.#viewport.pan(x - this.#drag.x, y - this.#drag.y);
      this.#drag = { x, y };
      this.#paintSoon();
    } else if (this.#stroke) {
      const last = this.#stroke[this.#stroke.length - 1];
      if (Math.hypot(x - last[0], y - last[1]) < 2) return;
      if (this.#mode === "rectangle") this.#stroke = [this.#stroke[0], [x, y]];
      else this.#stroke.push([x, y]);
      this.#overlaySoon();
    } else this.#setHover(this.#nearest(x, y), x, y);
  }

  #pointerUp(event: PointerEvent): void {
    this.#drag = undefined;
    const stroke = this.#stroke;
    this.#stroke = undefined;
    if (!stroke) return;
    const extent = Math.max(
      ...stroke.map(([x, y]) => Math.max(Math.abs(x - stroke[0][0]), Math.abs(y - stroke[0][1]))),
    );
    if (extent < 4) this.#pick(this.#nearest(stroke[0][0], stroke[0][1]), event);
    else this.#selectInside(this.#corners(stroke), combineOf(event));
    this.#overlaySoon();
  }

  #dropStroke(): void {
    this.#stroke = undefined;
    this.#drag = undefined;
    this.#overlaySoon();
  }

  /** Corners of the region that a stroke encloses. */
  #corners(stroke: [number, number][]): [number, number][] {
    if (this.#mode !== "rectangle") return stroke;
    const [[x0, y0], [x1, y1]] = [stroke[0], stroke[stroke.length - 1]];
    return [
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
    ];
  }

  #selectInside(corners: [number, number][], how: Combine): void {
    const grid = corners.map(([x, y]) => this.#viewport.toGrid(x, y));
    const [x0, x1, y0, y1] = this.model.get("domain") as number[];
    const polygon = grid.map(([x, y]) => [x0 + ((x1 - x0) * x) / GRID, y0 + ((y1 - y0) * y) / GRID]);
    const inside = combineMasks(pointsInPolygon(this.#grid, grid), this.#placed, "intersect");
    this.#select(combineMasks(this.model.mask, inside, how), polygon);
  }

  #selectWhere(test: (index: number) => boolean, how: Combine): void {
    const stroke = emptyMask(this.#raster.n);
    for (let i = 0; i < this.#raster.n; i++) if (test(i)) setBit(stroke, i);
    this.#select(combineMasks(this.model.mask, stroke, how), []);
  }

  #invert(): void {
    const { mask } = this.model;
    this.#selectWhere((i) => !hasBit(mask, i), "replace");
  }

  /** A click: selects one point and puts it into the focus of linked views. */
  #pick(index: number, event: MouseEvent): void {
    if (index < 0) return;
    const how = combineOf(event);
    const mask = this.model.mask;
    const stroke = emptyMask(this.#raster.n);
    setBit(stroke, index);
    this.#select(combineMasks(mask, stroke, how), [], how === "replace" || how === "add" ? index : undefined);
  }

  #select(mask: Uint8Array, polygon: number[][], focus?: number): void {
    this.#history.note(this.model.mask);
    const kept = this.model.get("focus") as number;
    // A focus outside the new selection would leave linked views at a point that is no longer meant.
    const stays = kept >= 0 && hasBit(mask, kept);
    setAndSave(this.model, { selection: mask.slice(), polygon, focus: focus ?? (stays ? kept : -1) });
    this.#paintSoon();
  }

  #clear(): void {
    if (this.#stroke) this.#dropStroke();
    else if (countBits(this.model.mask) > 0 || (this.model.get("focus") as number) >= 0)
      this.#select(emptyMask(this.#raster.n), []);
  }

  #undo(): void {
    this.#restore(this.#history.undo(this.model.mask));
  }

  #redo(): void {
    this.#restore(this.#history.redo(this.model.mask));
  }

  #restore(mask: Uint8Array | undefined): void {
    if (!mask) return;
    setAndSave(this.model, { selection: mask, polygon: [], focus: -1 });
    this.#paintSoon();
  }

  #zoom(factor: number, x?: number, y?: number): void {
    this.#viewport.zoomAt(factor, x, y);
    this.#setHover(-1);
    this.#paintSoon();
  }

  #showAll(): void {
    this.#viewport.reset();
    this.#paintSoon();
  }

  /** The wheel scrolls the page until the view has been clicked into, so that a notebook can be scrolled past it. */
  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !this.#root.contains(document.activeElement)) return;
    event.preventDefault();
    const pixels = event.deltaMode === 0 ? event.deltaY : event.deltaY * 24;
    this.#zoom(2 ** (-Math.max(-240, Math.min(240, pixels)) / 240), event.offsetX, event.offsetY);
  }

  #keyDown(event: KeyboardEvent): void {
    const step = 40;
    const actions: Record<string, () => void> = {
      Escape: () => this.#clear(),
      l: () => this.#setMode("lasso"),
      r: () => this.#setMode("rectangle"),
      p: () => this.#setMode("pan"),
      i: () => this.#invert(),
      "+": () => this.#zoom(1.5),
      "=": () => this.#zoom(1.5),
      "-": () => this.#zoom(1 / 1.5),
      "0": () => this.#showAll(),
      ArrowLeft: () => this.#viewport.pan(step, 0),
      ArrowRight: () => this.#viewport.pan(-step, 0),
      ArrowUp: () => this.#viewport.pan(0, step),
      ArrowDown: () => this.#viewport.pan(0, -step),
      " ": () => this.#setSpace(true),
    };
    const commands: Record<string, () => void> = {
      a: () => this.#selectWhere(() => true, "replace"),
      z: () => this.#undo(),
      Z: () => this.#redo(),
      y: () => this.#redo(),
    };
    const onButton = event.target !== this.#root;
    const action = (event.ctrlKey || event.metaKey ? commands : actions)[event.key];
    if (!action || (onButton && event.key === " ")) return;
    event.preventDefault();
    event.stopPropagation();
    action();
    this.#paintSoon();
  }

  #nearest(x: number, y: number): number {
    const { radius } = pointStyle(this.#raster.n, this.#viewport.zoom);
    return this.#raster.nearest(x, y, { placement: this.#viewport.placement(), reach: radius + 5 });
  }

  #setHover(index: number, x = 0, y = 0): void {
    this.#card.hidden = index < 0;
    if (index !== this.#hover) {
      this.#hover = index;
      const options = { index, code: this.#codes[index], details: this.#details, isDark: this.#theme.isDark };
      if (index >= 0) fillHoverCard(this.#card, this.model, options);
      this.#overlaySoon();
    }
    if (index >= 0) placeCard(this.#card, { x, y, width: this.#viewport.width, height: this.#viewport.height });
  }
}

function combineOf(event: MouseEvent): Combine {
  if (event.shiftKey && event.altKey) return "intersect";
  return event.shiftKey ? "add" : event.altKey ? "subtract" : "replace";
}
