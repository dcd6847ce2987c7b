import { parseHex, type Rgb } from "../../src/plot/index.ts";

/** Colours in force around an element. */
export interface Theme {
  readonly text: string;
  readonly paper: string;
  readonly font: string;
  readonly isDark: boolean;
  readonly paperRgb: Rgb;
}

/** Reads the theme from an element that has the class `pb-root`. */
export function themeOf(root: HTMLElement): Theme {
  const style = getComputedStyle(root);
  const paperRgb = parseColor(style.backgroundColor) ?? [255, 255, 255];
  const isDark = 0.299 * paperRgb[0] + 0.587 * paperRgb[1] + 0.114 * paperRgb[2] < 128;
  return { text: style.color, paper: style.backgroundColor, font: style.fontFamily, isDark, paperRgb };
}

/** Any CSS colour the browser computed, as bytes. */
function parseColor(color: string): Rgb | undefined {
  if (color.startsWith("#")) return parseHex(color);
  const numbers = color.match(/[\d.]+/g)?.map(Number);
  if (!numbers || numbers.length < 3 || numbers[3] === 0) return undefined;
  const scale = color.startsWith("color(") ? 255 : 1;
  return numbers.slice(0, 3).map((number) => Math.round(number * scale)) as unknown as Rgb;
}

/** Calls `listener` when the page changes between light and dark. Returns the removal. */
export function watchTheme(listener: () => void): () => void {
  const observer = new MutationObserver(() => requestAnimationFrame(listener));
  const attributes = [
    "class",
    "style",
    "data-jp-theme-name",
    "data-jp-theme-light",
    "data-vscode-theme-kind",
    "data-theme",
  ];
  for (const node of [document.documentElement, document.body])
    observer.observe(node, { attributes: true, attributeFilter: attributes });
  const query = window.matchMedia("(prefers-color-scheme: dark)");
  query.addEventListener("change", listener);
  return () => {
    observer.disconnect();
    query.removeEventListener("change", listener);
  };
}
