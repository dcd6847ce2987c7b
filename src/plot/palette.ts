/** A colour as three bytes. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * The eight colours of Okabe & Ito (2008, "Color Universal Design"), told apart by people with any common colour
 * vision deficiency, ordered so that the first ones contrast with white and with black. Their black, which a dark
 * page would swallow, is grey here.
 */
export const OKABE_ITO = {
  blue: "#0072b2",
  vermillion: "#d55e00",
  green: "#009e73",
  purple: "#cc79a7",
  orange: "#e69f00",
  sky: "#56b4e9",
  yellow: "#f0e442",
  grey: "#808080",
} as const;

/** Grey is left to what has no category. */
const CATEGORIES: readonly string[] = Object.values(OKABE_ITO).filter((color) => color !== OKABE_ITO.grey);

/**
 * Colour of the i-th category: Okabe–Ito for the first seven, then hues a golden angle apart at alternating
 * lightness in OKLCH, so that any number of categories gets distinct colours.
 */
export function categoryColor(index: number): string {
  if (index < CATEGORIES.length) return CATEGORIES[Math.max(0, Math.floor(index))] as string;
  const step = Math.floor(index) - CATEGORIES.length;
  return toHex(oklch([0.74, 0.52, 0.63][step % 3] as number, 0.13, 20 + 137.508 * step));
}

/**
 * Colour of a number between 0 and 1 on a scale whose lightness rises steadily while its hue runs from blue-violet
 * through green to yellow; made in OKLCH, where equal steps look equal.
 *
 * @param options.reverse Light to dark, for dark pages' opposite. Default false.
 */
export function sequentialColor(t: number, options: { reverse?: boolean } = {}): string {
  return toHex(sequentialRgb(options.reverse ? 1 - t : t));
}

/** As `sequentialColor`, as bytes. */
export function sequentialRgb(t: number): Rgb {
  const s = Math.min(1, Math.max(0, Number.isNaN(t) ? 0 : t));
  const lightness = 0.28 + 0.64 * s;
  const chroma = 0.1 + 0.06 * Math.sin(Math.PI * s) ** 0.8;
  return oklch(lightness, chroma, 300 - 195 * s);
}

/** "#rrggbb" as bytes. */
export function parseHex(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Bytes as "#rrggbb". */
export function toHex(rgb: Rgb): string {
  return `#${rgb.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * OKLCH to sRGB; chroma is lowered until the colour exists on a screen.
 *
 * @see Ottosson 2020, "A perceptual color space for image processing"
 */
export function oklch(lightness: number, chroma: number, hueDeg: number): Rgb {
  const hue = (hueDeg * Math.PI) / 180;
  for (let c = chroma; ; c -= 0.005) {
    const linear = oklabToLinear(lightness, Math.max(0, c) * Math.cos(hue), Math.max(0, c) * Math.sin(hue));
    if (c <= 0 || linear.every((value) => value >= -1e-4 && value <= 1.0001)) {
      return linear.map((value) => Math.round(255 * gamma(Math.min(1, Math.max(0, value))))) as unknown as Rgb;
    }
  }
}

/** The OKLab definition: cone responses are cubes of a linear form, sRGB a linear form of those. */
function oklabToLinear(lightness: number, a: number, b: number): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** sRGB transfer function, IEC 61966-2-1. */
function gamma(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}
