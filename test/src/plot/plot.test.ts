import { describe, expect, test } from "vitest";
import {
  categoryColor,
  createScale,
  escapeMarkup,
  extentOf,
  formatMeasured,
  formatNumber,
  linearTicks,
  logTicks,
  parseHex,
  readableUnit,
  sequentialRgb,
  xyPlotSvg,
} from "../../../src/plot/index.ts";

describe("ticks", () => {
  test("linearTicks() gives round steps whose labels tell them apart", () => {
    expect(linearTicks(0, 1)).toEqual({
      values: [0, 0.2, 0.4, 0.6, 0.8, 1],
      labels: ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"],
      exponent: 0,
    });
    expect(linearTicks(-2, 7).values).toEqual([-2, 0, 2, 4, 6]);
    for (const [low, high] of [
      [0, 1e-9],
      [1.00001, 1.00002],
      [-5e7, 3e7],
      [0.003, 0.0041],
    ] as const) {
      const { values, labels } = linearTicks(low, high);
      expect(new Set(labels).size).toBe(values.length);
      expect(values.length).toBeGreaterThan(2);
      expect(values.every((value) => value >= low - 1e-9 * (high - low) && value <= high + 1e-9 * (high - low))).toBe(
        true,
      );
    }
  });
  test("linearTicks() takes a power of ten out of small and large numbers", () => {
    expect(linearTicks(0, 4e-5, { count: 4 })).toMatchObject({ labels: ["0", "1", "2", "3", "4"], exponent: -5 });
    expect(linearTicks(0, 1.2e6).exponent).toBe(6);
  });
  test("logTicks() gives decades, with 2 and 5 where there is room", () => {
    expect(logTicks(0.5, 8).values).toEqual([0.5, 1, 2, 5]);
    expect(logTicks(1e-6, 1e4).labels.slice(0, 2)).toEqual(["10⁻⁶", "10⁻⁴"]);
  });
  test("formatNumber() is plain in the middle and scientific outside", () => {
    expect([0, 1.5, -3.456, 0.000123, 1e-4, 123456, Number.NaN].map((value) => formatNumber(value))).toEqual([
      "0",
      "1.5",
      "−3.46",
      "1.23×10⁻⁴",
      "10⁻⁴",
      "1.23×10⁵",
      "–",
    ]);
  });
  test("formatMeasured() rounds a value to its error's second digit", () => {
    expect(formatMeasured(1.4158, 0.1834)).toBe("1.42 ± 0.18");
    expect(formatMeasured(-0.0912, 0.0996)).toBe("−0.09 ± 0.10");
    expect(formatMeasured(7.714e-5, 1.21e-5)).toBe("(7.7 ± 1.2)×10⁻⁵");
    expect(formatMeasured(3, 1.2e-6)).toBe("3.0000000 ± 0.0000012");
    expect(formatMeasured(4321.9, 123)).toBe("4322 ± 123");
    expect(formatMeasured(1.4158, Number.NaN)).toBe("1.4158");
    expect(formatMeasured(Number.NaN, 1)).toBe("–");
  });
  test("readableUnit() turns long times into ks", () => {
    expect(readableUnit("s", 5e4)).toEqual({ unit: "ks", factor: 1000 });
    expect(readableUnit("keV", 5e4)).toEqual({ unit: "keV", factor: 1 });
  });
});

describe("scales", () => {
  test.each(["linear", "log"] as const)("createScale() inverts on a %s scale", (kind) => {
    const scale = createScale({ kind, domain: [0.5, 80], range: [300, 10] });
    expect(scale.at(0.5)).toBeCloseTo(300, 9);
    expect(scale.at(80)).toBeCloseTo(10, 9);
    for (const value of [0.6, 3, 79]) expect(scale.invert(scale.at(value))).toBeCloseTo(value, 9);
  });
  test("createScale() refuses a log domain that is not positive", () => {
    expect(() => createScale({ kind: "log", domain: [0, 1], range: [0, 1] })).toThrow(/must be positive/);
  });
  test("extentOf() ignores NaN and, on a log scale, zero", () => {
    expect(extentOf([[1, Number.NaN, 3]], { pad: 0 })).toEqual([1, 3]);
    expect(extentOf([[0, 1, 100]], { kind: "log", pad: 0 })).toEqual([1, 100]);
    expect(extentOf([[]])).toEqual([0, 1]);
  });
});

describe("palettes", () => {
  test("categoryColor() gives 40 different colours", () => {
    expect(new Set(Array.from({ length: 40 }, (_, i) => categoryColor(i))).size).toBe(40);
  });
  test("sequentialRgb() rises in luminance", () => {
    const linear = (byte: number) => ((byte / 255 + 0.055) / 1.055) ** 2.4;
    const luminance = Array.from({ length: 33 }, (_, i) => sequentialRgb(i / 32)).map(
      ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b),
    );
    for (let i = 1; i < luminance.length; i++) expect(luminance[i]).toBeGreaterThan(luminance[i - 1] as number);
    expect(parseHex("#0072b2")).toEqual([0, 0x72, 0xb2]);
  });
});

describe("xyPlotSvg()", () => {
  const time = Float64Array.from({ length: 50_000 }, (_, i) => i);
  test("escapes titles, labels and units from data", () => {
    const svg = xyPlotSvg({
      title: `<img src=x onerror="alert(1)">`,
      x: { label: "</text><script>", unit: "'&" },
      marks: [{ kind: "line", x: [0, 1], y: [1, 2], label: "<b>" }],
      legend: true,
    });
    expect(svg).not.toMatch(/<(img|script|b)[ >]/);
    expect(svg).toContain("&lt;script&gt;");
    expect(escapeMarkup(`<a href="x">'&`)).toBe("&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
  });
  test("keeps extremes but not every point of a long line", () => {
    const y = Float64Array.from(time, (value) => (value === 25_000 ? 100 : Math.sin(value)));
    const svg = xyPlotSvg({ title: "long", y: { domain: [-1, 100] }, marks: [{ kind: "line", x: time, y }] });
    expect(svg.length).toBeLessThan(80_000);
    expect(svg).toContain("V30"); // the spike reaches the top of the frame
  });
  test("breaks lines at NaN and steps at gaps", () => {
    const svg = xyPlotSvg({
      title: "gaps",
      marks: [
        { kind: "line", x: [0, 1, 2, 3], y: [1, Number.NaN, 1, 1], color: "red" },
        { kind: "steps", start: [0, 1, 5], stop: [1, 2, 6], y: [1, 2, 3], color: "green" },
      ],
    });
    const path = (color: string) => new RegExp(`d="([^"]*)"[^>]*stroke="${color}"`).exec(svg)?.[1] ?? "";
    expect(path("red").split("M").length - 1).toBe(2);
    expect(path("green").split("M").length - 1).toBe(2);
  });
  test("survives empty data and shows seconds as ks", () => {
    expect(xyPlotSvg({ title: "empty", marks: [{ kind: "points", x: [], y: [] }] })).toContain("</svg>");
    const svg = xyPlotSvg({ title: "t", x: { label: "Time", unit: "s" }, marks: [{ kind: "line", x: time, y: time }] });
    expect(svg).toContain("Time (ks)");
    expect(svg).toMatch(/role="img"/);
  });
});
