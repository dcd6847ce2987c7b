const RAD = Math.PI / 180;

/** Arcseconds in a radian. */
export const ARCSEC_PER_RAD = 3600 / RAD;

/** Positions on the sphere, degrees. */
export interface SkyPositions {
  /** Right ascension, deg, shape (n,); any turn of the circle. */
  readonly raDeg: ArrayLike<number>;
  /** Declination, deg, shape (n,), −90 to 90. */
  readonly decDeg: ArrayLike<number>;
}

/**
 * Checks that two arrays are positions.
 *
 * @param action What the caller was asked to do; it starts the error.
 * @throws {TypeError} If the arrays differ in length.
 * @throws {RangeError} If a coordinate is missing, infinite or no declination; the error names its row.
 */
export function checkPositions(action: string, { raDeg, decDeg }: SkyPositions): void {
  if (raDeg.length !== decDeg.length) {
    throw new TypeError(
      `Cannot ${action}: raDeg and decDeg must be equally long: current lengths are ${raDeg.length} and ${decDeg.length}`,
    );
  }
  for (let i = 0; i < raDeg.length; i++) {
    // NaN fails both comparisons
    if (Math.abs(raDeg[i]!) < Number.POSITIVE_INFINITY && Math.abs(decDeg[i]!) <= 90) continue;
    throw new RangeError(
      `Cannot ${action}: every position must be finite, with a declination from -90 to 90 deg (filter the others out): row ${i} is at (${raDeg[i]}, ${decDeg[i]})`,
    );
  }
}

/** Angle between two directions, arcsec; exact for small and large angles (Vincenty's formula on the sphere). */
export function separationArcsec(
  [raA, decA]: readonly [number, number],
  [raB, decB]: readonly [number, number],
): number {
  const delta = (raB - raA) * RAD;
  const [sinA, cosA] = [Math.sin(decA * RAD), Math.cos(decA * RAD)];
  const [sinB, cosB] = [Math.sin(decB * RAD), Math.cos(decB * RAD)];
  const across = cosB * Math.sin(delta);
  const along = cosA * sinB - sinA * cosB * Math.cos(delta);
  return Math.atan2(Math.hypot(across, along), sinA * sinB + cosA * cosB * Math.cos(delta)) * ARCSEC_PER_RAD;
}

/**
 * Offset of `to` from `from` towards east and north, arcsec, as separation times the sine and cosine of the position
 * angle: the tangent-plane vector whose length is the true separation.
 */
export function offsetArcsec(from: readonly [number, number], to: readonly [number, number]): [number, number] {
  const delta = (to[0] - from[0]) * RAD;
  const [sinA, cosA] = [Math.sin(from[1] * RAD), Math.cos(from[1] * RAD)];
  const [sinB, cosB] = [Math.sin(to[1] * RAD), Math.cos(to[1] * RAD)];
  const angle = Math.atan2(cosB * Math.sin(delta), cosA * sinB - sinA * cosB * Math.cos(delta));
  const distance = separationArcsec(from, to);
  return [distance * Math.sin(angle), distance * Math.cos(angle)];
}

/**
 * Positions moved along great circles, all by the same angle in the same direction.
 *
 * @param options.offsetArcsec How far.
 * @param options.positionAngleDeg Direction, from north through east. Default 0.
 */
export function shiftPositions(
  { raDeg, decDeg }: SkyPositions,
  options: { offsetArcsec: number; positionAngleDeg?: number },
): { raDeg: Float64Array; decDeg: Float64Array } {
  const distance = options.offsetArcsec / ARCSEC_PER_RAD;
  const angle = (options.positionAngleDeg ?? 0) * RAD;
  const [sinD, cosD] = [Math.sin(distance), Math.cos(distance)];
  const ra = new Float64Array(raDeg.length);
  const dec = new Float64Array(raDeg.length);
  for (let i = 0; i < ra.length; i++) {
    const [sin, cos] = [Math.sin(decDeg[i]! * RAD), Math.cos(decDeg[i]! * RAD)];
    const sinNew = sin * cosD + cos * sinD * Math.cos(angle);
    dec[i] = Math.asin(Math.max(-1, Math.min(1, sinNew))) / RAD;
    const turn = Math.atan2(Math.sin(angle) * sinD * cos, cosD - sin * sinNew) / RAD;
    ra[i] = turnOf(raDeg[i]! + turn);
  }
  return { raDeg: ra, decDeg: dec };
}

/** An angle in [0, 360). */
export function turnOf(degrees: number): number {
  const turn = degrees % 360;
  // A tiny negative angle plus 360 rounds to 360 itself
  return turn < 0 ? (turn + 360) % 360 : turn;
}
