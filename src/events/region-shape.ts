import type { SkyPlane } from "../fits/index.ts";
import type { CompositeRegion, Shape } from "./region.ts";

/** What plain numbers mean: sky pixels, or degrees on the sky. */
export type CoordinateSystem = "pixels" | "sky";

interface TextShape {
  readonly name: string;
  readonly args: readonly string[];
  readonly system: CoordinateSystem;
  readonly sky: SkyPlane | undefined;
  readonly fail: (problem: string) => Error;
}

const ALLOWED = "circle, ellipse, annulus, box, rotbox, rectangle, polygon, pie, sector or field";
/** How many arguments a shape may have. */
const COUNTS: Record<string, RegExp> = {
  circle: /^3$/,
  ellipse: /^(4|5|7)$/,
  annulus: /^([4-9]|\d\d+)$/,
  box: /^(4|5|7)$/,
  rotbox: /^5$/,
  rectangle: /^4$/,
  polygon: /^([6-9]|\d\d+)$/,
  pie: /^6$/,
  sector: /^4$/,
  field: /^0$/,
};

/** A shape from its name and the texts of its arguments, in sky pixels. */
export function makeTextShape({ name, args, system, sky, fail }: TextShape): Shape | CompositeRegion {
  const kind = name.toLowerCase();
  const counts = COUNTS[kind];
  if (!counts) throw fail(`shapes must be ${ALLOWED}: current shape is "${name}"`);
  if (!counts.test(String(args.length)) || (kind === "polygon" && args.length % 2 === 1)) {
    throw fail(`"${name}" cannot have ${args.length} arguments`);
  }
  if (kind === "field") return { kind: "field" };
  const place = new Place(system, sky, fail);
  const points = kind === "polygon" ? args.length / 2 : kind === "rectangle" ? 2 : 1;
  const centres = Array.from({ length: points }, (_, i) => place.point(args[2 * i]!, args[2 * i + 1]!));
  const [[x, y]] = centres as [[number, number]];
  const rest = args.slice(2 * points);
  const scale = place.scaleAt(x, y, rest, kind);
  const size = (i: number) => scale.pixels(rest[i]!);
  const angleDeg = (i: number) => (rest[i] === undefined ? 0 : scale.angleDeg(rest[i]!));
  switch (kind) {
    case "circle":
      return { kind, x, y, radius: size(0) };
    case "annulus":
      return { kind, x, y, inner: size(0), outer: size(rest.length - 1) };
    case "ellipse":
      return ring(rest.length, (i, angle) => ({
        kind,
        x,
        y,
        radii: [size(i), size(i + 1)],
        angleDeg: angleDeg(angle),
      }));
    case "box":
    case "rotbox":
      return ring(rest.length, (i, angle) => ({
        kind: "box",
        x,
        y,
        size: [size(i), size(i + 1)],
        angleDeg: angleDeg(angle),
      }));
    case "rectangle": {
      const [, [x2, y2]] = centres as [[number, number], [number, number]];
      return { kind: "box", x: (x + x2) / 2, y: (y + y2) / 2, size: [Math.abs(x2 - x), Math.abs(y2 - y)] };
    }
    case "pie":
      return { kind, x, y, inner: size(0), outer: size(1), anglesDeg: [angleDeg(2), angleDeg(3)] };
    case "sector":
      return { kind: "pie", x, y, inner: 0, outer: Number.MAX_VALUE, anglesDeg: [angleDeg(0), angleDeg(1)] };
    default:
      return { kind: "polygon", xs: centres.map(([px]) => px), ys: centres.map(([, py]) => py) };
  }
}

/** One shape, or with two pairs of sizes the outer less the inner. */
function ring(n: number, make: (sizes: number, angle: number) => Shape): Shape | CompositeRegion {
  return n < 5 ? make(0, 2) : { include: [make(2, 4)], exclude: [make(0, 4)] };
}

/** Reads positions, sizes and angles of one coordinate system. */
class Place {
  readonly #system: CoordinateSystem;
  readonly #sky: SkyPlane | undefined;
  readonly #fail: (problem: string) => Error;

  constructor(system: CoordinateSystem, sky: SkyPlane | undefined, fail: (problem: string) => Error) {
    this.#system = system;
    this.#sky = sky;
    this.#fail = fail;
  }

  point(x: string, y: string): [number, number] {
    const celestial = this.#system === "sky" || /[:hmd]/i.test(x + y);
    if (!celestial) return [this.#number(x), this.#number(y)];
    const hours = /[:h]/i.test(x);
    return this.#plane().toPixel((hours ? 15 : 1) * this.#degrees(x), this.#degrees(y));
  }

  /** How sizes and angles at a point become pixels; north and its scale are measured there. */
  scaleAt(x: number, y: number, rest: readonly string[], kind: string) {
    const celestial = this.#system === "sky" || rest.some((text) => /["'d]$/.test(text));
    const north = celestial && rest.length > 0 ? this.#northAt(x, y) : undefined;
    const turned = this.#system === "sky" && kind !== "circle" && kind !== "annulus" ? (north?.turnDeg ?? 0) : 0;
    return {
      pixels: (text: string): number => {
        const found = /^(.*?)(["'dp]?)$/.exec(text) as RegExpExecArray;
        const unit = found[2] || (this.#system === "sky" ? "d" : "p");
        const value = this.#number(found[1] as string);
        if (!(value >= 0)) throw this.#fail(`sizes must not be negative: current value is "${text}"`);
        if (unit === "p") return value;
        const degrees = { '"': value / 3600, "'": value / 60, d: value }[unit] as number;
        return degrees * (north as { pixelsPerDeg: number }).pixelsPerDeg;
      },
      angleDeg: (text: string): number => this.#number(text.replace(/d$/, "")) + turned,
    };
  }

  #northAt(x: number, y: number): { pixelsPerDeg: number; turnDeg: number } {
    const plane = this.#plane();
    const [ra, dec] = plane.toSky(x, y);
    const step = 1 / 3600;
    const sign = dec > 89.9 ? -1 : 1;
    const [x2, y2] = plane.toPixel(ra, dec + sign * step);
    const [dx, dy] = [(x2 - x) * sign, (y2 - y) * sign];
    return { pixelsPerDeg: Math.hypot(dx, dy) / step, turnDeg: (Math.atan2(dy, dx) * 180) / Math.PI - 90 };
  }

  #plane(): SkyPlane {
    if (this.#sky) return this.#sky;
    throw new RangeError(
      "Cannot read region: celestial coordinates must have the plane of the sky pixels: give the option sky (events.sky)",
    );
  }

  #number(text: string): number {
    if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return Number(text);
    throw this.#fail(`"${text}" must be a number`);
  }

  /** Degrees (or hours), also as 12:34:56.7, 12h34m56.7s or 12d34m56.7s. */
  #degrees(text: string): number {
    const parts = text
      .replace(/[dhms:]+$/i, "")
      .split(/[dhm:]/i)
      .map((part) => this.#number(part));
    const size = parts.reduce((sum, part, i) => sum + Math.abs(part) / 60 ** i, 0);
    return text.trim().startsWith("-") ? -size : size;
  }
}
