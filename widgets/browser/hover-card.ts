import { formatNumber, toHex } from "../../src/plot/index.ts";
import { colorTable, numberColor } from "../latent/draw.ts";
import { type Detail, NO_COLOR } from "../latent/state.ts";
import { element } from "./dom.ts";
import type { LatentViewModel } from "./latent-model.ts";

/**
 * Fills the card of a point: its name, what its colour means, its details.
 *
 * @param options.code Its colour code.
 * @param options.details Numbers of all points, detail after detail.
 */
export function fillHoverCard(
  card: HTMLElement,
  model: LatentViewModel,
  options: { index: number; code: number; details: Float32Array; isDark: boolean },
): void {
  const { index, code, details, isDark } = options;
  const rows: [string, Node | string][] = [];
  const kind = model.get("color_kind") as string;
  if (kind === "category") {
    const color = toHex(colorTable(kind, isDark)[code]);
    const name = code === NO_COLOR ? "none" : ((model.get("categories") as string[])[code] ?? "");
    const swatch = element("span", { class: "pb-swatch", style: `background:${color};margin-right:5px` });
    rows.push([(model.get("color_label") as string) || "class", element("span", {}, swatch, name)]);
  } else if (kind === "number" && code !== NO_COLOR) {
    const [low, high] = model.get("color_domain") as number[];
    const isLog = model.get("color_scale") === "log";
    const value = isLog ? low * (high / low) ** (code / 254) : low + ((high - low) * code) / 254;
    const swatch = element("span", {
      class: "pb-swatch",
      style: `background:${toHex(numberColor(code / 254, isDark))};margin-right:5px`,
    });
    rows.push([
      (model.get("color_label") as string) || "value",
      element("span", {}, swatch, `≈ ${formatNumber(value, 2)}`),
    ]);
  }
  const n = model.get("n") as number;
  (model.get("details") as Detail[]).forEach(({ label, unit }, k) => {
    rows.push([label, `${formatNumber(details[k * n + index], 4)} ${unit}`]);
  });
  const table = element(
    "table",
    {},
    ...rows.map(([key, value]) => element("tr", {}, element("td", {}, key), element("td", {}, value))),
  );
  card.replaceChildren(element("b", {}, model.nameOf(index)), table);
}

/** Puts the card beside the pointer, inside a box of this size. */
export function placeCard(card: HTMLElement, at: { x: number; y: number; width: number; height: number }): void {
  const left = at.x + 14 + card.offsetWidth > at.width ? at.x - 14 - card.offsetWidth : at.x + 14;
  const top = Math.min(at.y + 12, at.height - card.offsetHeight - 4);
  card.style.left = `${Math.max(2, left)}px`;
  card.style.top = `${Math.max(2, top)}px`;
}
