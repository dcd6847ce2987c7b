import { exposureSec, type Gti } from "../gti/index.ts";
import type { TimedPhotons } from "./bands.ts";

/** A reason to doubt a period. */
export interface PeriodWarning {
  readonly cause: "dither" | "window" | "orbit" | "frame" | "few cycles" | "edge";
  /** The period that the instrument or the window has, s. */
  readonly periodSec: number;
  /** A sentence for people. */
  readonly message: string;
}

/**
 * Periods of Chandra's dither, s: it moves sources over gaps and bad columns.
 *
 * @see https://cxc.cfa.harvard.edu/proposer/POG/, chapter 5: ACIS 1000.0 (pitch) and 707.1 (yaw), HRC 1087.0 and 768.6
 */
export const DITHER_PERIODS_SEC = { ACIS: [1000, 707.1], HRC: [1087, 768.6] } as const;

/** Orbits of telescopes near the Earth, s; the Earth hides sources once in each. */
const ORBITS_SEC: Readonly<Record<string, number>> = {
  NICER: 5560,
  NUSTAR: 5820,
  SWIFT: 5760,
  XTE: 5760,
  ROSAT: 5760,
  SUZAKU: 5760,
  ASCA: 5760,
  HST: 5760,
};

/** Multiples of an instrument's period, up and down, that a search finds it at. */
const MULTIPLES = [1 / 4, 1 / 3, 1 / 2, 1, 2, 3];

/**
 * What else than the source could repeat with a period: Chandra's dither and its harmonics, an orbit around the Earth,
 * gaps of the good time that repeat (the window function), the frame time, or fewer than three cycles.
 *
 * A period is close to another if they drift apart by less than one cycle over the observation, but within 1 % always
 * and beyond 10 % never.
 *
 * @param photons An EventList, or photons with `meta`; without, only the good time speaks.
 */
export function periodWarnings(photons: TimedPhotons, periodSec: number): PeriodWarning[] {
  const { gti, frameTimeSec, meta } = photons;
  const span = (gti.stopSec.at(-1) ?? 0) - (gti.startSec[0] ?? 0);
  const close = (other: number) => Math.abs(periodSec / other - 1) < Math.max(0.01, Math.min(0.1, periodSec / span));
  const warnings: PeriodWarning[] = [];
  const add = (cause: PeriodWarning["cause"], period: number, message: string) =>
    warnings.push({ cause, periodSec: period, message });
  const telescope = (meta?.telescope ?? "").toUpperCase();
  if (telescope === "CHANDRA" || telescope === "AXAF") {
    const instrument = (meta?.instrument ?? "ACIS").toUpperCase().startsWith("HRC") ? "HRC" : "ACIS";
    for (const dither of DITHER_PERIODS_SEC[instrument]) {
      const multiple = MULTIPLES.find((factor) => close(dither * factor));
      if (multiple === undefined) continue;
      const at = multiple === 1 ? "" : ` times ${multiple < 1 ? `1/${Math.round(1 / multiple)}` : multiple}`;
      add(
        "dither",
        dither,
        `${periodSec.toPrecision(5)} s is Chandra's dither period of ${dither} s${at}: look at the source on gaps and bad columns`,
      );
    }
  }
  const orbit = ORBITS_SEC[telescope];
  const ofOrbit = orbit === undefined ? undefined : MULTIPLES.find((factor) => close(orbit * factor));
  if (orbit !== undefined && ofOrbit !== undefined) {
    add(
      "orbit",
      orbit,
      `${periodSec.toPrecision(5)} s is close to a simple fraction or multiple of ${telescope}'s orbit of about ${orbit} s`,
    );
  }
  const power = windowPower(gti, 1 / periodSec);
  if (gti.startSec.length > 1 && power > 0.1) {
    add(
      "window",
      periodSec,
      `the good time itself repeats with ${periodSec.toPrecision(5)} s (${(100 * Math.sqrt(power)).toFixed(0)} % of it in phase)`,
    );
  }
  if (frameTimeSec && periodSec < 2.5 * frameTimeSec) {
    add("frame", frameTimeSec, `${periodSec.toPrecision(5)} s is not resolved by frames of ${frameTimeSec} s`);
  }
  if (periodSec * 3 > span) {
    add(
      "few cycles",
      span,
      `fewer than three cycles of ${periodSec.toPrecision(5)} s fit into ${span.toPrecision(5)} s: red noise looks like this`,
    );
  }
  return warnings;
}

/**
 * The window function: |∫ e^{2πift} dt|² over the good time, in units of its square, 0–1.
 *
 * @see Deeming 1975, Ap&SS 36, 137
 */
export function windowPower(gti: Gti, frequencyHz: number): number {
  const total = exposureSec(gti);
  if (!(total > 0 && frequencyHz > 0)) return Number.NaN;
  const origin = gti.startSec[0] as number;
  let [re, im] = [0, 0];
  for (let i = 0; i < gti.startSec.length; i++) {
    const start = (gti.startSec[i] as number) - origin;
    const stop = (gti.stopSec[i] as number) - origin;
    const middle = Math.PI * frequencyHz * (start + stop);
    const length = Math.sin(Math.PI * frequencyHz * (stop - start)) / (Math.PI * frequencyHz);
    re += Math.cos(middle) * length;
    im += Math.sin(middle) * length;
  }
  return (re * re + im * im) / total ** 2;
}
