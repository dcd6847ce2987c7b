import { checkPositions, type SkyPositions } from "./sphere.ts";

const RAD = Math.PI / 180;
/** 12·nside² must be an exact integer as a double. */
const LARGEST_NSIDE = 2 ** 24;
/** Nearer to a pole than this, rad, the sine keeps the digits that 1 − z loses. */
const POLAR_CAP = 0.01;

/**
 * Pixels of the HEALPix tessellation that positions lie in, in nested order.
 *
 * The same operations in the same order as healpy's `ang2pix(nside, ra, dec, nest=True, lonlat=True)`, so that positions
 * on an edge fall to the same side.
 *
 * @param options.nside Pixels along a side of a base pixel, a power of two up to 2²⁴. 16 gives 3072 pixels of 3.7°.
 * @returns Pixel numbers from 0 to 12·nside² − 1, shape (n,).
 * @throws {RangeError} If nside is no such number, or a position is none.
 * @see Górski et al. 2005, ApJ 622, 759, section 4 and 5
 */
export function healpixNested({ raDeg, decDeg }: SkyPositions, { nside }: { nside: number }): Float64Array {
  if (!(Number.isInteger(Math.log2(nside)) && nside >= 1 && nside <= LARGEST_NSIDE)) {
    throw new RangeError(
      `Cannot find HEALPix pixels: nside must be a power of two up to 2^24: current value is ${nside}`,
    );
  }
  checkPositions("find HEALPix pixels", { raDeg, decDeg });
  return Float64Array.from(raDeg, (ra, i) => pixelOf(Math.PI / 2 - decDeg[i]! * RAD, ra * RAD, nside));
}

/** The pixel at colatitude theta and longitude phi, rad. */
function pixelOf(theta: number, phi: number, nside: number): number {
  const z = Math.cos(theta);
  const turn = quarters(phi);
  const { face, x, y } =
    Math.abs(z) <= 2 / 3 ? onBelt(z, turn, nside) : onCap(z, turn, { nside, edge: edgeLines(theta, z, nside) });
  return face * nside * nside + interleave(x, y);
}

/** A base pixel and a place in it: x towards north-east, y towards north-west. */
interface Place {
  readonly face: number;
  readonly x: number;
  readonly y: number;
}

/** Longitude in quarter turns, 0 to 4. */
function quarters(phi: number): number {
  const turn = (phi * (2 / Math.PI)) % 4;
  return turn < 0 ? (turn + 4) % 4 : turn;
}

/** Around the equator lines of constant place run straight in z and phi (eq. 4). */
function onBelt(z: number, turn: number, nside: number): Place {
  const across = nside * (0.5 + turn);
  const up = nside * (z * 0.75);
  const descending = Math.floor(across - up);
  const ascending = Math.floor(across + up);
  const [a, b] = [Math.floor(descending / nside), Math.floor(ascending / nside)];
  const face = a === b ? (a & 3) + 4 : a < b ? a : b + 8;
  return { face, x: ascending % nside, y: nside - (descending % nside) - 1 };
}

/** Towards the poles the pixels narrow (eq. 6 and 7). */
function onCap(z: number, turn: number, { nside, edge }: { nside: number; edge: number }): Place {
  const quarter = Math.min(3, Math.floor(turn));
  const within = turn - quarter;
  const descending = Math.min(nside - 1, Math.floor(within * edge));
  const ascending = Math.min(nside - 1, Math.floor((1 - within) * edge));
  return z >= 0
    ? { face: quarter, x: nside - ascending - 1, y: nside - descending - 1 }
    : { face: quarter + 8, x: descending, y: ascending };
}

/** How many pixel edges lie between a pole and a colatitude. */
function edgeLines(theta: number, z: number, nside: number): number {
  const height = Math.abs(z);
  const isPolar = theta < POLAR_CAP || theta > Math.PI - POLAR_CAP;
  return isPolar && height >= 0.99
    ? (nside * Math.sin(theta)) / Math.sqrt((1 + height) / 3)
    : nside * Math.sqrt(3 * (1 - height));
}

/** The bits of x at even places, those of y at odd ones. */
function interleave(x: number, y: number): number {
  return spread(x) + 2 * spread(y);
}

/** A number with a zero after each bit; up to 24 bits, so the upper half goes beyond 32. */
function spread(value: number): number {
  return spread16(value & 0xffff) + spread16(value >>> 16) * 2 ** 32;
}

function spread16(value: number): number {
  let bits = value;
  bits = (bits | (bits << 8)) & 0x00ff00ff;
  bits = (bits | (bits << 4)) & 0x0f0f0f0f;
  bits = (bits | (bits << 2)) & 0x33333333;
  bits = (bits | (bits << 1)) & 0x55555555;
  return bits;
}
