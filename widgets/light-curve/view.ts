import { DOMWidgetView } from "@jupyter-widgets/base";
import { countOf } from "../../src/array/index.ts";
import { formatNumber, readableUnit } from "../../src/plot/index.ts";
import { setAndSave } from "../browser/binary.ts";
import { element, fitCanvas, iconButton, oncePerFrame } from "../browser/dom.ts";
import type { LightCurveViewModel } from "../browser/light-curve-model.ts";
import { decodePhotons, durationText, type LoadedPhotons, modelRate } from "../browser/photons.ts";
import { ensureStyle } from "../browser/style.ts";
import { type Theme, themeOf, watchTheme } from "../browser/theme.ts";
import { automaticBin, type BinnedCurve, binPhotons, roundBin } from "./bin.ts";
import { bandColor, type DrawnBand, drawLightCurve, timeScale } from "./draw.ts";
import type { BandState, CurveState } from "./state.ts";

/** Most sources that the menu lists. */
const MENU = 500;

/** The light curve of the selected source: which one, its bands and bin width, zoom and readout. */
export class LightCurveView extends DOMWidgetView {
  declare model: LightCurveViewModel;
  #theme!: Theme;
  #loaded: LoadedPhotons | undefined;
  #binned = new Map<string, BinnedCurve>();
  #binSec = 1;
  /** Selected sources whose photons a page without a kernel does not hold. */
  #elsewhere = 0;
  #domain: [number, number] = [0, 1];
  #cursor: number | undefined;
  #drag: [number, number] | undefined;
  /** Where moving along time began, and what was shown then. */
  #pan: { readonly fromPx: number; readonly domain: readonly [number, number] } | undefined;
  readonly #cleanup: (() => void)[] = [];

  readonly #root = element("div", {
    class: "pb-root pb-curve",
    tabindex: 0,
    role: "group",
    "data-lm-suppress-shortcuts": "true",
  });
  readonly #bar = element("div", { class: "pb-bar", role: "toolbar", "aria-label": "Light curve" });
  readonly #menu = element("select", { "aria-label": "Source" });
  readonly #place = element("span", { class: "pb-place" });
  readonly #chips = element("div", { class: "pb-group", role: "group", "aria-label": "Bands", style: "gap:4px" });
  readonly #slider = element("input", { type: "range", min: 0, max: 1000, step: 1, "aria-label": "Bin width" });
  readonly #width = element("output");
  readonly #stage = element("div", { class: "pb-stage" });
  readonly #canvas = element("canvas", { role: "img" });
  readonly #note = element("div", { class: "pb-note", hidden: true });
  readonly #readout = element("span");
  readonly #facts = element("span");
  #previous!: HTMLButtonElement;
  #next!: HTMLButtonElement;

  readonly #paintSoon = oncePerFrame(() => this.#guard(() => this.#paint()));
  readonly #followSoon = oncePerFrame(() => this.#guard(() => this.#follow()));

  override render(): void {
    super.render();
    ensureStyle();
    this.el.style.overflow = "hidden";
    this.el.append(this.#root);
    this.#guard(() => {
      this.#build();
      this.#listen();
      this.#theme = themeOf(this.#root);
      this.#follow();
    });
  }

  override remove(): this {
    for (const clean of this.#cleanup) clean();
    return super.remove();
  }

  #build(): void {
    const title = this.model.get("title") as string;
    if (title !== "") this.#bar.append(element("span", { class: "pb-title" }, title));
    this.#previous = iconButton("previous", "Previous source (←)", () => this.#step(-1));
    this.#next = iconButton("next", "Next source (→)", () => this.#step(1));
    this.#menu.addEventListener("change", () => this.#show(Number(this.#menu.value)));
    this.#slider.addEventListener("input", () => this.#setBin(this.#sliderBin()));
    const slider = element(
      "label",
      { class: "pb-slider", title: "Bin width; double-click for automatic" },
      "bin",
      this.#slider,
      this.#width,
    );
    slider.addEventListener("dblclick", () => this.#setBin(0));
    this.#bar.append(
      element("div", { class: "pb-group" }, this.#previous, this.#menu, this.#next),
      iconButton("fit", "Show the whole observation (0)", () => this.#resetZoom()),
      this.#place,
      element("span", { class: "pb-spring" }),
      this.#chips,
      slider,
    );
    this.#stage.append(this.#canvas, this.#note);
    this.#stage.style.height = `${this.model.get("height") ?? 260}px`;
    const status = element(
      "div",
      { class: "pb-status" },
      this.#readout,
      element("span", { class: "pb-spring" }),
      this.#facts,
    );
    this.#root.append(this.#bar, this.#stage, status);
    this.#root.setAttribute("aria-label", title || "Light curve");
    this.#canvas.style.cursor = "crosshair";
  }

  #listen(): void {
    this.listenTo(this.model, "change:curves change:library change:shown change:missing", () => this.#followSoon());
    this.listenTo(this.model, "change:bin_sec change:visible", () => this.#guard(() => this.#rebin()));
    if (this.model.latentModel)
      this.listenTo(this.model.latentModel, "change:selection change:focus", () => this.#followSoon());
    this.listenTo(this.model, "change:latent", () => {
      if (this.model.latentModel)
        this.listenTo(this.model.latentModel, "change:selection change:focus", () => this.#followSoon());
      this.#followSoon();
    });
    this.#canvas.addEventListener("pointerdown", (event) => this.#pointerDown(event));
    this.#canvas.addEventListener("pointermove", (event) => this.#pointerMove(event));
    this.#canvas.addEventListener("pointerup", () => this.#pointerUp());
    this.#canvas.addEventListener("pointerleave", () => this.#setCursor(undefined));
    this.#canvas.addEventListener("dblclick", () => this.#resetZoom());
    this.#canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.#root.addEventListener("keydown", (event) => this.#keyDown(event));
    // Fires first when the view enters the page, which is when its colours are known.
    const resized = new ResizeObserver(() => this.#guard(() => this.#restyle()));
    resized.observe(this.#stage);
    const unwatch = watchTheme(() => this.#guard(() => this.#restyle()));
    this.#cleanup.push(() => resized.disconnect(), unwatch);
  }

  #restyle(): void {
    this.#theme = themeOf(this.#root);
    this.#fillChips();
    this.#paintSoon();
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      console.error(error);
      const text = `Cannot draw this light curve: ${error instanceof Error ? error.message : error}`;
      this.#root.replaceChildren(element("div", { class: "pb-error", role: "alert" }, text));
    }
  }

  /** After the selection, the focus or the photons changed. */
  #follow(): void {
    const { size, indices } = this.model.sources;
    const chosen = this.model.chosen(indices);
    this.#fillMenu(chosen, size, indices);
    const state = this.model.curves.find((curve) => curve.index === chosen);
    if (state !== this.#loaded?.state) this.#load(state);
    const missing = (this.model.get("missing") as Record<string, string>)[chosen];
    this.#note.hidden = state !== undefined;
    this.#note.textContent =
      chosen < 0
        ? "Select sources to see their light curves."
        : missing !== undefined
          ? `${this.model.nameOf(chosen)}: ${missing}`
          : this.model.comm_live
            ? `Loading ${this.model.nameOf(chosen)} …`
            : `The photons of ${this.model.nameOf(chosen)} are not in this page (lightCurveView's offlineSources keeps more).`;
    // The kernel sends the photons of what is shown.
    if (chosen !== (this.model.get("shown") as number)) setAndSave(this.model, { shown: chosen });
    this.#paintSoon();
  }

  #load(state: CurveState | undefined): void {
    this.#loaded = state && decodePhotons(state);
    this.#domain = [0, state?.duration ?? 1];
    this.#cursor = undefined;
    this.#fillChips();
    this.#rebin();
  }

  #fillMenu(chosen: number, size: number, indices: Uint32Array): void {
    const position = indices.indexOf(chosen);
    const listed = [...indices.subarray(0, MENU)];
    if (chosen >= 0 && !listed.includes(chosen)) listed.unshift(chosen);
    this.#menu.replaceChildren(
      ...listed.map((index) =>
        element("option", { value: index, selected: index === chosen }, this.model.nameOf(index)),
      ),
    );
    this.#menu.disabled = listed.length === 0;
    this.#previous.disabled = position <= 0;
    this.#next.disabled = indices.length === 0 || position === indices.length - 1;
    const many = indices.length > 1 && position >= 0;
    this.#place.textContent = many ? `${position + 1} of ${indices.length.toLocaleString("en")}` : "";
    this.#elsewhere = size - indices.length;
  }

  #step(by: number): void {
    const { indices } = this.model.sources;
    const next = indices[Math.max(0, indices.indexOf(this.model.chosen(indices)) + by)];
    if (next !== undefined) this.#show(next);
  }

  #show(index: number): void {
    if (this.model.latentModel) setAndSave(this.model.latentModel, { focus: index });
    else setAndSave(this.model, { shown: index });
    this.#followSoon();
  }

  /** Bands chosen to be drawn. */
  #bands(): readonly BandState[] {
    const visible = this.model.get("visible") as string[];
    return (this.model.get("bands") as BandState[]).filter(({ key }) => visible.includes(key));
  }

  #fillChips(): void {
    const bands = this.model.get("bands") as BandState[];
    const visible = new Set(this.model.get("visible") as string[]);
    const chips = bands.map((band, i) => {
      const color = bandColor(band.key, i, this.#theme.text);
      const chip = element(
        "button",
        { type: "button", class: "pb-chip", "aria-pressed": String(visible.has(band.key)), title: band.label },
        element("span", { class: "pb-swatch", style: `background:${color}` }),
        band.key,
      );
      chip.addEventListener("click", () => {
        const next = visible.has(band.key)
          ? bands.filter(({ key }) => visible.has(key) && key !== band.key)
          : bands.filter(({ key }) => visible.has(key) || key === band.key);
        setAndSave(this.model, { visible: next.map(({ key }) => key) });
        this.#rebin();
      });
      return chip;
    });
    this.#chips.replaceChildren(...chips);
  }

  #rebin(): void {
    const loaded = this.#loaded;
    this.#binned.clear();
    this.#fillChips();
    this.#slider.disabled = !loaded;
    if (loaded) {
      const asked = this.model.get("bin_sec") as number;
      this.#binSec = Math.max(asked > 0 ? asked : automaticBin(loaded), loaded.duration / 20_000);
      this.#slider.value = String(1000 * this.#sliderPlace(this.#binSec));
      this.#width.textContent = durationText(this.#binSec);
      for (const band of this.#bands())
        this.#binned.set(band.key, binPhotons(loaded, { binSec: this.#binSec, low: band.low, high: band.high }));
    }
    this.#paintSoon();
  }

  #setBin(seconds: number): void {
    setAndSave(this.model, { bin_sec: seconds });
    this.#guard(() => this.#rebin());
  }

  /** The slider is logarithmic, from a thousandth to a third of the observation. */
  #sliderBin(): number {
    const duration = this.#loaded?.duration ?? 1;
    return roundBin((duration / 1000) * (1000 / 3) ** (Number(this.#slider.value) / 1000));
  }

  #sliderPlace(seconds: number): number {
    const duration = this.#loaded?.duration ?? 1;
    return Math.min(1, Math.max(0, Math.log((1000 * seconds) / duration) / Math.log(1000 / 3)));
  }

  #paint(): void {
    const { clientWidth: width, clientHeight: height } = this.#stage;
    if (width === 0 || height === 0) return;
    const ratio = fitCanvas(this.#canvas, width, height);
    const context = this.#canvas.getContext("2d");
    if (!context) throw new Error("the browser gives no 2D canvas");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this.#describe();
    if (!this.#loaded) return;
    drawLightCurve(context, {
      width,
      height,
      text: this.#theme.text,
      paper: this.#theme.paper,
      font: this.#theme.font,
      bands: this.#drawnBands(this.#loaded),
      modelTimes: this.#loaded.modelTimes,
      modelLabel: this.#loaded.state.model_rates[0]?.label ?? "",
      gti: this.#loaded.gti,
      photons: this.#loaded.times,
      domain: this.#domain,
      cursor: this.#cursor,
      drag: this.#drag,
      unit: this.#unit,
      zero: zeroOf(this.#loaded.state),
    });
  }

  #drawnBands(loaded: LoadedPhotons): DrawnBand[] {
    const all = this.model.get("bands") as BandState[];
    return this.#bands().map((band) => ({
      label: band.label,
      color: bandColor(band.key, all.indexOf(band), this.#theme.text),
      curve: this.#binned.get(band.key) as BinnedCurve,
      model: modelRate(loaded, band),
    }));
  }

  get #unit(): { name: string; factor: number } {
    const { unit, factor } = readableUnit("s", this.#loaded?.duration ?? 1);
    return { name: unit, factor };
  }

  /** The status line: photons and good time, or what is under the pointer. */
  #describe(): void {
    const loaded = this.#loaded;
    if (!loaded) {
      this.#readout.textContent = "";
      this.#facts.textContent = "";
      return;
    }
    let good = 0;
    for (let g = 0; g < loaded.gti.length; g += 2) good += loaded.gti[g + 1] - loaded.gti[g];
    const { name, factor } = this.#unit;
    this.#facts.textContent = `${countOf(loaded.times.length, "photon")} · ${formatNumber(good / factor)} ${name} good time`;
    if (this.#elsewhere > 0) {
      this.#facts.textContent += ` · photons of ${this.#elsewhere.toLocaleString("en")} more selected sources are not in this page`;
    }
    this.#canvas.setAttribute(
      "aria-label",
      `Light curve of ${loaded.state.name}, ${this.#facts.textContent}, time since ${zeroOf(loaded.state)}`,
    );
    this.#readout.textContent =
      this.#cursor === undefined
        ? "Drag to zoom · Shift+drag moves · double-click shows all"
        : this.#readoutAt(this.#cursor);
  }

  #readoutAt(time: number): string {
    const { name, factor } = this.#unit;
    const parts = [`t = ${formatNumber(time / factor, 4)} ${name}`];
    for (const { key } of this.#bands()) {
      const curve = this.#binned.get(key);
      if (!curve) continue;
      const bin = Math.min(curve.rate.length - 1, Math.max(0, Math.floor(time / this.#binSec)));
      const [rate, low, high] = [curve.rate[bin], curve.low[bin], curve.high[bin]];
      const text = Number.isFinite(rate)
        ? `${formatNumber(rate)} +${formatNumber(high - rate, 2)} −${formatNumber(rate - low, 2)} counts/s (${countOf(curve.counts[bin]!, "count")})`
        : "not observed";
      parts.push(`${key} ${text}`);
    }
    return parts.join(" · ");
  }

  #timeAt(event: MouseEvent): number {
    return timeScale(this.#domain, this.#stage.clientWidth).invert(event.offsetX);
  }

  #pointerDown(event: PointerEvent): void {
    if (event.button !== 0 || !this.#loaded) return;
    this.#root.focus({ preventScroll: true });
    event.preventDefault();
    this.#canvas.setPointerCapture(event.pointerId);
    if (event.shiftKey) this.#pan = { fromPx: event.offsetX, domain: this.#domain };
    else this.#drag = [this.#timeAt(event), this.#timeAt(event)];
  }

  #pointerMove(event: PointerEvent): void {
    if (this.#pan) {
      const { fromPx, domain } = this.#pan;
      const scale = timeScale(domain, this.#stage.clientWidth);
      const by = scale.invert(fromPx) - scale.invert(event.offsetX);
      this.#zoomTo(domain[0] + by, domain[1] + by);
    }
    const time = this.#timeAt(event);
    if (this.#drag) this.#drag = [this.#drag[0], time];
    this.#setCursor(time);
  }

  #pointerUp(): void {
    const drag = this.#drag;
    this.#drag = undefined;
    this.#pan = undefined;
    if (drag && Math.abs(drag[1] - drag[0]) > 0.01 * (this.#domain[1] - this.#domain[0])) {
      this.#zoomTo(Math.min(...drag), Math.max(...drag));
    }
    this.#paintSoon();
  }

  #setCursor(time: number | undefined): void {
    this.#cursor = time !== undefined && time >= this.#domain[0] && time <= this.#domain[1] ? time : undefined;
    this.#paintSoon();
  }

  #zoomTo(start: number, stop: number): void {
    const duration = this.#loaded?.duration ?? 1;
    const span = Math.min(duration, Math.max(stop - start, duration / 5000));
    const from = Math.min(Math.max(0, start), duration - span);
    this.#domain = [from, from + span];
    this.#paintSoon();
  }

  #zoomBy(factor: number, at = (this.#domain[0] + this.#domain[1]) / 2): void {
    this.#zoomTo(at - (at - this.#domain[0]) * factor, at + (this.#domain[1] - at) * factor);
  }

  /** Moves along time by parts of what is shown. */
  #panBy(parts: number): void {
    const [start, stop] = this.#domain;
    const by = parts * (stop - start);
    this.#zoomTo(start + by, stop + by);
  }

  #resetZoom(): void {
    this.#domain = [0, this.#loaded?.duration ?? 1];
    this.#paintSoon();
  }

  #wheel(event: WheelEvent): void {
    if (!this.#loaded || (!event.ctrlKey && !this.#root.contains(document.activeElement))) return;
    event.preventDefault();
    this.#zoomBy(2 ** (Math.max(-240, Math.min(240, event.deltaY)) / 240), this.#timeAt(event));
  }

  #keyDown(event: KeyboardEvent): void {
    if (event.target !== this.#root || event.ctrlKey || event.metaKey) return;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => (event.shiftKey ? this.#panBy(-0.2) : this.#step(-1)),
      ArrowRight: () => (event.shiftKey ? this.#panBy(0.2) : this.#step(1)),
      "+": () => this.#zoomBy(0.6),
      "=": () => this.#zoomBy(0.6),
      "-": () => this.#zoomBy(1 / 0.6),
      "0": () => this.#resetZoom(),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }
}

/** What the time axis counts from: a date, else the mission's second. */
function zeroOf({ date, start }: CurveState): string {
  if (date) return `${date} UTC`;
  return start === 0 ? "start" : `mission second ${start.toLocaleString("en", { maximumFractionDigits: 3 })}`;
}
