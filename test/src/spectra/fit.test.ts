import { expect, test } from "vitest";
import { DISPLAY } from "../../../src/host/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { fitSpectrum, levenbergMarquardt, minimise, parseModel } from "../../../src/spectra/index.ts";
import { residualsOf } from "../../../src/spectra/statistic.ts";
import { sharedSpectrum } from "./shared-spectrum.ts";

test("fitSpectrum() reproduces Sherpa's statistic of 3C 273 at given parameters", async () => {
  const spectrum = await sharedSpectrum("acis_459_3c273/3c273.pi");
  const fit = fitSpectrum(spectrum, {
    model: "wabs*powerlaw",
    parameters: { nH: 0.012, gamma: 1.97, norm: 1.82e-4 },
    statistic: "chi2datavar",
    range: [0.3, 7],
    search: false,
  });
  // Sherpa with XSPEC's wabs gives 35.998998; taking the absorption at bin middles moves it by 0.04 %.
  expect(fit.statistic).toBeCloseTo(35.985, 3);
  expect(Math.abs(fit.statistic / 35.99899827 - 1)).toBeLessThan(5e-4);
});

test("fitSpectrum() finds the minimum from afar with errors", async () => {
  const spectrum = await sharedSpectrum("acis_459_3c273/3c273.pi");
  const fit = fitSpectrum(spectrum, {
    model: "wabs*powerlaw",
    parameters: { nH: 1, gamma: 1, norm: 1e-5 },
    statistic: "chi2datavar",
    range: [0.3, 7],
  });
  expect(fit.converged).toBe(true);
  expect(fit.statistic).toBeCloseTo(35.982, 3);
  expect(fit.value("gamma")).toBeCloseTo(1.97, 2);
  expect(fit.dof).toBe(41);
  expect(fit.parameters[1].error).toBeCloseTo(0.067, 3);
});

test("fitSpectrum() recovers the parameters of simulated spectra within their errors", async () => {
  const real = await sharedSpectrum("acis_4274_pks0537_piled/qso.pi");
  const truth = parseModel("wabs*powerlaw", { nH: 0.3, gamma: 1.8, norm: 4e-4 });
  const mean = real.fold(truth.photons(real.energies));
  const rng = new Rng(5);
  const pulls: number[] = [];
  for (let trial = 0; trial < 30; trial++) {
    const spectrum = real.with({ counts: mean.map((value) => rng.poisson(value)), background: undefined });
    const fit = fitSpectrum(spectrum, { model: "wabs*powerlaw", parameters: { nH: 0.2, gamma: 2, norm: 3e-4 } });
    fit.parameters.forEach(({ value, error }, index) => {
      pulls.push((value - truth.values[index]) / (error as number));
    });
  }
  // 90 pulls of unit variance: their mean square is 1 ± 0.15 (three correlated triples make it ± 0.26); 3 σ.
  const meanSquare = pulls.reduce((sum, pull) => sum + pull * pull, 0) / pulls.length;
  expect(meanSquare).toBeGreaterThan(0.4);
  expect(meanSquare).toBeLessThan(1.8);
});

test("fitSpectrum() says what to do where it cannot fit", async () => {
  const spectrum = await sharedSpectrum("acis_459_3c273/3c273.pi");
  expect(() => fitSpectrum(spectrum, { model: "powerlaw", range: [20, 30] })).toThrow(
    /range must overlap its channels/,
  );
  expect(() => fitSpectrum(spectrum.ungroup(), { model: "powerlaw", statistic: "chi2datavar" })).toThrow(
    /every group must hold at least one count/,
  );
  const bare = await sharedSpectrum("acis_459_3c273/3c273.pi", { rmf: false });
  expect(() => fitSpectrum(bare, { model: "powerlaw" })).toThrow(/it must have an RMF \(header says 3c273.rmf\)/);
});

test("cstat profiles the background out: its level minimises the deviance", () => {
  const counts = {
    observed: Float64Array.of(7, 0, 3, 0),
    background: Float64Array.of(12, 5, 0, 0),
    scale: Float64Array.of(0.25, 0.5, 0.1, 0.2),
  };
  const model = Float64Array.of(3.2, 1.1, 2.4, 0.7);
  const found = residualsOf("cstat", counts)(model).map((residual) => residual ** 2);
  const deviance = (n: number, m: number) => 2 * (m - n + (n > 0 ? n * Math.log(n / m) : 0));
  for (let group = 0; group < 4; group++) {
    let least = Infinity;
    for (let b = 1e-9; b < 40; b += 1e-3) {
      const total = model[group] + counts.scale[group] * b;
      least = Math.min(least, deviance(counts.observed[group], total) + deviance(counts.background[group], b));
    }
    expect(found[group]).toBeCloseTo(least, 4);
  }
});

test("chi2gehrels subtracts a scaled background and adds its variance", () => {
  const [residual] = residualsOf("chi2gehrels", {
    observed: Float64Array.of(20),
    background: Float64Array.of(10),
    scale: Float64Array.of(0.5),
  })(Float64Array.of(12));
  const variance = (1 + Math.sqrt(20.75)) ** 2 + 0.25 * (1 + Math.sqrt(10.75)) ** 2;
  expect(residual).toBeCloseTo(3 / Math.sqrt(variance), 12);
});

test("minimise() crosses Rosenbrock's valley and stops at bounds", () => {
  const rosenbrock = {
    residuals: ([x, y]: readonly number[]) => Float64Array.of(10 * (y - x * x), 1 - x),
    start: [-1.2, 1],
    min: [-5, -5],
    max: [5, 5],
  };
  const [x, y] = minimise(rosenbrock).point;
  expect(x).toBeCloseTo(1, 5);
  expect(y).toBeCloseTo(1, 5);
  const bounded = levenbergMarquardt({ ...rosenbrock, max: [0.5, 5] });
  expect(bounded.point[0]).toBe(0.5);
  expect(bounded.point[1]).toBeCloseTo(0.25, 6);
});

test("Spectrum and SpectralFit show themselves with data escaped", async () => {
  const spectrum = (await sharedSpectrum("acis_459_3c273/3c273.pi")).with({ name: "<b>3c273</b>" });
  const fit = fitSpectrum(spectrum, { model: "wabs*powerlaw", range: [0.3, 7] });
  for (const bundle of [spectrum[DISPLAY](), fit[DISPLAY]()]) {
    expect(bundle["text/html"]).toContain("<svg");
    expect(bundle["text/html"]).not.toContain("<b>3c273");
    expect(bundle["text/html"]).not.toContain("NaN");
  }
  expect(fit[DISPLAY]()["text/plain"]).toMatch(/powerlaw.gamma +1\.9\d+ ± /);
});
