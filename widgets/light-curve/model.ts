import { countOf } from "../../src/array/index.ts";
import { DISPLAY } from "../../src/host/index.ts";
import {
  type EventLoader,
  isPhotonRecord,
  LatentView,
  type PhotonRecord,
  PointSources,
  Selection,
} from "../latent/index.ts";
import { WidgetModel } from "../protocol/index.ts";
import { encodeCurve, modelRateCurves, type RateCurves, type RateModel } from "./curve.ts";
import type { BandState, CurveState, LightCurveState } from "./state.ts";

/** The model's count rate for a source: as PPAD gives it, or any other. */
export type RateLoader = (
  index: number,
  photons: PhotonRecord,
) => RateCurves | undefined | Promise<RateCurves | undefined>;

/** How a light-curve view is made. */
export interface LightCurveViewOptions {
  /** Photons of the points of the selection, by position. Default: what the latent view was given. */
  readonly events?: EventLoader | readonly (PhotonRecord | undefined)[] | undefined;
  /** A PPAD model (or its like), whose rate is drawn over the photons. Default: none. */
  readonly model?: RateModel | undefined;
  /** Latents of the sources shown, shape (sources, latentSize), as `ppad.embed` gives. Default: the model's own. */
  readonly latents?: RateModel["latents"] | undefined;
  /** Any other rate to draw. Default: the model's. */
  readonly rate?: RateLoader | undefined;
  /** Bin width, s; changed with the slider. Default: chosen for each source. */
  readonly binSec?: number;
  /** Bands offered, keV by name. Default: the bands of the Chandra Source Catalog. */
  readonly bands?: { readonly [label: string]: readonly [lowKeV: number, highKeV: number] };
  /** Bands drawn at first. Default: the last of `bands`, the broad one. */
  readonly visible?: readonly string[];
  /** Points whose light curves are kept in the notebook, so that a page without a kernel follows the lasso among
   *  them; a number takes so many, spread evenly. Default: 0, only those of the last selection. */
  readonly offlineSources?: number | ArrayLike<number>;
  /** Shown above. Default: none. */
  readonly title?: string;
  /** Height of the drawing, px. Default 260. */
  readonly height?: number;
}

/** What `lightCurveView` shows: a selection or its view, or one or more event lists. */
export type LightCurveTarget = Selection | LatentView | PhotonRecord | readonly PhotonRecord[];

/** Bands of the Chandra Source Catalog, keV. */
const CSC_BANDS = { soft: [0.5, 1.2], medium: [1.2, 2], hard: [2, 7], broad: [0.5, 7] } as const;

/** How many of the selected sources are sent before they are looked at, and how many photons at most. */
const PREFETCH = { sources: 12, photons: 300_000 } as const;

/** Light curves of the selected sources in the notebook. */
export class LightCurveView {
  /** The synchronised state. @internal */
  readonly model: WidgetModel<LightCurveState>;
  /** Settles when what was asked for last has been loaded and sent. */
  ready: Promise<void> = Promise.resolve();
  readonly #selection: Selection | undefined;
  readonly #sources: PointSources;
  readonly #rate: RateLoader | undefined;
  readonly #cache = new Map<number, Promise<CurveState | string>>();
  readonly #unfollow: (() => void)[] = [];
  #round = 0;

  constructor(target: LightCurveTarget, options: LightCurveViewOptions = {}) {
    this.#selection =
      target instanceof Selection ? target : target instanceof LatentView ? target.selection : undefined;
    const list = isPhotonRecord(target) ? [target] : (target as readonly PhotonRecord[]);
    this.#sources = this.#selection
      ? options.events
        ? new PointSources({ n: this.#selection.length, events: options.events, names: namesOf(this.#selection) })
        : this.#selection.sources
      : new PointSources({ n: list.length, sources: list });
    if (!this.#sources.hasEvents) {
      throw new TypeError(
        'Cannot show light curves: sources must have photons: give latentView or lightCurveView the option "events"',
      );
    }
    this.#rate = options.rate ?? rateLoader(options, this.#selection?.length ?? list.length);
    const bands = bandStates(options.bands ?? CSC_BANDS);
    this.model = new WidgetModel<LightCurveState>({
      modelName: "LightCurveViewModel",
      viewName: "LightCurveView",
      writable: ["shown", "bin_sec", "visible"],
      state: {
        latent: null,
        n: this.#selection ? 0 : list.length,
        curves: [],
        library: [],
        shown: this.#selection ? -1 : 0,
        bin_sec: options.binSec ?? 0,
        bands,
        visible: options.visible ?? bands.slice(-1).map(({ key }) => key),
        missing: {},
        height: options.height ?? 260,
        title: options.title ?? "",
      },
    });
    if (this.#selection) {
      this.#unfollow.push(this.#selection.onChange(() => this.#refresh()));
      this.#unfollow.push(this.#selection.model.onChange("focus", () => this.#refresh()));
    }
    this.model.onChange("shown", () => this.#refresh());
    // A view that the front end has thrown away loads no more photons.
    this.model.onClose(() => this.#stop());
    this.#refresh();
    this.#keepOffline(options.offlineSources ?? 0);
  }

  /** Position of the source shown; undefined when there is none. */
  get shown(): number | undefined {
    const shown = this.model.get("shown");
    return shown >= 0 ? shown : undefined;
  }

  /** Removes the view from the page and stops following the selection. */
  close(): void {
    this.model.close();
  }

  /** The widget's name in the state of others, such as boxes. @internal */
  reference(): string {
    return this.model.reference();
  }

  toString(): string {
    return this.#selection
      ? `LightCurveView(${this.#selection})`
      : `LightCurveView(${countOf(this.model.get("n") as number, "source")})`;
  }

  /** The widget, once its photons are loaded, so that a saved notebook holds them. */
  async [DISPLAY](): Promise<{ [mimeType: string]: unknown }> {
    await this.ready;
    if (this.#selection) {
      this.#selection.model.open();
      this.model.set({ latent: this.#selection.model.reference() });
    }
    return this.model.bundle(this.toString());
  }

  #stop(): void {
    this.#round++;
    for (const remove of this.#unfollow.splice(0)) remove();
    this.#cache.clear();
  }

  #refresh(): void {
    const round = ++this.#round;
    this.ready = this.#load(round).catch((error) => console.error(error));
  }

  /** Loads and sends what may be looked at now; a later round overtakes it. */
  async #load(round: number): Promise<void> {
    const wanted = this.#wanted();
    const curves: CurveState[] = [];
    const missing: { [index: string]: string } = {};
    let photons = 0;
    for (const [k, index] of wanted.entries()) {
      if (k > 1 && photons > PREFETCH.photons) break;
      const curve = await this.#curve(index);
      if (round !== this.#round) return;
      if (typeof curve === "string") missing[index] = curve;
      else {
        curves.push(curve);
        photons += curve.times.byteLength / 4;
      }
    }
    this.model.set({ curves, missing });
  }

  /** The source shown, then the first of the selection or list. */
  #wanted(): number[] {
    const selection = this.#selection;
    const shown = this.model.get("shown");
    const all = selection
      ? selection.indices.subarray(0, PREFETCH.sources)
      : Uint32Array.from({ length: Math.min(PREFETCH.sources, this.model.get("n")) }, (_, i) => i);
    const first = [shown, selection?.focus ?? -1].filter((index) => index >= 0);
    return [...new Set([...first, ...all])];
  }

  #curve(index: number): Promise<CurveState | string> {
    const cached = this.#cache.get(index);
    if (cached) return cached;
    const loaded = this.#loadCurve(index).catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    this.#cache.set(index, loaded);
    if (this.#cache.size > 200) this.#cache.delete(this.#cache.keys().next().value as number);
    return loaded;
  }

  async #loadCurve(index: number): Promise<CurveState | string> {
    const photons = await this.#sources.events(index);
    if (!photons) return "no photons";
    return encodeCurve(photons, { index, name: this.#name(index, photons), rates: await this.#rate?.(index, photons) });
  }

  #name(index: number, photons: PhotonRecord): string {
    const named = this.#selection?.sources.hasNames ? this.#selection.sources.name(index) : undefined;
    return named ?? photons.name ?? this.#sources.name(index);
  }

  #keepOffline(wanted: number | ArrayLike<number>): void {
    const n = this.#selection?.length ?? this.model.get("n");
    const count = typeof wanted === "number" ? Math.min(wanted, n) : 0;
    const indices =
      typeof wanted === "number"
        ? Array.from({ length: count }, (_, k) => Math.floor((k * n) / count))
        : Array.from(wanted);
    if (indices.length === 0) return;
    const first = this.ready;
    this.ready = (async () => {
      await first;
      const curves = await Promise.all(indices.map((index) => this.#curve(index)));
      this.model.set({ library: curves.filter((curve) => typeof curve !== "string") });
    })();
  }
}

/**
 * Shows light curves: of what is selected in a latent view, following it, or of event lists.
 *
 * @param target A selection, a latent view, an event list or a list of them.
 * @returns The view; as the last expression of a cell it shows itself.
 * @throws {TypeError} If there are no photons to show.
 * @throws {RangeError} If the model's latents are not one per source.
 * @example lightCurveView(view.selection, { binSec: 500 });
 */
export function lightCurveView(target: LightCurveTarget, options: LightCurveViewOptions = {}): LightCurveView {
  return new LightCurveView(target, options);
}

/** The model's rate of the n sources shown. */
function rateLoader(options: LightCurveViewOptions, n: number): RateLoader | undefined {
  const { model, latents = model?.latents } = options;
  if (!model || !latents) return undefined;
  if (latents.shape[0] !== n) {
    throw new RangeError(
      `Cannot draw the model's rate: latents must have ${n} rows, one per source: current number is ${latents.shape[0]}: give the option "latents"`,
    );
  }
  return (index, photons) => modelRateCurves(model, { latents, index, photons });
}

function namesOf(selection: Selection): readonly string[] | undefined {
  const { sources } = selection;
  return sources.hasNames ? Array.from({ length: selection.length }, (_, i) => sources.name(i)) : undefined;
}

function bandStates(bands: NonNullable<LightCurveViewOptions["bands"]>): BandState[] {
  return Object.entries(bands).map(([key, [low, high]]) => ({ key, label: `${key} ${low}–${high} keV`, low, high }));
}
