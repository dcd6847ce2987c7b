import { exposureSec, type Gti, gapsOfGti, intersectGti, makeGti, unionGti } from "../gti/index.ts";
import { type CompositeRegion, type Region, type Shape, turnOf } from "./region.ts";

/** Rows that a combination of shapes is cut into. */
const ROWS = 4000;

/**
 * Area of a region, square pixels: exact for a single shape, to about 1e-5 for combinations, where overlaps count once.
 *
 * Whether the detector reaches there is not known to a region: parts off the detector count.
 *
 * @throws {RangeError} If the region has no end.
 */
export function regionArea(region: Region): number {
  const own = "kind" in region ? shapeArea(region) : undefined;
  if (own !== undefined) return own;
  if (!("kind" in region) && isPlain(region)) return regionArea(region.include[0] as Region);
  const [low, high] = extent(region);
  if (!Number.isFinite(high - low)) {
    throw new RangeError("Cannot find the area of a region: it must have an end: a field or sector reaches everywhere");
  }
  // Between the heights where sides begin and end, the length of a row changes smoothly
  const edges = [...new Set([low, ...heights(region).filter((y) => y > low && y < high), high])].sort((a, b) => a - b);
  const rows = Math.ceil(ROWS / edges.length);
  return edges.slice(1).reduce((sum, edge, i) => sum + areaBetween(region, edges[i] as number, edge, rows), 0);
}

function isPlain({ include, within = [], exclude = [] }: CompositeRegion): boolean {
  return include.length === 1 && within.length + exclude.length === 0;
}

/** Midpoint rule. */
function areaBetween(region: Region, low: number, high: number, rows: number): number {
  const height = (high - low) / rows;
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += exposureSec(rowOf(region, low + (row + 0.5) * height));
  return sum * height;
}

/** Heights at which the sides of any part begin or end. */
function heights(region: Region): number[] {
  if (!("kind" in region)) {
    return [...region.include, ...(region.within ?? []), ...(region.exclude ?? [])].flatMap(heights);
  }
  switch (region.kind) {
    case "annulus":
    case "pie":
      return [region.outer, region.inner, 0, -region.inner, -region.outer].map((offset) => region.y + offset);
    case "box":
      return corners(region)[1];
    case "polygon":
      return [...region.ys];
    default:
      return shapeExtent(region);
  }
}

function shapeArea(shape: Shape): number | undefined {
  switch (shape.kind) {
    case "circle":
      return Math.PI * shape.radius ** 2;
    case "annulus":
      return Math.PI * Math.max(0, shape.outer ** 2 - shape.inner ** 2);
    case "ellipse":
      return Math.PI * shape.radii[0] * shape.radii[1];
    case "box":
      return shape.size[0] * shape.size[1];
    default:
      return undefined;
  }
}

/** Lowest and highest y of a region. */
function extent(region: Region): [number, number] {
  if ("kind" in region) return shapeExtent(region);
  const parts = region.include.map(extent);
  const joined: [number, number] = [Math.min(...parts.map(([low]) => low)), Math.max(...parts.map(([, high]) => high))];
  return (region.within ?? [])
    .map(extent)
    .reduce(([a, b], [low, high]) => [Math.max(a, low), Math.min(b, high)], joined);
}

function shapeExtent(shape: Shape): [number, number] {
  switch (shape.kind) {
    case "circle":
      return [shape.y - shape.radius, shape.y + shape.radius];
    case "annulus":
    case "pie":
      return shape.outer === Number.MAX_VALUE
        ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
        : [shape.y - shape.outer, shape.y + shape.outer];
    case "ellipse":
      return ellipseExtent(shape);
    case "box":
      return [Math.min(...corners(shape)[1]), Math.max(...corners(shape)[1])];
    case "polygon":
      return [Math.min(...shape.ys), Math.max(...shape.ys)];
    case "field":
      return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  }
}

function ellipseExtent({ y, radii, angleDeg = 0 }: Extract<Shape, { kind: "ellipse" }>): [number, number] {
  const angle = (angleDeg * Math.PI) / 180;
  const half = Math.hypot(radii[0] * Math.sin(angle), radii[1] * Math.cos(angle));
  return [y - half, y + half];
}

// A row of a region is a list of intervals in x, for which the algebra of good time intervals serves
const NONE = makeGti([], []);
const FAR = 1e9;
const ALL = makeGti([-FAR], [FAR]);

function rowOf(region: Region, y: number): Gti {
  if ("kind" in region) return shapeRow(region, y);
  const joined = unionGti(...region.include.map((part) => rowOf(part, y)));
  const shared = (region.within ?? []).reduce((row, part) => intersectGti(row, rowOf(part, y)), joined);
  return (region.exclude ?? []).reduce((row, part) => intersectGti(row, outside(rowOf(part, y))), shared);
}

function outside(row: Gti): Gti {
  return gapsOfGti(row, -FAR, FAR);
}

function shapeRow(shape: Shape, y: number): Gti {
  switch (shape.kind) {
    case "circle":
      return discRow(shape.x, y - shape.y, shape.radius);
    case "annulus":
      return intersectGti(
        discRow(shape.x, y - shape.y, shape.outer),
        outside(discRow(shape.x, y - shape.y, shape.inner)),
      );
    case "pie": {
      const { x, outer, inner, anglesDeg } = shape;
      const ring = shapeRow({ kind: "annulus", x, y: shape.y, inner, outer }, y);
      return intersectGti(ring, wedgeRow(x, y - shape.y, anglesDeg));
    }
    case "ellipse":
      return ellipseRow(shape, y);
    case "box":
      return polygonRow(...corners(shape), y);
    case "polygon":
      return polygonRow(shape.xs, shape.ys, y);
    case "field":
      return ALL;
  }
}

function discRow(x: number, dy: number, radius: number): Gti {
  if (!(Math.abs(dy) < radius)) return NONE;
  const half = Math.sqrt(radius * radius - dy * dy);
  return makeGti([x - half], [x + half]);
}

/** Solves (u/a)² + (v/b)² = 1 for x, u and v being the offsets along the turned axes. */
function ellipseRow(shape: Extract<Shape, { kind: "ellipse" }>, y: number): Gti {
  const angle = ((shape.angleDeg ?? 0) * Math.PI) / 180;
  const [cos, sin, dy] = [Math.cos(angle), Math.sin(angle), y - shape.y];
  const [a2, b2] = [shape.radii[0] ** 2, shape.radii[1] ** 2];
  const a = (cos * cos) / a2 + (sin * sin) / b2;
  const b = dy * cos * sin * (1 / a2 - 1 / b2);
  const c = dy * dy * ((sin * sin) / a2 + (cos * cos) / b2) - 1;
  const root = b * b - a * c;
  if (!(root > 0)) return NONE;
  return makeGti([shape.x + (-b - Math.sqrt(root)) / a], [shape.x + (-b + Math.sqrt(root)) / a]);
}

function corners({ x, y, size, angleDeg = 0 }: Extract<Shape, { kind: "box" }>): [number[], number[]] {
  const angle = (angleDeg * Math.PI) / 180;
  const [cos, sin, w, h] = [Math.cos(angle), Math.sin(angle), size[0] / 2, size[1] / 2];
  const signs = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const;
  return [signs.map(([i, j]) => x + i * w * cos - j * h * sin), signs.map(([i, j]) => y + i * w * sin + j * h * cos)];
}

/** Between every second pair of crossings with the sides, as in the even–odd rule. */
function polygonRow(xs: readonly number[], ys: readonly number[], y: number): Gti {
  const crossings: number[] = [];
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
    const [xi, yi, xj, yj] = [xs[i]!, ys[i]!, xs[j]!, ys[j]!];
    if (yi > y !== yj > y) crossings.push(((xj - xi) * (y - yi)) / (yj - yi) + xi);
  }
  crossings.sort((a, b) => a - b);
  return makeGti(
    crossings.filter((_, i) => i % 2 === 0),
    crossings.filter((_, i) => i % 2 === 1),
  );
}

/** Part of a row between two directions from a point: a row crosses each direction at most once. */
function wedgeRow(x: number, dy: number, [from, to]: readonly [number, number]): Gti {
  if (to - from >= 360) return ALL;
  const width = turnOf(to - from);
  const cuts = [from, to]
    .map((degrees) => (degrees * Math.PI) / 180)
    .filter((angle) => Math.sin(angle) * dy > 0)
    .map((angle) => x + dy / Math.tan(angle))
    .sort((a, b) => a - b);
  const edges = [-FAR, ...cuts, FAR];
  const inside = edges.slice(1).map((edge, i) => {
    const middle = (edges[i]! + edge) / 2;
    const direction = (Math.atan2(dy, middle - x) * 180) / Math.PI;
    return turnOf(direction - from) <= width;
  });
  return makeGti(
    edges.slice(0, -1).filter((_, i) => inside[i]),
    edges.slice(1).filter((_, i) => inside[i]),
  );
}
