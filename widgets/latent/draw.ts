import { categoryColor, parseHex, type Rgb, sequentialRgb } from "../../src/plot/index.ts";
import { GRID, NO_COLOR, NO_PLACE } from "./state.ts";

/** Where the grid of the points lies on the canvas: px = scale * grid + offset. */
export interface Placement {
  readonly xScale: number;
  readonly xOffset: number;
  readonly yScale: number;
  readonly yOffset: number;
}

/** Colours by colour code; NO_COLOR is a neutral grey. */
export function colorTable(kind: string, isDark: boolean): Rgb[] {
  const neutral: Rgb = isDark ? [150, 150, 150] : [120, 120, 120];
  return Array.from({ length: 256 }, (_, code): Rgb => {
    if (kind === "none") return parseHex(categoryColor(isDark ? 5 : 0));
    if (code === NO_COLOR) return neutral;
    if (kind === "number") return numberColor(code / 254, isDark);
    return isDark ? lighter(parseHex(categoryColor(code))) : parseHex(categoryColor(code));
  });
}

/** A little white, so that the darker categories hold their own on a dark page. */
function lighter(color: Rgb): Rgb {
  return color.map((byte) => Math.round(byte + 0.16 * (255 - byte))) as unknown as Rgb;
}

/** The ends of the scale that would vanish into the page are left out. */
export function numberColor(t: number, isDark: boolean): Rgb {
  return sequentialRgb(isDark ? 0.2 + 0.8 * t : 0.88 * t);
}

const CELLS = 128;

/**
 * Draws any number of points on the CPU: antialiased discs blended into one image, so that the view looks the same
 * with and without a GPU and is never blank. 400,000 points take some 20 ms.
 */
export class PointRaster {
  readonly n: number;
  readonly #xy: Uint16Array;
  readonly #codes: Uint8Array;
  /** Points in the order of drawing: frequent categories first, so that rare ones end on top. */
  readonly #order: Uint32Array;
  /** Points by cell of a coarse grid, and where each cell begins. */
  readonly #cellStart: Uint32Array;
  readonly #cellPoints: Uint32Array;
  #image: ImageData | undefined;

  constructor(xy: Uint16Array, codes: Uint8Array, kind: string) {
    this.n = xy.length >> 1;
    this.#xy = xy;
    this.#codes = codes.length === this.n ? codes : new Uint8Array(this.n);
    this.#order = drawOrder(this.#codes, kind);
    const cells = Uint16Array.from({ length: this.n }, (_, i) => cellOf(xy[2 * i] as number, xy[2 * i + 1] as number));
    [this.#cellStart, this.#cellPoints] = sortByKey(cells, CELLS * CELLS);
  }

  /** Paints all points; with a selection, the others grey and below. Sizes are in canvas pixels. */
  paint(
    context: CanvasRenderingContext2D,
    options: {
      placement: Placement;
      colors: readonly Rgb[];
      paper: Rgb;
      isDark: boolean;
      radius: number;
      alpha: number;
      selection: Uint8Array | undefined;
    },
  ): void {
    const { width, height } = context.canvas;
    if (this.#image?.width !== width || this.#image.height !== height)
      this.#image = context.createImageData(width, height);
    const pixels = new Uint32Array(this.#image.data.buffer);
    pixels.fill(pack(options.paper));
    const { selection, radius, alpha } = options;
    const colors = Uint32Array.from(options.colors, pack);
    if (selection) {
      const grey: Rgb = options.isDark ? [105, 105, 105] : [170, 170, 170];
      this.#splat(pixels, options.placement, new Uint32Array(256).fill(pack(grey)), {
        radius,
        alpha: alpha * 0.5,
        selection,
        want: 0,
      });
      this.#splat(pixels, options.placement, colors, {
        radius: radius * 1.25,
        alpha: Math.max(alpha, 0.8),
        selection,
        want: 1,
      });
    } else {
      this.#splat(pixels, options.placement, colors, { radius, alpha, selection: undefined, want: 0 });
    }
    context.putImageData(this.#image, 0, 0);
  }

  #splat(
    pixels: Uint32Array,
    place: Placement,
    colors: Uint32Array,
    how: { radius: number; alpha: number; selection: Uint8Array | undefined; want: number },
  ): void {
    const { width, height } = this.#image as ImageData;
    const { reach, offsets, coverage } = discStamp(how.radius, how.alpha, width);
    const { selection, want } = how;
    for (let k = 0; k < this.n; k++) {
      const i = this.#order[k] as number;
      if (this.#xy[2 * i] === NO_PLACE) continue;
      if (selection && (((selection[i >> 3] as number) >> (i & 7)) & 1) !== want) continue;
      const x = (place.xScale * (this.#xy[2 * i] as number) + place.xOffset) | 0;
      const y = (place.yScale * (this.#xy[2 * i + 1] as number) + place.yOffset) | 0;
      if (x < reach || y < reach || x >= width - reach || y >= height - reach) continue;
      const color = colors[this.#codes[i] as number] as number;
      const redBlue = color & 0xff00ff;
      const green = color & 0xff00;
      const at = y * width + x;
      for (let s = 0; s < offsets.length; s++) {
        const p = at + (offsets[s] as number);
        const a = coverage[s] as number;
        const old = pixels[p] as number;
        const rb = ((Math.imul(redBlue, a) + Math.imul(old & 0xff00ff, 256 - a)) >>> 8) & 0xff00ff;
        const g = ((Math.imul(green, a) + Math.imul(old & 0xff00, 256 - a)) >>> 8) & 0xff00;
        pixels[p] = 0xff000000 | rb | g;
      }
    }
  }

  /** The point nearest to a canvas position, no further than `reach` pixels; -1 if there is none. */
  nearest(px: number, py: number, options: { placement: Placement; reach: number }): number {
    const { placement, reach } = options;
    const gx = (px - placement.xOffset) / placement.xScale;
    const gy = (py - placement.yOffset) / placement.yScale;
    const [rx, ry] = [Math.abs(reach / placement.xScale), Math.abs(reach / placement.yScale)];
    const [left, right] = [cellIndex(gx - rx), cellIndex(gx + rx)];
    const [bottom, top] = [cellIndex(gy - ry), cellIndex(gy + ry)];
    let best = -1;
    let least = reach * reach;
    for (let row = bottom; row <= top; row++) {
      for (let cell = row * CELLS + left; cell <= row * CELLS + right; cell++) {
        for (let k = this.#cellStart[cell] as number; k < (this.#cellStart[cell + 1] as number); k++) {
          const i = this.#cellPoints[k] as number;
          if (this.#xy[2 * i] === NO_PLACE) continue;
          const dx = ((this.#xy[2 * i] as number) - gx) * placement.xScale;
          const dy = ((this.#xy[2 * i + 1] as number) - gy) * placement.yScale;
          if (dx * dx + dy * dy <= least) {
            least = dx * dx + dy * dy;
            best = i;
          }
        }
      }
    }
    return best;
  }
}

/** Radius and opacity, CSS pixels, that keep n points readable at a zoom. */
export function pointStyle(n: number, zoom: number): { radius: number; alpha: number } {
  const radius = Math.min(5, Math.max(1, 22 / Math.max(1, n) ** 0.25)) * Math.min(3, zoom ** 0.35);
  const alpha = Math.min(0.85, Math.max(0.25, 0.85 * (8000 / Math.max(1, n)) ** 0.28) * zoom ** 0.3);
  return { radius: Math.min(7, radius), alpha };
}

/** Pixels of a disc relative to its centre, with their coverage as 0–256. */
function discStamp(radius: number, alpha: number, width: number) {
  const reach = Math.ceil(radius + 0.5);
  const offsets: number[] = [];
  const coverage: number[] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const inside = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(dx, dy)));
      const a = Math.round(256 * alpha * inside);
      if (a === 0) continue;
      offsets.push(dy * width + dx);
      coverage.push(a);
    }
  }
  return { reach, offsets: Int32Array.from(offsets), coverage: Uint16Array.from(coverage) };
}

/** Bytes as one little-endian pixel. */
function pack([red, green, blue]: Rgb): number {
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}

function cellIndex(grid: number): number {
  return Math.min(CELLS - 1, Math.max(0, Math.floor((grid * CELLS) / (GRID + 1))));
}

function cellOf(x: number, y: number): number {
  return cellIndex(y) * CELLS + cellIndex(x);
}

/** Counting sort: where each key begins, and the items in order. */
function sortByKey(keys: ArrayLike<number>, nKeys: number): [start: Uint32Array, items: Uint32Array] {
  const start = new Uint32Array(nKeys + 1);
  for (let i = 0; i < keys.length; i++) start[(keys[i] as number) + 1]!++;
  for (let key = 0; key < nKeys; key++) start[key + 1]! += start[key] as number;
  const next = start.slice();
  const items = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) items[next[keys[i] as number]!++] = i;
  return [start, items];
}

/** Uncoloured points first, then categories from frequent to rare. */
function drawOrder(codes: Uint8Array, kind: string): Uint32Array {
  if (kind !== "category") return Uint32Array.from(codes, (_, i) => i);
  const counts = new Float64Array(256);
  for (const code of codes) counts[code]!++;
  counts[NO_COLOR] = Number.POSITIVE_INFINITY;
  const ranked = Array.from(counts.keys()).sort((a, b) => (counts[b] as number) - (counts[a] as number));
  const rank = new Uint8Array(256);
  ranked.forEach((code, position) => {
    rank[code] = position;
  });
  return sortByKey(
    codes.map((code) => rank[code] as number),
    256,
  )[1];
}
