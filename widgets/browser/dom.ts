/** A new element with attributes and children; text is text, never markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string | number | boolean | undefined> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** Outlines of the toolbar's icons on a 16 by 16 grid. */
const ICONS = {
  lasso:
    "M5.2 10.6C2.8 9.9 1.5 8.5 1.5 6.8 1.5 4.2 4.4 2.2 8 2.2s6.5 2 6.5 4.6S11.6 11.4 8 11.4c-.5 0-1 0-1.5-.1M5.2 10.6a1.3 1.3 0 1 1-.1 2.6 1.3 1.3 0 0 1 .1-2.6ZM4.8 13.2c-.2.7-.8 1.2-1.8 1.4",
  rectangle: "M2 3.5h2M6 3.5h4M12 3.5h2v2M14 7.5v2M14 11v1.5h-2M10 12.5H6M4 12.5H2V11M2 9.5v-2M2 5.5v-2",
  pan: "M8 1.5v13M1.5 8h13M6 3.5l2-2 2 2M6 12.5l2 2 2-2M3.5 6l-2 2 2 2M12.5 6l2 2-2 2",
  zoomIn: "M7 2a5 5 0 1 1 0 10A5 5 0 0 1 7 2ZM10.6 10.6 14.5 14.5M4.8 7h4.4M7 4.8v4.4",
  zoomOut: "M7 2a5 5 0 1 1 0 10A5 5 0 0 1 7 2ZM10.6 10.6 14.5 14.5M4.8 7h4.4",
  fit: "M2 5.5V2h3.5M10.5 2H14v3.5M14 10.5V14h-3.5M5.5 14H2v-3.5M6 6h4v4H6Z",
  undo: "M3 6.5h7a3.5 3.5 0 0 1 0 7H6M6 3.5l-3 3 3 3",
  redo: "M13 6.5H6a3.5 3.5 0 0 0 0 7h4M10 3.5l3 3-3 3",
  clear: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  previous: "M10 3 5 8l5 5",
  next: "M6 3l5 5-5 5",
} as const;

export type IconName = keyof typeof ICONS;

/** A toolbar button with an icon; `hint` is its tooltip and its name for screen readers. */
export function iconButton(icon: IconName, hint: string, onClick: () => void): HTMLButtonElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[icon]);
  svg.append(path);
  const button = element("button", { type: "button", class: "pb-button", title: hint, "aria-label": hint }, svg);
  button.addEventListener("click", onClick);
  return button;
}

/** Sizes a canvas to its box at the screen's resolution; returns the ratio of screen to CSS pixels. */
export function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number): number {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  return ratio;
}

/** Runs `work` once before the next repaint, however often it is asked for. */
export function oncePerFrame(work: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}
