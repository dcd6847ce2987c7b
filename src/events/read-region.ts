import type { Column, FitsFile, FitsTable } from "../fits/index.ts";
import { FitsError } from "../fits/index.ts";
import type { CompositeRegion, Shape } from "./region.ts";

/**
 * Reads a region from a FITS region table (the CIAO region convention, as the CSC's `reg3` files have it).
 *
 * Rows of one COMPONENT must hold together, those whose shape starts with "!" by not being there; components are joined.
 *
 * @param options.hdu EXTNAME or index of the table. Default: the first with a SHAPE column. CSC names are `ECF90REGB`,
 * `ECF90REGU`, …: the 90 % encircled-counts ellipse of a band.
 * @throws {FitsError} If there is no such table or a shape is of an unknown kind.
 */
export function readRegion(file: FitsFile, options: { hdu?: string | number } = {}): CompositeRegion {
  const table =
    options.hdu === undefined ? file.tables.find((candidate) => candidate.has("SHAPE")) : file.table(options.hdu);
  if (!table) {
    throw new FitsError({ file: file.name }, "there must be a region table: none of the HDUs has a SHAPE column");
  }
  const shapes = table.column("SHAPE").data as string[];
  const rows = shapes.map((name, row) => ({ name: name.trim().toLowerCase(), row }));
  const parse = ({ name, row }: { name: string; row: number }): Shape => {
    const shape = parseShape(name.replace(/^!/, ""), rowReader(table, row));
    if (shape) return shape;
    const allowed = "circle, annulus, ellipse, box, rotbox, rectangle or polygon";
    throw table.header.error("SHAPE", `must be ${allowed} in row ${row + 1}: current value is "${shapes[row]}"`);
  };
  const component = table.has("COMPONENT") ? table.numbers("COMPONENT") : undefined;
  const groups = [...Map.groupBy(rows, ({ row }) => component?.[row] ?? row).values()];
  const joined = (component ? groups : [rows]).map((group): CompositeRegion => {
    const [inside, outside] = [group.filter(isInside), group.filter((row) => !isInside(row))];
    const shapes = inside.map(parse);
    const include = component ? shapes.slice(0, 1) : shapes;
    const within = component ? shapes.slice(1) : [];
    return {
      include: include.length > 0 ? include : [{ kind: "field" }],
      ...(within.length > 0 ? { within } : {}),
      exclude: outside.map(parse),
    };
  });
  return joined.length === 1 ? (joined[0] as CompositeRegion) : { include: joined };
}

function isInside({ name }: { name: string }): boolean {
  return !name.startsWith("!");
}

/** Reads element i of a column in one row; 0 where the column is not there. */
type RowReader = (column: string) => number[];

function rowReader(table: FitsTable, row: number): RowReader {
  return (name) => {
    if (!table.has(name)) return [];
    const column: Column = table.column(name);
    if (column.variable) return Array.from(column.data[row] as unknown as Float64Array, Number);
    const n = column.shape.reduce((product, extent) => product * extent, 1);
    return Array.from({ length: n }, (_, i) => Number(column.data[row * n + i]));
  };
}

function parseShape(name: string, read: RowReader): Shape | undefined {
  const xs = read("X");
  const ys = read("Y");
  const [r0 = 0, r1 = r0] = read("R");
  const [angleDeg = 0] = read("ROTANG");
  const [x = 0] = xs;
  const [y = 0] = ys;
  switch (name) {
    case "circle":
      return { kind: "circle", x, y, radius: r0 };
    case "annulus":
      return { kind: "annulus", x, y, inner: r0, outer: r1 };
    case "ellipse":
      return { kind: "ellipse", x, y, radii: [r0, r1], angleDeg };
    case "box":
    case "rotbox":
      return { kind: "box", x, y, size: [r0, r1], angleDeg };
    case "rectangle": {
      const [x1 = x] = xs.slice(1);
      const [y1 = y] = ys.slice(1);
      return { kind: "box", x: (x + x1) / 2, y: (y + y1) / 2, size: [Math.abs(x1 - x), Math.abs(y1 - y)], angleDeg };
    }
    case "polygon":
      return polygon(xs, ys);
    default:
      return undefined;
  }
}

/** A polygon without the repeated points that pad short ones to the column's width. */
function polygon(xs: readonly number[], ys: readonly number[]): Shape {
  const kept = xs.map((_, i) => i).filter((i) => i === 0 || xs[i] !== xs[i - 1] || ys[i] !== ys[i - 1]);
  return { kind: "polygon", xs: kept.map((i) => xs[i] as number), ys: kept.map((i) => ys[i] as number) };
}
