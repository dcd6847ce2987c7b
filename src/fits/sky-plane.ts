import { type FitsTable, findColumn } from "./column.ts";
import type { Header } from "./header.ts";

const RAD = Math.PI / 180;

/** Projections from a point onto the plane that touches the sphere there: gnomonic, orthographic, equidistant. */
export type PlaneProjection = "TAN" | "SIN" | "ARC";

/** How a plane of pixels lies on the sky, in the words of the FITS convention. */
export interface SkyPlaneFields {
  /** Default "TAN". */
  readonly projection?: PlaneProjection;
  /** Celestial position of the reference point, deg (CRVAL). */
  readonly raDeg: number;
  readonly decDeg: number;
  /** Pixel of the reference point (CRPIX). */
  readonly xRef: number;
  readonly yRef: number;
  /** Size of a pixel, deg (CDELT); the first is negative where right ascension grows to the left. */
  readonly xStepDeg: number;
  readonly yStepDeg: number;
  /** Rotation of the axes (CROTA2), deg. Default 0. */
  readonly rotationDeg?: number;
}

/**
 * Sky pixels and celestial positions of a plane that touches the sphere.
 *
 * @see Calabretta & Greisen 2002, A&A 395, 1077, sections 5.1.3, 5.1.5 and 5.1.6
 */
export class SkyPlane {
  readonly fields: Required<SkyPlaneFields>;
  readonly #turn: readonly [cos: number, sin: number];
  readonly #pole: readonly [cos: number, sin: number];

  constructor(fields: SkyPlaneFields) {
    this.fields = { projection: "TAN", rotationDeg: 0, ...fields };
    const { rotationDeg, decDeg, xStepDeg, yStepDeg } = this.fields;
    if (!(Math.abs(decDeg) <= 90) || !(xStepDeg * yStepDeg !== 0)) {
      throw new RangeError(
        `Cannot make a plane of the sky: decDeg must be -90 to 90 and the steps not 0: current values are ${decDeg}, ${xStepDeg} and ${yStepDeg}`,
      );
    }
    this.#turn = [Math.cos(rotationDeg * RAD), Math.sin(rotationDeg * RAD)];
    this.#pole = [Math.cos(decDeg * RAD), Math.sin(decDeg * RAD)];
  }

  /** Right ascension (0 to 360) and declination of a pixel, deg; NaN beyond the edge of a SIN or ARC plane. */
  toSky(x: number, y: number): [raDeg: number, decDeg: number] {
    const { xRef, yRef, xStepDeg, yStepDeg, raDeg, projection } = this.fields;
    const [dx, dy] = [(x - xRef) * xStepDeg * RAD, (y - yRef) * yStepDeg * RAD];
    const [cosTurn, sinTurn] = this.#turn;
    const [east, north] = [dx * cosTurn - dy * sinTurn, dx * sinTurn + dy * cosTurn];
    const [across, along] = fromPlane(projection, Math.hypot(east, north));
    const [cos, sin] = this.#pole;
    const [a, b] = [east * across, cos * along - north * across * sin];
    const ra = raDeg + Math.atan2(a, b) / RAD;
    return [((ra % 360) + 360) % 360, Math.atan2(sin * along + north * across * cos, Math.hypot(a, b)) / RAD];
  }

  /**
   * Pixel of a celestial position.
   *
   * @throws {RangeError} If the position is 90° or more from the reference point, where a TAN or SIN plane has no pixel.
   */
  toPixel(raDeg: number, decDeg: number): [x: number, y: number] {
    const { projection, xRef, yRef, xStepDeg, yStepDeg } = this.fields;
    const away = (raDeg - this.fields.raDeg) * RAD;
    const [cosDec, sinDec] = [Math.cos(decDeg * RAD), Math.sin(decDeg * RAD)];
    const [cos, sin] = this.#pole;
    const [a, b] = [cosDec * Math.sin(away), cos * sinDec - sin * cosDec * Math.cos(away)];
    const scale = ontoPlane(projection, Math.hypot(a, b), sin * sinDec + cos * cosDec * Math.cos(away));
    if (!(scale > 0)) {
      throw new RangeError(
        `Cannot find the pixel of (${raDeg}, ${decDeg}): it must be less than 90 deg from (${this.fields.raDeg}, ${this.fields.decDeg}), the reference point of the plane`,
      );
    }
    const [east, north] = [(a * scale) / RAD, (b * scale) / RAD];
    const [cosTurn, sinTurn] = this.#turn;
    return [xRef + (east * cosTurn + north * sinTurn) / xStepDeg, yRef + (north * cosTurn - east * sinTurn) / yStepDeg];
  }

  /** Right ascensions and declinations of many pixels, deg. */
  toSkyAll(x: ArrayLike<number>, y: ArrayLike<number>): { raDeg: Float64Array; decDeg: Float64Array } {
    const raDeg = new Float64Array(x.length);
    const decDeg = new Float64Array(x.length);
    for (let i = 0; i < raDeg.length; i++) {
      [raDeg[i], decDeg[i]] = this.toSky(x[i]!, y[i]!) as [number, number];
    }
    return { raDeg, decDeg };
  }
}

/** From the distance in the plane, rad: what it is multiplied by across the line of sight, and the part along it. */
function fromPlane(projection: PlaneProjection, radius: number): [across: number, along: number] {
  switch (projection) {
    case "TAN":
      return [1, 1];
    case "SIN":
      return [1, Math.sqrt(1 - radius * radius)];
    case "ARC":
      return radius === 0 ? [1, 1] : radius > Math.PI ? [Number.NaN, 1] : [Math.sin(radius) / radius, Math.cos(radius)];
  }
}

/** What the offset across the line of sight is multiplied by on the plane; not positive where there is no place on it. */
function ontoPlane(projection: PlaneProjection, across: number, along: number): number {
  if (projection === "ARC") return across === 0 ? along : Math.atan2(across, along) / across;
  if (projection === "SIN") return along > 0 ? 1 : 0;
  return along > 0 ? 1 / along : 0;
}

/**
 * The plane that two columns of a table are pixels of, from TCTYPn, TCRVLn, TCRPXn, TCDLTn and TCROTn, or for XMM and
 * eROSITA from REFXCTYP and its like.
 *
 * @returns Undefined where the header gives no celestial plane, or a projection other than TAN, SIN and ARC.
 */
export function columnPlane(
  table: FitsTable & { readonly header: Header },
  xName = "X",
  yName = "Y",
): SkyPlane | undefined {
  const [xIndex, yIndex] = [findColumn(table.columns, xName), findColumn(table.columns, yName)];
  if (xIndex === undefined || yIndex === undefined) return undefined;
  const [n, m] = [xIndex + 1, yIndex + 1];
  const styles = [
    [`TCTYP${n}`, `TCRVL${n}`, `TCRVL${m}`, `TCRPX${n}`, `TCRPX${m}`, `TCDLT${n}`, `TCDLT${m}`, `TCROT${m}`],
    ["REFXCTYP", "REFXCRVL", "REFYCRVL", "REFXCRPX", "REFYCRPX", "REFXCDLT", "REFYCDLT", "REFYCROT"],
  ] as const;
  for (const [type, ra, dec, xRef, yRef, xStep, yStep, rotation] of styles) {
    const projection = /^RA-+(TAN|SIN|ARC)$/.exec(String(table.header.get(type) ?? "").trim())?.[1];
    if (!projection) continue;
    return new SkyPlane({
      projection: projection as PlaneProjection,
      raDeg: table.header.number(ra),
      decDeg: table.header.number(dec),
      xRef: table.header.number(xRef),
      yRef: table.header.number(yRef),
      xStepDeg: table.header.number(xStep),
      yStepDeg: table.header.number(yStep),
      rotationDeg: table.header.number(rotation, 0),
    });
  }
  return undefined;
}
