import { describe, expect, it } from "vitest";
import { textWidth } from "../../../src/figures/fonts.ts";
import { figure, hardnessPlot, latentPlot, lightCurvePlot, spectrumPlot } from "../../../src/figures/index.ts";
import { Rng } from "../../../src/random/index.ts";

const rng = new Rng(1);
const n = 60;
const xy = { data: Float64Array.from({ length: 2 * n }, () => rng.normal()), shape: [n, 2] as const };
const kinds = Array.from({ length: n }, (_, i) => (i % 10 === 0 ? "qpe" : i % 3 === 0 ? "star" : "AGN"));

async function draw(spec: Parameters<typeof figure>[0]): Promise<string> {
  const plot = figure(spec);
  const svg = await plot.svg();
  expect(plot.warnings).toEqual([]);
  return svg;
}

/** Where each upright text of a drawing ends, points from the left edge: all translations around it, and its width. */
function textEnds(svg: string): { text: string; x: number }[] {
  const open: number[] = [];
  const ends: { text: string; x: number }[] = [];
  for (const [tag, shift, size, text] of svg.matchAll(
    /<\/g>|<(?:g|text)\b(?:[^>]*? transform="translate\(([-\d.]+)[^"]*")?(?:[^>]*? font-size="([\d.]+)px")?[^>]*>([^<]*)/g,
  )) {
    if (tag === "</g>") open.pop();
    else if (tag.startsWith("<g")) open.push(Number(shift ?? 0));
    else {
      const width = textWidth(text!, { size: Number(size), bold: false, italic: false });
      ends.push({ text: text!, x: open.reduce((sum, x) => sum + x, Number(shift ?? 0)) + width });
    }
  }
  return ends;
}

describe("latentPlot()", () => {
  it("draws every point and a legend of the labels, the frequent first", async () => {
    const spec = latentPlot(xy, { labels: kinds, title: "Sky" });
    const svg = await draw(spec);
    expect(svg.match(/>(AGN|star|qpe)</g)).toEqual([">AGN<", ">star<", ">qpe<"]);
    expect(svg).toContain("#0072b2");
    const values = (spec as unknown as { layer: { data: { values: unknown[] } }[] }).layer[0]!.data.values;
    expect(values).toHaveLength(n);
  });

  it("keeps the whole legend on the paper, however many classes and however long their names", async () => {
    const components = [0, 1, 2, 3, 4, 5].map((k) => `component ${k}`);
    for (const names of [
      [...components, "none"],
      ["AGN", "YSO", "young stellar object of class II", "HMXB", "LMXB"],
    ]) {
      const svg = await draw(latentPlot(xy, { labels: Array.from({ length: n }, (_, i) => names[i % names.length]!) }));
      const width = Number(/ width="([\d.]+)pt"/.exec(svg)![1]);
      const ends = textEnds(svg).filter(({ text }) => names.includes(text));
      expect(ends.map(({ text }) => text).sort()).toEqual([...names].sort());
      for (const { x } of ends) expect(x).toBeLessThan(width);
    }
  });

  it("takes a mixture's clusters by their numbers and drops points without coordinates", async () => {
    const holes = { ...xy, data: xy.data.map((value, i) => (i === 0 ? Number.NaN : value)) };
    const spec = latentPlot(holes, { labels: Int32Array.from({ length: n }, (_, i) => i % 4), legend: "Cluster" });
    const svg = await draw(spec);
    expect(svg.match(/>[0-5]</g)).toEqual([">0<", ">1<", ">2<", ">3<"]);
    const values = (spec as unknown as { layer: { data: { values: unknown[] } }[] }).layer[0]!.data.values;
    expect(values).toHaveLength(n - 1);
  });

  it("emphasises a selection over faint points", async () => {
    const svg = await draw(latentPlot(xy, { selected: [1, 2, 3] }));
    expect(svg.match(/fill="#d55e00"/g)).toHaveLength(3);
    expect(svg.match(/fill="#c8c8c8"/g)).toHaveLength(n - 3);
  });

  it("colours by a number", async () => {
    const svg = await draw(latentPlot(xy, { color: Float64Array.from({ length: n }, (_, i) => i), legend: "counts" }));
    expect(svg).toContain("linearGradient");
    expect(svg).toContain("Scatter plot of 60 points");
  });

  it("refuses labels and selections that do not fit", () => {
    expect(() => latentPlot(xy, { labels: ["a"] })).toThrow(
      "labels must have 60 values, one per point: current length is 1",
    );
    expect(() => latentPlot(xy, { selected: [60] })).toThrow(
      "selected must hold rows within 0–59: current value is 60",
    );
    expect(() => latentPlot({ data: new Float64Array(6), shape: [3, 2] as const }, {})).not.toThrow();
    expect(() => latentPlot({ data: new Float64Array(6), shape: [2, 3] as never }, {})).toThrow('Cannot use "xy"');
  });
});

describe("hardnessPlot()", () => {
  it("draws columns of a table between -1 and 1", async () => {
    const table = {
      column: (name: string) => Float64Array.from({ length: n }, (_, i) => (name === "hard_ms" ? 1 : -1) * Math.cos(i)),
    };
    const svg = await draw(hardnessPlot(table, { labels: kinds }));
    expect(svg).toContain("(M − S) / (M + S)");
    expect(svg).toContain(">−1.0<");
  });
});

describe("lightCurvePlot()", () => {
  const bins = 50;
  const curve = {
    name: "2CXO J050935.1-671736",
    startSec: Float64Array.from({ length: bins }, (_, i) => 1e8 + 200 * i),
    stopSec: Float64Array.from({ length: bins }, (_, i) => 1e8 + 200 * (i + 1)),
    rate: Float64Array.from({ length: bins }, (_, i) => (i === 20 ? Number.NaN : 0.1 + 0.05 * Math.sin(i / 5))),
    rateErrLow: new Float64Array(bins).fill(0.02),
    rateErrHigh: new Float64Array(bins).fill(0.03),
    gti: { startSec: new Float64Array([1e8, 1e8 + 4200]), stopSec: new Float64Array([1e8 + 4000, 1e8 + 10_000]) },
  };

  it("counts time from its start in ks, shades the gap and draws a rate", async () => {
    const rate = { timeSec: curve.startSec, rate: curve.startSec.map(() => 0.1), name: "PPAD" };
    const svg = await draw(lightCurvePlot(curve, { rate }));
    expect(svg).toContain("Time (ks)");
    expect(svg).toContain(">PPAD<");
    expect(svg.match(/fill="#ececec"/g)).toHaveLength(1);
    expect(svg).toContain("#d55e00");
    expect(svg).toContain("2CXO J050935.1-671736");
  });
});

describe("spectrumPlot()", () => {
  it("bins photons so that no bin is empty", async () => {
    const own = new Rng(2);
    const energyKeV = Float32Array.from({ length: 400 }, () => 0.5 + own.exponential());
    const spec = spectrumPlot({ energyKeV, exposureSec: 1e4, name: "photons" }) as unknown as {
      data: { values: { value: number; lo: number; hi: number }[] };
    };
    const total = spec.data.values.reduce((sum, { value, lo, hi }) => sum + value * (hi - lo) * 1e4, 0);
    expect(total).toBeCloseTo(energyKeV.filter((energy) => energy <= 7).length, 6);
    expect(await draw(spec)).toContain("Counts s⁻¹ keV⁻¹");
  });

  it("draws a fit with its model and residuals", async () => {
    const lo = Array.from({ length: 20 }, (_, i) => 0.5 + 0.3 * i);
    const observed = lo.map((_, i) => 40 - i);
    const fit = {
      loKeV: lo,
      hiKeV: lo.map((e) => e + 0.3),
      observed,
      predicted: observed,
      residuals: observed.map(() => 0),
    };
    const svg = await draw(spectrumPlot(fit, { title: "Fit" }));
    expect(svg).toContain("Residual (σ)");
    expect(svg).toContain("Counts keV⁻¹");
  });
});
