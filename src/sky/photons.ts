import { Rng } from "../random/index.ts";
import type { SkyField } from "./field.ts";
import { APERTURE_R90, BACKGROUND_COUNTS, BANDS, FRAME_TIME_SEC, PI_CHANNEL_EV } from "./instrument.ts";
import { drawArrivals } from "./profile.ts";
import type { SkySource } from "./source.ts";
import { areaOnGrid, countSpectrum, EnergySampler, photonSpectrum } from "./spectrum.ts";

/** The photons in one source region, by time. */
export interface Photons {
  /** Number of the frame, from 0 at the first good one. Event times are the middles of frames. */
  readonly frame: Int32Array;
  /** Mission time, seconds. */
  readonly timeSec: Float64Array;
  readonly energyKeV: Float32Array;
  /** Sky pixels. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly pi: Int32Array;
  readonly grade: Int16Array;
  /** Which component a photon came from, −1 for the background. Truth: not part of an event file. */
  readonly origin: Int16Array;
}

/** What a region beside the source holds, with `areaRatio` times the source region's area and no source in it. */
export interface BackgroundRegion {
  readonly areaRatio: number;
  readonly energyKeV: Float32Array;
}

interface Draft {
  readonly time: number;
  readonly energyKeV: number;
  readonly x: number;
  readonly y: number;
  readonly origin: number;
}

const BACKGROUND_SAMPLER = new EnergySampler(BACKGROUND_COUNTS);
/** Event grades the catalogue keeps and how often each occurs. */
const GRADES = [0, 2, 3, 4, 6] as const;
const GRADE_CHANCES = [0.55, 0.17, 0.07, 0.07, 0.14];
const BACKGROUND_AREA_RATIO = 15;

/**
 * Draws the photons of a source region: exact Poisson arrivals of every component and of the background, energies
 * through area and resolution, places in the image, and times moved to the middle of their frame.
 */
export function drawPhotons(source: SkySource, field: SkyField, options: { seed: number; index: number }): Photons {
  const rng = new Rng(options.seed, 1_000_000 + options.index);
  const area = areaOnGrid({ year: field.year, thetaArcmin: source.thetaArcmin });
  const drafts: Draft[] = [];
  source.components.forEach(({ profile, rate, fractions, spectrum }, origin) => {
    const sampler = new EnergySampler(countSpectrum(photonSpectrum(spectrum), area));
    for (const time of drawArrivals(profile, rate * fractions.file, { gti: field.gti, rng })) {
      drafts.push({ time, energyKeV: sampler.draw(rng), ...drawImagePoint(source, rng), origin });
    }
  });
  const rate = source.backgroundRate * source.backgroundFractions.file;
  for (const time of drawArrivals({ kind: "constant" }, rate, { gti: field.gti, rng })) {
    drafts.push({ time, energyKeV: BACKGROUND_SAMPLER.draw(rng), ...drawDiscPoint(source, rng), origin: -1 });
  }
  return collect(drafts, field, rng);
}

/** Draws what a source-free region 15 times the source region's size holds. */
export function drawBackgroundRegion(
  source: SkySource,
  field: SkyField,
  options: { seed: number; index: number },
): BackgroundRegion {
  const rng = new Rng(options.seed, 2_000_000 + options.index);
  const rate = source.backgroundRate * source.backgroundFractions.file * BACKGROUND_AREA_RATIO;
  const count = rng.poisson(rate * field.onTimeSec);
  return {
    areaRatio: BACKGROUND_AREA_RATIO,
    energyKeV: Float32Array.from({ length: count }, () => BACKGROUND_SAMPLER.draw(rng)),
  };
}

/** True if an energy lies in a band of the catalogue, upper edge excluded but for 7 keV. */
export function inBand(energyKeV: number, band: keyof typeof BANDS): boolean {
  const [low, high] = BANDS[band];
  return energyKeV >= low && (energyKeV < high || (energyKeV === high && high === 7));
}

/** A place in the image of a point source, within its region: a Gaussian with the mirror's R90. */
function drawImagePoint({ x, y, radiusPx }: SkySource, rng: Rng): { x: number; y: number } {
  const sigma = radiusPx / APERTURE_R90 / Math.sqrt(2 * Math.LN10);
  for (;;) {
    const [dx, dy] = [sigma * rng.normal(), sigma * rng.normal()];
    if (dx * dx + dy * dy <= radiusPx * radiusPx) return { x: x + dx, y: y + dy };
  }
}

function drawDiscPoint({ x, y, radiusPx }: SkySource, rng: Rng): { x: number; y: number } {
  const radius = radiusPx * Math.sqrt(rng.uniform());
  const angle = 2 * Math.PI * rng.uniform();
  return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
}

function collect(drafts: Draft[], { originSec }: SkyField, rng: Rng): Photons {
  drafts.sort((a, b) => a.time - b.time);
  const frame = Int32Array.from(drafts, ({ time }) => Math.floor(time / FRAME_TIME_SEC));
  const energyKeV = Float32Array.from(drafts, (draft) => draft.energyKeV);
  return {
    frame,
    timeSec: Float64Array.from(frame, (number) => originSec + (number + 0.5) * FRAME_TIME_SEC),
    energyKeV,
    x: Float32Array.from(drafts, (draft) => draft.x),
    y: Float32Array.from(drafts, (draft) => draft.y),
    pi: Int32Array.from(energyKeV, (energy) => Math.min(1024, Math.floor((energy * 1000) / PI_CHANNEL_EV) + 1)),
    grade: Int16Array.from(drafts, () => drawGrade(rng)),
    origin: Int16Array.from(drafts, (draft) => draft.origin),
  };
}

function drawGrade(rng: Rng): number {
  let left = rng.uniform();
  return GRADES[GRADE_CHANCES.findIndex((chance) => (left -= chance) < 0)] ?? 0;
}
