import { countOf } from "../array/index.ts";
import { type Gti, goodTimeBefore, timeAfterGood } from "../gti/index.ts";
import { DISPLAY } from "../host/index.ts";
import { escapeMarkup } from "../plot/index.ts";
import type { TimedPhotons } from "./bands.ts";
import { goodPhotons, type PhotonChoice } from "./good-photons.ts";
import { betaI, erfcTail, gammaP, gammaQ } from "./special.ts";

/** What counts as a transient, and where it is looked for. */
export interface FxtOptions extends PhotonChoice {
  /** Photons of a region without sources beside the source. Default: none, no background is expected. */
  readonly background?: TimedPhotons;
  /** Area of that region in units of the source's. Default 1. */
  readonly areaRatio?: number;
  /** Length of the windows after the whole exposure, s of good time. Default 20 000. */
  readonly windowSec?: number;
  /** Windows left over at an end are searched from this length on, s. Default 8000. */
  readonly minWindowSec?: number;
  /** Least ratio of the larger count to the smaller. Default 5. */
  readonly minRatio?: number;
  /** How sure it must be that the counts differ, σ. Default 4. */
  readonly sigma?: number;
  /** How sure it must be that there is a source, σ. Default 5. */
  readonly backgroundSigma?: number;
}

/** One comparison of counts. */
export interface FxtWindow {
  readonly pass: "whole exposure" | "forward" | "backward" | "half-shifted";
  /** s of mission time. */
  readonly startSec: number;
  readonly stopSec: number;
  /** Counts before and after the middle of its good time. */
  readonly before: number;
  readonly after: number;
  /** Counts in the outer quarters and in the middle half. */
  readonly outer: number;
  readonly middle: number;
  /** Background counts expected in the window. */
  readonly background: number;
  /** Counts of the background region in the half of the good time that has more photons, and in the other. */
  readonly backgroundRise: { readonly during: number; readonly outside: number };
  /** Chance that a constant source has halves so unequal, two-sided; the less likely of the two comparisons. */
  readonly chance: number;
  readonly detected: boolean;
}

/** Outcome of a search. */
export class FxtSearch {
  readonly windows: readonly FxtWindow[];
  readonly name: string;

  constructor(windows: readonly FxtWindow[], name: string) {
    this.windows = windows;
    this.name = name;
  }

  /** Whether any window holds a candidate. */
  get detected(): boolean {
    return this.windows.some((window) => window.detected);
  }

  /** The windows that hold one. */
  get detections(): FxtWindow[] {
    return this.windows.filter((window) => window.detected);
  }

  [DISPLAY](): Record<string, string> {
    const origin = this.windows[0]?.startSec ?? 0;
    const head = ["pass", "window (s)", "before", "after", "outer", "middle", "background", "chance", ""];
    const rows = this.windows.map((one) => [
      one.pass,
      `${(one.startSec - origin).toFixed(0)}–${(one.stopSec - origin).toFixed(0)}`,
      ...[one.before, one.after, one.outer, one.middle].map(String),
      one.background.toFixed(1),
      one.chance.toPrecision(2),
      one.detected ? "candidate" : "",
    ]);
    const cells = (row: readonly string[], tag: string) =>
      row.map((cell) => `<${tag} style="text-align:right">${escapeMarkup(cell)}</${tag}>`).join("");
    const body = rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("");
    const text = `${this.detections.length} of ${countOf(this.windows.length, "window")} ${this.detections.length === 1 ? "holds" : "hold"} a candidate`;
    return {
      "text/html": `<div><table><thead><tr>${cells(head, "th")}</tr></thead><tbody>${body}</tbody></table><div style="font-size:85%;opacity:.75">${escapeMarkup(text)}</div></div>`,
      "text/plain": `FxtSearch ${this.name}: ${text}`,
    };
  }
}

/**
 * Looks for a fast X-ray transient by comparing two counts: before with after the middle of a window, and its outer
 * quarters with its middle half.
 *
 * A window holds a candidate if (i) its counts have a chance below `backgroundSigma` (one-sided) of being background,
 * (ii) in one of the two comparisons each count lies outside the other's `sigma` Poisson limits, and (iii) their ratio
 * is above `minRatio`. The whole exposure is searched first, then windows of `windowSec` from its start, from its end, and
 * from half a window in; what is left over at an end only if it is longer than `minWindowSec`. Halves and quarters are
 * of the good time, so that gaps make no transient. A transient much longer than a window, or much weaker than the
 * source's quiet emission, is not found; time resolution is about half a window.
 *
 * Limits of each count alone are easier to pass than a comparison of both: a constant source with 11 photons has them all
 * in one half with a chance of 0.001, and is then a candidate. `chance` says how likely each window is without a
 * transient; `test/bench/tables/fxt-search.md` tables how many are found, and how many constant sources with them.
 *
 * @throws {RangeError} If there is no good time, or an option is not positive.
 * @see Yang et al. 2019, MNRAS 487, 4721; Quirola-Vásquez et al. 2022, A&A 663, A168
 * @example
 * fxtSearch(source, { background, areaRatio: 12 }).detected;
 */
export function fxtSearch(photons: TimedPhotons, options: FxtOptions = {}): FxtSearch {
  const rules = checkedRules(options);
  const chosen = goodPhotons(photons, options, "search for transients");
  const { background } = options;
  const beside = background && goodPhotons(background, options, "search for transients");
  const { gti } = chosen;
  const clocks = {
    gti,
    source: goodTimeBefore(gti, chosen.timeSec),
    beside: beside && goodTimeBefore(gti, beside.timeSec),
  };
  const windows = windowsOf(chosen.onTimeSec, rules).map((stretch) => fxtWindow(clocks, stretch, rules));
  return new FxtSearch(windows, chosen.name);
}

type Rules = Required<Omit<FxtOptions, "background" | "band">>;

function checkedRules(options: FxtOptions): Rules {
  const rules = {
    areaRatio: options.areaRatio ?? 1,
    windowSec: options.windowSec ?? 20_000,
    minWindowSec: options.minWindowSec ?? 8000,
    minRatio: options.minRatio ?? 5,
    sigma: options.sigma ?? 4,
    backgroundSigma: options.backgroundSigma ?? 5,
  };
  for (const [name, value] of Object.entries(rules)) {
    if (!(value > 0)) {
      throw new RangeError(`Cannot search for transients: ${name} must be above 0: current value is ${value}`);
    }
  }
  return rules;
}

interface Stretch {
  readonly pass: FxtWindow["pass"];
  /** s of good time. */
  readonly from: number;
  readonly to: number;
}

function windowsOf(total: number, { windowSec, minWindowSec }: Rules): Stretch[] {
  const stretches: Stretch[] = [{ pass: "whole exposure", from: 0, to: total }];
  if (total <= windowSec) return stretches;
  const add = (pass: FxtWindow["pass"], from: number, to: number) => {
    if (to - from >= Math.min(windowSec, minWindowSec) * (1 - 1e-9)) stretches.push({ pass, from, to });
  };
  for (let from = 0; from < total; from += windowSec) add("forward", from, Math.min(from + windowSec, total));
  for (let to = total; to > 0; to -= windowSec) add("backward", Math.max(0, to - windowSec), to);
  add("half-shifted", 0, windowSec / 2);
  for (let from = windowSec / 2; from < total; from += windowSec) {
    add("half-shifted", from, Math.min(from + windowSec, total));
  }
  return stretches;
}

/** Seconds of good time before each photon of source and background. */
interface Clocks {
  readonly gti: Gti;
  readonly source: Float64Array;
  readonly beside: Float64Array | undefined;
}

type Quarters = readonly [number, number, number, number];

function fxtWindow({ gti, source, beside }: Clocks, stretch: Stretch, rules: Rules): FxtWindow {
  const { pass, from, to } = stretch;
  const [a, b, c, d] = countQuarters(source, stretch);
  const [e, f, g, h] = countQuarters(beside ?? [], stretch);
  const startSec = timeAfterGood(gti, [from], { late: true })[0] as number;
  const stopSec = timeAfterGood(gti, [to])[0] as number;
  const counts = { before: a + b, after: c + d, outer: a + d, middle: b + c };
  const background = (e + f + g + h) / rules.areaRatio;
  const inTime = chanceOf(counts.before, counts.after);
  const inShape = chanceOf(counts.outer, counts.middle);
  const rise =
    inTime <= inShape
      ? ordered(counts.before > counts.after, e + f, g + h)
      : ordered(counts.outer > counts.middle, e + h, f + g);
  return {
    pass,
    startSec,
    stopSec,
    ...counts,
    background,
    backgroundRise: rise,
    chance: Math.min(inTime, inShape),
    detected: isCandidate({ ...counts, background }, rules),
  };
}

/** Photons in each quarter of a stretch of good time. */
function countQuarters(clock: ArrayLike<number>, { from, to }: Stretch): Quarters {
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  const quarter = (to - from) / 4;
  for (let i = 0; i < clock.length; i++) {
    const since = (clock[i] as number) - from;
    if (since < 0 || since > to - from) continue;
    const part = Math.min(3, Math.floor(since / quarter)) as 0 | 1 | 2 | 3;
    counts[part]++;
  }
  return counts;
}

function ordered(firstIsEvent: boolean, first: number, second: number): FxtWindow["backgroundRise"] {
  return firstIsEvent ? { during: first, outside: second } : { during: second, outside: first };
}

/** Chance of two counts so unequal, or more so, where both have the same mean. */
function chanceOf(one: number, two: number): number {
  if (one === two) return 1;
  // P(Binomial(n, ½) ≤ fewer)
  return Math.min(1, 2 * betaI(0.5, Math.max(one, two), Math.min(one, two) + 1));
}

function isCandidate(
  window: Pick<FxtWindow, "before" | "after" | "outer" | "middle" | "background">,
  rules: Rules,
): boolean {
  const total = window.before + window.after;
  // P(n ≥ total | background)
  const chance = window.background > 0 ? gammaP(total, window.background) : total > 0 ? 0 : 1;
  if (!(chance < erfcTail(rules.backgroundSigma))) return false;
  return differs(window.before, window.after, rules) || differs(window.outer, window.middle, rules);
}

/** Whether each of two counts lies beyond the other's Poisson limits, and one is so many times the other. */
function differs(one: number, two: number, { sigma, minRatio }: Rules): boolean {
  const more = Math.max(one, two);
  const fewer = Math.min(one, two);
  const chance = erfcTail(sigma);
  return more > minRatio * fewer && aboveUpperLimit(more, fewer, chance) && belowLowerLimit(fewer, more, chance);
}

/** Whether a mean of `value` would give `counts` or fewer with less than a chance: it is above the upper limit. */
function aboveUpperLimit(value: number, counts: number, chance: number): boolean {
  return gammaQ(counts + 1, value) < chance;
}

/** Whether a mean of `value` would give `counts` or more with less than a chance: it is below the lower limit. */
function belowLowerLimit(value: number, counts: number, chance: number): boolean {
  return value > 0 ? gammaP(counts, value) < chance : counts > 0;
}
