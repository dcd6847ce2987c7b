import type { SkyField } from "./field.ts";
import { PIXEL_ARCSEC } from "./instrument.ts";

/** Sky pixel of the tangent point, as in Chandra's sky coordinates. */
export const CENTRE_PIXEL = 4096.5;
const RADIAN = Math.PI / 180;

/** Sky pixel and celestial position of a point off the axis; the sky pixels are a tangential (TAN) projection. */
export function skyPosition(
  { raNomDeg, decNomDeg }: SkyField,
  { thetaArcmin, phiDeg }: { thetaArcmin: number; phiDeg: number },
): { x: number; y: number; raDeg: number; decDeg: number } {
  const radius = Math.tan((thetaArcmin / 60) * RADIAN) / RADIAN / (PIXEL_ARCSEC / 3600);
  const [dx, dy] = [radius * Math.cos(phiDeg * RADIAN), radius * Math.sin(phiDeg * RADIAN)];
  return { x: CENTRE_PIXEL + dx, y: CENTRE_PIXEL + dy, ...deproject(dx, dy, { raNomDeg, decNomDeg }) };
}

/** Inverse gnomonic projection of pixels from the tangent point; right ascension grows to the left. */
function deproject(
  dx: number,
  dy: number,
  { raNomDeg, decNomDeg }: { raNomDeg: number; decNomDeg: number },
): { raDeg: number; decDeg: number } {
  const scale = (PIXEL_ARCSEC / 3600) * RADIAN;
  const [xi, eta] = [-dx * scale, dy * scale];
  const [sin, cos] = [Math.sin(decNomDeg * RADIAN), Math.cos(decNomDeg * RADIAN)];
  const denominator = cos - eta * sin;
  const raDeg = raNomDeg + Math.atan2(xi, denominator) / RADIAN;
  const decDeg = Math.atan2(sin + eta * cos, Math.hypot(xi, denominator)) / RADIAN;
  return { raDeg: ((raDeg % 360) + 360) % 360, decDeg };
}

/** The catalogue's designation of a position, "2CXO JHHMMSS.s±DDMMSS": truncated, not rounded. */
export function formatSourceName(raDeg: number, decDeg: number): string {
  const pad = (value: number, digits: number) => String(value).padStart(digits, "0");
  const tenths = Math.floor((raDeg / 15) * 36000);
  const [hours, minutes, seconds] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60, tenths % 600];
  const arcsec = Math.floor(Math.abs(decDeg) * 3600);
  const [degrees, arcmin] = [Math.floor(arcsec / 3600), Math.floor(arcsec / 60) % 60];
  const ra = `${pad(hours, 2)}${pad(minutes, 2)}${pad(Math.floor(seconds / 10), 2)}.${seconds % 10}`;
  return `2CXO J${ra}${decDeg < 0 ? "-" : "+"}${pad(degrees, 2)}${pad(arcmin, 2)}${pad(arcsec % 60, 2)}`;
}
