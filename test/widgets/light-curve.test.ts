import { afterEach, describe, expect, test } from "vitest";
import { EventList } from "../../src/events/index.ts";
import { DISPLAY } from "../../src/host/index.ts";
import { ppad } from "../../src/index.ts";
import { poissonInterval } from "../../src/timing/index.ts";
import { latentView } from "../../widgets/latent/index.ts";
import { automaticBin, binPhotons, poissonHigh, poissonLow, roundBin } from "../../widgets/light-curve/bin.ts";
import { lightCurveView } from "../../widgets/light-curve/index.ts";
import { FakeHost } from "./fake-host.ts";

let host: FakeHost | undefined;
afterEach(() => {
  host?.uninstall();
  host = undefined;
});

/** 100 photons, one every 10 s, at 1 and 3 keV in turns; good from 0 to 400 and from 600 to 1000 s. */
function photons(name: string, startSec = 5e8) {
  const timeSec = Float64Array.from({ length: 100 }, (_, i) => startSec + 10 * i + 5);
  const energyKeV = Float32Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1 : 3));
  const gti = {
    startSec: Float64Array.of(startSec, startSec + 600),
    stopSec: Float64Array.of(startSec + 400, startSec + 1000),
  };
  return { name, timeSec, energyKeV, gti };
}

const xy = { data: Float64Array.of(0, 0, 1, 1, 2, 2), shape: [3, 2] as const };

describe("binPhotons()", () => {
  const binned = {
    times: Float32Array.from({ length: 100 }, (_, i) => 10 * i + 5),
    energies: Uint16Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1000 : 3000)),
    gti: Float32Array.of(0, 400, 600, 1000),
    duration: 1000,
  };
  test("counts photons of the band on good time", () => {
    const curve = binPhotons(binned, { binSec: 100, low: 0.5, high: 7 });
    expect([...curve.counts]).toEqual(Array(10).fill(10));
    expect([...curve.exposure]).toEqual([100, 100, 100, 100, 0, 0, 100, 100, 100, 100]);
    expect(curve.rate[0]).toBeCloseTo(0.1, 12);
    expect(curve.rate[4]).toBeNaN();
    expect([...binPhotons(binned, { binSec: 100, low: 2, high: 7 }).counts]).toEqual(Array(10).fill(5));
    expect([...binPhotons(binned, { binSec: 100, low: 1, high: 3 }).counts]).toEqual(Array(10).fill(5));
  });
  test("gives the last bin what is left of the observation", () => {
    const curve = binPhotons(binned, { binSec: 300, low: 0.5, high: 7 });
    expect([...curve.stop]).toEqual([300, 600, 1000]);
    expect([...curve.exposure]).toEqual([300, 100, 400]);
    expect(curve.counts.reduce((a, b) => a + b)).toBe(100);
  });
  test("has the Poisson errors of src/timing within 2 %", () => {
    for (const count of [0, 1, 2, 5, 20, 300]) {
      const [low, high] = poissonInterval(count);
      expect(poissonHigh(count)).toBeGreaterThan(0.98 * high);
      expect(poissonHigh(count)).toBeLessThan(1.02 * high);
      // Gehrels' short form of the lower limit is 4 % off for 2 counts at most.
      expect(Math.abs(poissonLow(count) - low)).toBeLessThan(0.02 * Math.max(1, low) + 0.02);
    }
  });
  test("roundBin() and automaticBin() give round widths", () => {
    expect([0.0119, 1.6, 470, 88_000].map(roundBin)).toEqual([0.01, 1.5, 500, 1e5]);
    expect(automaticBin(binned)).toBe(70);
  });
});

describe("lightCurveView()", () => {
  test("sends 6 bytes a photon, seconds since the first good time", async () => {
    host = new FakeHost().install();
    const view = lightCurveView(photons("flare"), { binSec: 50 });
    const bundle = await view[DISPLAY]();
    expect(bundle["text/plain"]).toBe("LightCurveView(1 source)");
    const curve = view.model.get("curves")[0]!;
    expect(curve).toMatchObject({ index: 0, name: "flare", start: 5e8, date: "", duration: 1000 });
    expect([...(curve.gti as Float32Array)]).toEqual([0, 400, 600, 1000]);
    expect((curve.times as Float32Array)[99]).toBe(995);
    expect((curve.energies as Uint16Array)[1]).toBe(3000);
    expect(host.sent[0]?.data).toMatchObject({ state: { bin_sec: 50, shown: 0, visible: ["broad"], latent: null } });
    expect(host.sent[0]?.data.buffer_paths).toContainEqual(["curves", 0, "times"]);
  });
  test("follows a selection, with the model's rate for each source", async () => {
    host = new FakeHost().install();
    const view = latentView({ xy, sources: [photons("a"), photons("b"), photons("c")] });
    const seen: number[] = [];
    const model = {
      latents: { data: Float64Array.of(1, 2, 3), shape: [3, 1] as const },
      bandEdgesEv: [500, 2000, 7000],
      rateCurve(z: ArrayLike<number>, timeSec: ArrayLike<number>) {
        seen.push(z[0] as number);
        const data = Float64Array.from({ length: 2 * timeSec.length }, (_, i) => (z[0] as number) * (1 + (i % 2)));
        return { rate: { data }, bandEdgesEv: this.bandEdgesEv };
      },
    };
    const curves = lightCurveView(view.selection, { model });
    await curves[DISPLAY]();
    expect(curves.model.get("latent")).toBe(`IPY_MODEL_${view.model.id}`);
    expect(host.sent.findIndex(({ commId }) => commId === view.model.id)).toBeLessThan(
      host.sent.findIndex(({ commId }) => commId === curves.model.id),
    );
    view.selection.set([1, 2]);
    await curves.ready;
    expect(curves.model.get("curves").map(({ name }) => name)).toEqual(["b", "c"]);
    expect(seen).toEqual([2, 3]);
    const [, hard] = curves.model.get("curves")[0]!.model_rates;
    expect(hard).toMatchObject({ low: 2, high: 7 });
    expect((hard!.rate as Float32Array)[10]).toBe(4);
    // The browser steps to another point: its photons come too, first.
    host.fromBrowser(curves.model.id, { method: "update", state: { shown: 0 }, buffer_paths: [] });
    await curves.ready;
    expect(curves.model.get("curves").map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(curves.shown).toBe(0);
  });
  test("says in the view which sources have no photons and why", async () => {
    const load = async (index: number) => {
      if (index === 1) throw new Error('Cannot read "b.fits": no such file');
      return index === 0 ? photons("a") : undefined;
    };
    const view = latentView({ xy, events: load, selected: [0, 1, 2] });
    const curves = lightCurveView(view.selection);
    await curves.ready;
    expect(curves.model.get("curves").map(({ index }) => index)).toEqual([0]);
    expect(curves.model.get("missing")).toEqual({ 1: 'Cannot read "b.fits": no such file', 2: "no photons" });
  });
  test("keeps light curves for pages without a kernel", async () => {
    const view = latentView({ xy, sources: [photons("a"), photons("b"), photons("c")] });
    const curves = lightCurveView(view, { offlineSources: 3 });
    await curves.ready;
    expect(curves.model.get("library").map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });
  test("dates second 0 where the photons have a clock, and only there", async () => {
    host = new FakeHost().install();
    const { timeSec, energyKeV, gti } = photons("dated", 705_955_015);
    const chandra = { mjdRef: 50814, timeSys: "TT" };
    const dated = lightCurveView(new EventList({ name: "dated", timeSec, energyKeV, gti, meta: chandra }));
    const undated = lightCurveView(new EventList({ name: "undated", timeSec, energyKeV, gti }));
    await Promise.all([dated.ready, undated.ready]);
    // As MissionClock has it for XRT 200515: 705,955,015.8 s is 18:35:46.6.
    expect(dated.model.get("curves")[0]?.date).toBe("2020-05-15T18:35:45");
    expect(undated.model.get("curves")[0]?.date).toBe("");
  });

  test("takes event lists and PPAD models as they are", async () => {
    const { timeSec, energyKeV, gti } = photons("x", 100);
    const event = new EventList({ name: "x", timeSec, energyKeV, gti });
    const model = await ppad.fit([event, event], { latentSize: 2, epochs: 1, seed: 1 });
    const curves = lightCurveView([event, event], { model });
    await curves.ready;
    const curve = curves.model.get("curves")[1]!;
    expect(curve.duration).toBe(1000);
    expect(curve.model_rates.map(({ low, high }) => [low, high])).toEqual([
      [0.5, 1.2],
      [1.2, 2],
      [2, 7],
    ]);
    const rate = curve.model_rates[0]!.rate as Float32Array;
    expect(rate.every((value) => value > 0 && value < 10)).toBe(true);
  });
  test("stops following when it is closed", async () => {
    host = new FakeHost().install();
    const asked: number[] = [];
    const view = latentView({ xy, events: (index) => photons(`p${asked.push(index)}`) });
    const curves = lightCurveView(view.selection);
    await curves[DISPLAY]();
    host.comms.get(curves.model.id)?.onClose?.({ data: {}, metadata: {}, buffers: [] });
    view.selection.set([2]);
    await curves.ready;
    expect(asked).toEqual([]);
  });
  test("refuses latents of other sources", () => {
    const model = {
      latents: { data: new Float64Array(2), shape: [2, 1] as const },
      rateCurve: () => ({ rate: { data: [] }, bandEdgesEv: [] }),
    };
    expect(() => lightCurveView([photons("a")], { model })).toThrow(
      "latents must have 1 rows, one per source: current number is 2",
    );
  });
  test("refuses sources without photons", () => {
    const view = latentView({ xy, names: ["a", "b", "c"] });
    expect(() => lightCurveView(view.selection)).toThrow(
      'sources must have photons: give latentView or lightCurveView the option "events"',
    );
  });
});
