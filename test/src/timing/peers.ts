import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeGti } from "../../../src/gti/index.ts";
import type { TimedPhotons } from "../../../src/timing/index.ts";

const folder = join(import.meta.dirname, "../../fixtures/timing");

/** A fixture of `test/fixtures/timing`. */
export function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, name), "utf8")) as T;
}

/** Numbers of astropy 8.0.2, Stingray 2.3.2 and scipy 1.17.1, made by `generate.py`. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is the script's
export const peers = fixture<any>("peers.json");

/** Photons of one energy at given times. */
export function photonsAt(times: ArrayLike<number>, gti: readonly (readonly number[])[]): TimedPhotons {
  return {
    timeSec: Float64Array.from(times),
    energyKeV: new Float32Array(times.length).fill(1.5),
    gti: makeGti(
      gti.map(([start]) => start as number),
      gti.map(([, stop]) => stop as number),
    ),
  };
}

/** Largest |a − b| / max(1, |b|). */
export function deviation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number)) / Math.max(1, Math.abs(b[i] as number));
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }
  return worst;
}
