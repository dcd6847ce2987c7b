import { DOMWidgetModel } from "@jupyter-widgets/base";
import { emptyMask } from "../latent/mask.ts";
import { asU8, binarySerializers } from "./binary.ts";

const MODULE = { _model_module: "photonbook", _view_module: "photonbook" };

/** Browser's model of a latent view; linked views listen to its `selection` and `focus`. */
export class LatentViewModel extends DOMWidgetModel {
  static override serializers = {
    ...DOMWidgetModel.serializers,
    ...binarySerializers(["xy", "color_codes", "names", "detail_values", "selection"]),
  };

  override defaults() {
    return {
      ...super.defaults(),
      ...MODULE,
      _model_name: "LatentViewModel",
      _view_name: "LatentView",
      n: 0,
      focus: -1,
      polygon: [],
    };
  }

  /** Names of the points, decoded when first asked for. */
  #names: string[] | undefined;

  nameOf(index: number): string {
    this.#names ??= new TextDecoder().decode(asU8(this.get("names"))).split("\n");
    return this.#names[index] || `#${index}`;
  }

  /** The selection as a mask of its own. */
  get mask(): Uint8Array {
    const mask = asU8(this.get("selection"));
    const n = this.get("n") as number;
    return mask.length === (n + 7) >> 3 ? mask : emptyMask(n);
  }
}
