import { DOMWidgetModel, unpack_models } from "@jupyter-widgets/base";
import { maskIndices } from "../latent/mask.ts";
import type { CurveState } from "../light-curve/state.ts";
import { binarySerializers } from "./binary.ts";
import type { LatentViewModel } from "./latent-model.ts";

/** Browser's model of a light-curve view. */
export class LightCurveViewModel extends DOMWidgetModel {
  static override serializers = {
    ...DOMWidgetModel.serializers,
    ...binarySerializers(["curves", "library"]),
    latent: { deserialize: unpack_models },
  };

  override defaults() {
    return {
      ...super.defaults(),
      _model_module: "photonbook",
      _view_module: "photonbook",
      _model_name: "LightCurveViewModel",
      _view_name: "LightCurveView",
      latent: null,
      curves: [],
      library: [],
      shown: -1,
    };
  }

  /** Model of the view whose selection is followed. */
  get latentModel(): LatentViewModel | null {
    return this.get("latent") as LatentViewModel | null;
  }

  /** Sources one can step through: the selection or the list; in a page without a kernel, those it has photons of. */
  get sources(): { size: number; indices: Uint32Array } {
    const latent = this.latentModel;
    const mask = latent?.mask;
    const n = this.get("n") as number;
    const all = mask ? maskIndices(mask) : Uint32Array.from({ length: n }, (_, i) => i);
    if (this.comm_live) return { size: all.length, indices: all };
    const here = new Set(this.curves.map(({ index }) => index));
    return { size: all.length, indices: all.filter((index) => here.has(index)) };
  }

  /** Light curves that are in the page. */
  get curves(): CurveState[] {
    return [...(this.get("curves") as CurveState[]), ...(this.get("library") as CurveState[])];
  }

  /** Which source to show: the one in focus, else the one shown if it is still selected, else the first. */
  chosen(indices: Uint32Array): number {
    const focus = (this.latentModel?.get("focus") as number | undefined) ?? -1;
    if (focus >= 0) return focus;
    const shown = this.get("shown") as number;
    return indices.includes(shown)
      ? shown
      : (indices[0] ?? (this.latentModel && maskIndices(this.latentModel.mask, 1)[0]) ?? -1);
  }

  /** Name of a source. */
  nameOf(index: number): string {
    const named = this.curves.find((curve) => curve.index === index)?.name;
    return named ?? this.latentModel?.nameOf(index) ?? `#${index}`;
  }
}
