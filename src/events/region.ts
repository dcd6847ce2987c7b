/** A shape in sky pixels (or whatever the coordinates tested are in). Angles turn from +x towards +y. */
export type Shape =
  | { readonly kind: "circle"; readonly x: number; readonly y: number; readonly radius: number }
  | { readonly kind: "annulus"; readonly x: number; readonly y: number; readonly inner: number; readonly outer: number }
  | {
      readonly kind: "ellipse";
      readonly x: number;
      readonly y: number;
      /** Half-axes before rotation, along x and y. */
      readonly radii: readonly [number, number];
      /** Degrees. Default 0. */
      readonly angleDeg?: number;
    }
  | {
      readonly kind: "box";
      readonly x: number;
      readonly y: number;
      /** Full width and height before rotation. */
      readonly size: readonly [number, number];
      /** Degrees. Default 0. */
      readonly angleDeg?: number;
    }
  | {
      /** Part of an annulus between two directions. */
      readonly kind: "pie";
      readonly x: number;
      readonly y: number;
      readonly inner: number;
      readonly outer: number;
      /** From, counter-clockwise to, deg. */
      readonly anglesDeg: readonly [number, number];
    }
  | { readonly kind: "polygon"; readonly xs: readonly number[]; readonly ys: readonly number[] }
  /** Everywhere. */
  | { readonly kind: "field" };

/** Regions joined (a point in any of them is inside), cut to what others share, less others. */
export interface CompositeRegion {
  readonly include: readonly Region[];
  /** A point must be in each of these too. Default none. */
  readonly within?: readonly Region[];
  /** Default none. */
  readonly exclude?: readonly Region[];
}

/** One shape or several. */
export type Region = Shape | CompositeRegion;

/** Whether a point is in a region; borders of circles, ellipses and boxes belong to them. */
export function insideRegion(region: Region, x: number, y: number): boolean {
  if ("kind" in region) return insideShape(region, x, y);
  const inside = (part: Region) => insideRegion(part, x, y);
  return region.include.some(inside) && !region.exclude?.some(inside) && (region.within?.every(inside) ?? true);
}

/** Which of many points are in a region: 1 where they are. */
export function insideRegionMask(region: Region, x: ArrayLike<number>, y: ArrayLike<number>): Uint8Array {
  return Uint8Array.from({ length: x.length }, (_, i) =>
    insideRegion(region, x[i] as number, y[i] as number) ? 1 : 0,
  );
}

function insideShape(shape: Shape, x: number, y: number): boolean {
  switch (shape.kind) {
    case "circle":
      return Math.hypot(x - shape.x, y - shape.y) <= shape.radius;
    case "annulus": {
      const distance = Math.hypot(x - shape.x, y - shape.y);
      return distance <= shape.outer && distance > shape.inner;
    }
    case "ellipse": {
      const [u, v] = unrotated(shape, x, y);
      return (u / shape.radii[0]) ** 2 + (v / shape.radii[1]) ** 2 <= 1;
    }
    case "box": {
      const [u, v] = unrotated(shape, x, y);
      return Math.abs(u) <= shape.size[0] / 2 && Math.abs(v) <= shape.size[1] / 2;
    }
    case "pie": {
      const [dx, dy] = [x - shape.x, y - shape.y];
      const distance = Math.hypot(dx, dy);
      const [from, to] = shape.anglesDeg;
      const width = to - from >= 360 ? 360 : turnOf(to - from);
      const past = turnOf((Math.atan2(dy, dx) * 180) / Math.PI - from);
      return distance <= shape.outer && distance > shape.inner && past <= width;
    }
    case "field":
      return true;
    case "polygon":
      return insidePolygon(shape.xs, shape.ys, x, y);
  }
}

/** An angle in [0, 360), deg. */
export function turnOf(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}

/** Offset from the centre in the shape's own axes. */
function unrotated(shape: { x: number; y: number; angleDeg?: number }, x: number, y: number): [number, number] {
  const angle = ((shape.angleDeg ?? 0) * Math.PI) / 180;
  const dx = x - shape.x;
  const dy = y - shape.y;
  return [dx * Math.cos(angle) + dy * Math.sin(angle), -dx * Math.sin(angle) + dy * Math.cos(angle)];
}

/** Even–odd rule. */
function insidePolygon(xs: readonly number[], ys: readonly number[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
    const [xi, yi, xj, yj] = [xs[i] as number, ys[i] as number, xs[j] as number, ys[j] as number];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
