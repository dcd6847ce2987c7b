import { describe, expect, it } from "vitest";
import { DISPLAY } from "../../../src/host/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { type SourceKind, simulateSky } from "../../../src/sky/index.ts";
import { fxtSearch } from "../../../src/timing/index.ts";
import { skyPhotons } from "../../bench/sky-rates.ts";
import { photonsAt } from "./peers.ts";
import { xrt200515 } from "./xrt200515.ts";

describe("fxtSearch()", () => {
  it("finds XRT 200515 in the whole observation, by the published counts", () => {
    const { source, events } = xrt200515();
    const search = fxtSearch(source);
    expect(search.windows[0]).toMatchObject({ before: 12, after: 176, outer: 178, middle: 10, detected: true });
    expect(search.detected).toBe(true);
    expect(search[DISPLAY]()["text/html"]).toContain("candidate");
    // 5813 events of the region file around it, most of them background
    const withBackground = fxtSearch(source, { background: events, areaRatio: 20 });
    expect(withBackground.windows[0]!.background).toBeGreaterThan(10);
    expect(withBackground.detected).toBe(true);
  });

  it("does not find it in windows 0–20 and 0–10 ks", () => {
    const { source } = xrt200515();
    const start = source.gti.startSec[0]!;
    for (const length of [20_000, 10_000]) {
      expect(fxtSearch(source.filter({ timeSec: [start, start + length] })).detected).toBe(false);
    }
  });

  it("searches forward, backward and half-shifted windows, leftovers only above 8 ks", () => {
    const spans = (total: number) =>
      fxtSearch(photonsAt([], [[0, total]])).windows.map(({ pass, startSec, stopSec }) => [pass, startSec, stopSec]);
    expect(spans(15_000)).toEqual([["whole exposure", 0, 15_000]]);
    expect(spans(50_000)).toEqual([
      ["whole exposure", 0, 50_000],
      ["forward", 0, 20_000],
      ["forward", 20_000, 40_000],
      ["forward", 40_000, 50_000],
      ["backward", 30_000, 50_000],
      ["backward", 10_000, 30_000],
      ["backward", 0, 10_000],
      ["half-shifted", 0, 10_000],
      ["half-shifted", 10_000, 30_000],
      ["half-shifted", 30_000, 50_000],
    ]);
    expect(spans(45_000).filter(([pass]) => pass === "forward")).toHaveLength(2);
  });

  it("takes no gap for a transient", () => {
    const rng = new Rng(30);
    const good = [
      [0, 2000],
      [18_000, 20_000],
    ];
    const times = good.flatMap(([from]) => Array.from({ length: 100 }, () => from! + 2000 * rng.uniform()));
    expect(fxtSearch(photonsAt(times, good)).detected).toBe(false);
  });

  // All kinds and more sources: `npm run bench -- fxt-search`, which tables them
  it("finds the transients of the simulated sky, and few constant sources", () => {
    const sky = simulateSky({ nSources: 600, seed: 1 });
    const found = (kind: SourceKind) => {
      const searches = sky.sources.flatMap((source, index) => {
        return source.kind === kind ? [fxtSearch(skyPhotons(sky, index)).detected] : [];
      });
      return searches.filter(Boolean).length / searches.length;
    };
    expect(found("transient")).toBeGreaterThan(0.9);
    expect(found("constant")).toBeLessThan(0.02);
  });

  it("rejects options that are not positive", () => {
    expect(() => fxtSearch(photonsAt([], [[0, 10]]), { windowSec: 0 })).toThrow(/windowSec must be above 0/);
  });
});
