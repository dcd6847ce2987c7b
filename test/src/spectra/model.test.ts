import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DISPLAY } from "../../../src/host/index.ts";
import { erf } from "../../../src/spectra/erf.ts";
import {
  COMPONENTS,
  type EnergyGrid,
  parseModel,
  spectralComponents,
  tbabsCrossSection,
  wabsCrossSection,
} from "../../../src/spectra/index.ts";
import { sharedData } from "../../shared-data.ts";

const grid = (lo: number, hi: number, n: number): EnergyGrid => {
  const edges = Float64Array.from({ length: n + 1 }, (_, i) => lo * (hi / lo) ** (i / n));
  return { loKeV: edges.slice(0, n), hiKeV: edges.slice(1) };
};
const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

test.each(Object.values(COMPONENTS).filter(({ kind }) => kind === "additive"))(
  "$name integrates over bins: a coarse grid holds what a fine one sums to",
  ({ name }) => {
    const model = parseModel(name);
    const coarse = model.photons(grid(0.2, 12, 12));
    const fine = model.photons(grid(0.2, 12, 12 * 400));
    for (let bin = 0; bin < 12; bin++) {
      const sum = total(fine.subarray(bin * 400, (bin + 1) * 400));
      expect(Math.abs(coarse[bin] - sum)).toBeLessThan(1e-7 * total(fine));
    }
  },
);

test("powerlaw has its closed form, through gamma = 1", () => {
  const bins = grid(1, 8, 3);
  expect(total(parseModel("powerlaw", { gamma: 2, norm: 1 }).photons(bins))).toBeCloseTo(1 - 1 / 8, 12);
  expect(total(parseModel("powerlaw", { gamma: 1, norm: 1 }).photons(bins))).toBeCloseTo(Math.log(8), 12);
  expect(total(parseModel("powerlaw", { gamma: 1 + 1e-9, norm: 1 }).photons(bins))).toBeCloseTo(Math.log(8), 7);
});

test("bbody has the luminosity its norm says", () => {
  // Norm 1 is 1e39 erg/s at 10 kpc: E·photons integrates to 1e39 / (4π (10 kpc)²) erg/cm²/s. The constant 8.0525, kept
  // so that norms mean what they do in XSPEC, is 0.24 % above the exact one.
  const bins = grid(0.001, 60, 4000);
  const photons = parseModel("bbody", { kT: 1, norm: 1 }).photons(bins);
  const erg = photons.reduce((sum, n, bin) => sum + n * 0.5 * (bins.loKeV[bin] + bins.hiKeV[bin]), 0) * 1.602176634e-9;
  expect(erg / (1e39 / (4 * Math.PI * (10 * 3.0856775814913673e21) ** 2))).toBeCloseTo(1.0024, 4);
});

test("diskbb radiates twice the energy of bbodyrad and rises as E^(1/3)", () => {
  // ∫ (8/3) t^{-11/3} t⁴ dt = 2; far below T_in, E F_E ∝ E^{4/3} (Mitsuda et al. 1984)
  const energy = (name: string, settings: object, bins: EnergyGrid) =>
    parseModel(name, settings as never)
      .photons(bins)
      .reduce((sum, n, bin) => sum + n * Math.sqrt(bins.loKeV[bin]! * bins.hiKeV[bin]!), 0);
  const wide = grid(1e-4, 60, 6000);
  expect(energy("diskbb", { Tin: 1 }, wide) / energy("bbodyrad", { kT: 1 }, wide)).toBeCloseTo(2, 3);
  const low = grid(0.01, 0.02, 1);
  const lower = grid(0.005, 0.01, 1);
  const slope = Math.log2(energy("diskbb", { Tin: 2 }, low) / energy("diskbb", { Tin: 2 }, lower));
  expect(slope).toBeCloseTo(4 / 3, 1);
});

test("spectralComponents lists every component with its parameters", () => {
  const { "text/plain": text, "text/html": html } = spectralComponents[DISPLAY]();
  for (const { name, parameters } of Object.values(COMPONENTS)) {
    expect(text).toContain(`${name}(${parameters.map((parameter) => parameter.name).join(", ")})`);
    expect(html).toContain(`<code>${name}</code>`);
  }
});

test("gauss puts its norm into the line, a line without width into one bin", () => {
  const bins = grid(1, 10, 500);
  expect(total(parseModel("gauss", { lineE: 6.4, sigma: 0.1, norm: 2 }).photons(bins))).toBeCloseTo(2, 12);
  const sharp = parseModel("gauss", { lineE: 6.4, sigma: 0, norm: 2 }).photons(bins);
  expect(Array.from(sharp).filter((value) => value > 0)).toEqual([2]);
});

test.each([
  [0.5, 0.5204998778130465],
  [2.4, 0.999311486103355],
  [2.6, 0.9997639655834707],
  [-1, -0.8427007929497149],
])("erf(%f) has its tabulated value", (x, value) => {
  expect(erf(x)).toBeCloseTo(value, 14);
});

test("wabsCrossSection() is nearly continuous between its intervals save at edges", () => {
  const jump = (energy: number) => wabsCrossSection(energy * (1 + 1e-9)) / wabsCrossSection(energy * (1 - 1e-9));
  for (const energy of [0.1, 0.4, 3.21]) expect(Math.abs(jump(energy) - 1)).toBeLessThan(0.05);
  for (const energy of [0.284, 0.532, 0.867, 1.84, 2.471, 7.111]) expect(jump(energy)).toBeGreaterThan(1.01);
  expect(wabsCrossSection(1)).toBeCloseTo(2.422e-22, 25);
});

test("tbabsCrossSection() follows XSPEC's tbabs table as its documentation says", () => {
  const [energy, table] = readFileSync(sharedData("tables", "tbabs.data"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const deviations = (lo: number, hi: number) =>
    energy.flatMap((keV, i) =>
      keV > lo && keV < hi ? [Math.abs((1e22 * tbabsCrossSection(keV)) / table[i] - 1)] : [],
    );
  // The 95 % quantile: single points next to an edge differ because edges lie some eV apart.
  const nearlyAll = (lo: number, hi: number) => {
    const sorted = deviations(lo, hi).sort((a, b) => a - b);
    return sorted[Math.floor(0.95 * sorted.length)];
  };
  expect(nearlyAll(0.6, 0.68)).toBeLessThan(0.01);
  expect(nearlyAll(0.9, 10)).toBeLessThan(0.025);
  expect(nearlyAll(0.3, 0.5)).toBeLessThan(0.04);
  expect(nearlyAll(0.1, 0.28)).toBeLessThan(0.13);
  expect(tbabsCrossSection(1, "wilms") / tbabsCrossSection(1)).toBeCloseTo(0.69, 1);
});

test("parseModel() multiplies, adds and nests", () => {
  const bins = grid(0.5, 8, 50);
  const both = parseModel("wabs*(powerlaw + gauss.iron)", { nH: 1, "iron.lineE": 6.7 });
  expect(both.parameters.map(({ name }) => name)).toEqual([
    "wabs.nH",
    "powerlaw.gamma",
    "powerlaw.norm",
    "iron.lineE",
    "iron.sigma",
    "iron.norm",
  ]);
  const apart = [parseModel("wabs*powerlaw", { nH: 1 }), parseModel("wabs*gauss", { nH: 1, lineE: 6.7 })].map((model) =>
    model.photons(bins),
  );
  expect(total(both.photons(bins))).toBeCloseTo(total(apart[0]) + total(apart[1]), 14);
  expect(parseModel("powerlaw+powerlaw").parameters[2].name).toBe("powerlaw2.gamma");
});

test.each([
  ["wabs*", /name of a component is expected at position 6/],
  ["wabs*powerlaw)", /end is expected at position 14: current text is "\)"/],
  ["powerlaw/2", /current character at position 9 is "\/"/],
  ["wabs*constructor", /must be one of wabs, tbabs, .*current name is "constructor"/],
  ["wabs", /must have an additive component/],
  ["powerlaw*bbody", /may hold one additive component/],
  ["wabs + powerlaw", /current sum mixes them/],
])("parseModel() says what is wrong with %s", (expression, message) => {
  expect(() => parseModel(expression)).toThrow(message);
});

test("parseModel() says which parameters there are when a setting fits none, several or its limits not", () => {
  expect(() => parseModel("powerlaw", { Gamma: 2 })).toThrow(/one of powerlaw.gamma, powerlaw.norm: .*"Gamma"/);
  expect(() => parseModel("powerlaw + powerlaw", { gamma: 2 })).toThrow(/one of powerlaw.gamma, powerlaw2.gamma/);
  expect(() => parseModel("powerlaw", { norm: -1 })).toThrow(/must lie in 0–1000000: current value is -1/);
});
