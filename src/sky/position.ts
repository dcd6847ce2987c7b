import { SkyPlane } from "../fits/index.ts";
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
  const plane = new SkyPlane({
    raDeg: raNomDeg,
    decDeg: decNomDeg,
    xRef: 0,
    yRef: 0,
    xStepDeg: -PIXEL_ARCSEC / 3600,
    yStepDeg: PIXEL_ARCSEC / 3600,
  });
  const [raDeg, decDeg] = plane.toSky(dx, dy);
  return { x: CENTRE_PIXEL + dx, y: CENTRE_PIXEL + dy, raDeg, decDeg };
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
