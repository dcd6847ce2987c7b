import { createScale, toHex } from "../../src/plot/index.ts";
import { colorTable, numberColor } from "../latent/draw.ts";
import { hasBit } from "../latent/mask.ts";
import { NO_COLOR } from "../latent/state.ts";
import { element } from "./dom.ts";

/** What a legend explains. */
export interface LegendContent {
  readonly kind: string;
  readonly label: string;
  readonly categories: readonly string[];
  readonly codes: Uint8Array;
  readonly domain: readonly number[];
  readonly scale: "linear" | "log";
  readonly isDark: boolean;
}

/**
 * Fills a legend: a button per category that selects it, or a scale of colours.
 *
 * @param onPick Called with the code of the category clicked.
 */
export function fillLegend(
  legend: HTMLElement,
  content: LegendContent,
  onPick: (code: number, event: MouseEvent) => void,
): void {
  legend.replaceChildren();
  legend.hidden = content.kind === "none";
  if (content.label !== "") legend.append(element("div", { class: "pb-legend-title" }, content.label));
  if (content.kind === "category") legend.append(...categoryButtons(content, onPick));
  if (content.kind === "number") legend.append(colorRamp(content));
}

/** Says beside each category how many of its points are selected; without a selection, how many there are. */
export function showCounts(legend: HTMLElement, codes: Uint8Array, selection: Uint8Array | undefined): void {
  const selected = new Uint32Array(256);
  for (let i = 0; selection && i < codes.length; i++) if (hasBit(selection, i)) selected[codes[i]]++;
  for (const button of legend.querySelectorAll<HTMLElement>(".pb-category")) {
    const total = Number(button.dataset.count).toLocaleString("en");
    const text = selected[Number(button.dataset.code)].toLocaleString("en");
    button.lastElementChild?.replaceChildren(...(selection ? [element("b", {}, text), `/${total}`] : [total]));
  }
}

function categoryButtons(content: LegendContent, onPick: (code: number, event: MouseEvent) => void): HTMLElement[] {
  const counts = new Map<number, number>();
  for (const code of content.codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  const colors = colorTable("category", content.isDark);
  const codes = [...content.categories.keys(), ...(counts.has(NO_COLOR) ? [NO_COLOR] : [])];
  return codes.map((code) => {
    const name = content.categories[code] ?? "none";
    const count = counts.get(code) ?? 0;
    const button = element(
      "button",
      {
        type: "button",
        class: "pb-category",
        "data-code": code,
        "data-count": count,
        title: `Select "${name}" (Shift adds, Alt removes)`,
      },
      element("span", { class: "pb-swatch", style: `background:${toHex(colors[code])}` }),
      element("span", {}, name),
      element("span"),
    );
    button.addEventListener("click", (event) => onPick(code, event));
    return button;
  });
}

function colorRamp(content: LegendContent): HTMLElement {
  const canvas = element("canvas", { width: 1, height: 128, "aria-hidden": "true" });
  const context = canvas.getContext("2d");
  for (let y = 0; context && y < 128; y++) {
    context.fillStyle = toHex(numberColor(1 - y / 127, content.isDark));
    context.fillRect(0, y, 1, 1);
  }
  const scale = createScale({ kind: content.scale, domain: content.domain as [number, number], range: [150, 0] });
  const { values, labels, exponent } = scale.ticks(5);
  const ticks = element("div", { style: "position:relative;height:150px;min-width:60px" });
  values.forEach((value, i) => {
    const y = scale.at(value);
    const text = exponent === 0 ? labels[i] : `${labels[i]}e${exponent}`;
    ticks.append(element("span", { style: `position:absolute;top:${y}px;transform:translateY(-50%)` }, text));
  });
  return element("div", { class: "pb-ramp" }, canvas, ticks);
}
