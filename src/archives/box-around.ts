import type { Cone } from "./cone.ts";

const RAD = Math.PI / 180;

/** The condition in ADQL for being in the box of right ascension and declination around a circle. */
export function boxAround({ raDeg, decDeg, radiusArcsec }: Cone, ra: string, dec: string): string {
  const radius = radiusArcsec / 3600;
  const [south, north] = [decDeg - radius, decDeg + radius];
  const declination = `${dec} BETWEEN ${Math.max(-90, south)} AND ${Math.min(90, north)}`;
  // A circle around a pole takes all right ascensions
  if (south <= -90 || north >= 90) return `(${declination})`;
  // A touch wider than the circle: rounding must not lose a source at its edge
  const half = (1 + 1e-9) * (Math.asin(Math.sin(radius * RAD) / Math.cos(decDeg * RAD)) / RAD);
  const [west, east] = [raDeg - half, raDeg + half];
  if (half >= 180) return `(${declination})`;
  if (west < 0) return `(${declination} AND (${ra} >= ${west + 360} OR ${ra} <= ${east}))`;
  if (east >= 360) return `(${declination} AND (${ra} >= ${west} OR ${ra} <= ${east - 360}))`;
  return `(${declination} AND ${ra} BETWEEN ${west} AND ${east})`;
}
