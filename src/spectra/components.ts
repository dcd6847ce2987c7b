import { type Abundances, tbabsCrossSection, wabsCrossSection } from "./absorption.ts";
import { atMiddles, type Component, fromCumulative, GAUSS_4, integrateDensity, normalisation } from "./component.ts";
import { ComponentList } from "./component-list.ts";
import { erf } from "./erf.ts";

const N_H = { name: "nH", unit: "1e22 cm-2", value: 0.1, min: 0, max: 1e3 };
const KT = { name: "kT", unit: "keV", value: 1, min: 1e-3, max: 100 };
const GAMMA = { name: "gamma", unit: "", value: 1.7, min: -5, max: 10 };
const POWER_LAW_NORM = normalisation("photon keV-1 cm-2 s-1 at 1 keV");

/** Photon absorption by neutral gas, exp(−N_H σ(E)) with the cross-section of Morrison & McCammon (1983). */
const wabs: Component = {
  name: "wabs",
  kind: "multiplicative",
  description: "Photoelectric absorption, Morrison & McCammon 1983 cross-section",
  parameters: [N_H],
  evaluate: ([nH], grid) => atMiddles(grid, (energy) => Math.exp(-1e22 * nH * wabsCrossSection(energy))),
};

/** Photon absorption by neutral gas, exp(−N_H σ(E)) with σ of `tbabsCrossSection`. */
function gasAbsorption(name: string, abundances: Abundances, source: string): Component {
  return {
    name,
    kind: "multiplicative",
    description: `Photoelectric absorption by neutral gas with abundances of ${source}; no grains, no molecules`,
    parameters: [N_H],
    evaluate: ([nH], grid) => atMiddles(grid, (energy) => Math.exp(-1e22 * nH * tbabsCrossSection(energy, abundances))),
  };
}

const tbabs = gasAbsorption("tbabs", "anders-grevesse", "Anders & Grevesse 1989");
const tbabsWilms = gasAbsorption("tbabs_wilms", "wilms", "Wilms et al. 2000");

/** K E^−Γ. */
const powerlaw: Component = {
  name: "powerlaw",
  kind: "additive",
  description: "Power law K E^-gamma",
  parameters: [GAMMA, POWER_LAW_NORM],
  evaluate: ([gamma, norm], grid) => {
    const index = 1 - gamma;
    // Near Γ = 1 the closed form loses digits; E^(1−Γ)/(1−Γ) = (e^{(1−Γ) ln E} − 1)/(1−Γ) up to a constant does not.
    return fromCumulative(grid, (energy) => {
      const log = Math.log(energy);
      return norm * (Math.abs(index) < 1e-12 ? log : Math.expm1(index * log) / index);
    });
  },
};

/** K E^−Γ e^{−E/E_c}. */
const cutoffpl: Component = {
  name: "cutoffpl",
  kind: "additive",
  description: "Power law with exponential cut-off, K E^-gamma exp(-E/cutoff)",
  parameters: [GAMMA, { name: "cutoff", unit: "keV", value: 15, min: 0.01, max: 500 }, POWER_LAW_NORM],
  evaluate: ([gamma, cutoff, norm], grid) =>
    integrateDensity(grid, (energy) => norm * energy ** -gamma * Math.exp(-energy / cutoff), 0.05),
};

/** Power law whose index changes at the break. */
const bknpower: Component = {
  name: "bknpower",
  kind: "additive",
  description: "Broken power law",
  parameters: [
    { ...GAMMA, name: "gamma1" },
    { name: "breakE", unit: "keV", value: 5, min: 0.01, max: 1e3 },
    { ...GAMMA, name: "gamma2", value: 2 },
    POWER_LAW_NORM,
  ],
  evaluate: ([gamma1, breakE, gamma2, norm], grid) => {
    const antiderivative = (energy: number, gamma: number) =>
      Math.abs(1 - gamma) < 1e-12 ? Math.log(energy) : energy ** (1 - gamma) / (1 - gamma);
    const joint = breakE ** (gamma2 - gamma1);
    const below = antiderivative(breakE, gamma1);
    const above = joint * antiderivative(breakE, gamma2);
    return fromCumulative(grid, (energy) =>
      energy < breakE
        ? norm * antiderivative(energy, gamma1)
        : norm * (below + joint * antiderivative(energy, gamma2) - above),
    );
  },
};

/** x² / (eˣ − 1) / x₀² kept finite at 0: a black body's photon spectrum up to constants. */
function planck(energy: number, kT: number): number {
  const x = energy / kT;
  return x > 700 ? 0 : x < 1e-9 ? energy * kT : (energy * energy) / Math.expm1(x);
}

/** K 8.0525 E² / (kT⁴ (e^{E/kT} − 1)); K = L₃₉/D₁₀². */
const bbody: Component = {
  name: "bbody",
  kind: "additive",
  description: "Black body, norm = L/1e39 erg/s over (D/10 kpc)²",
  parameters: [KT, normalisation("1e39 erg s-1 (10 kpc)-2", 1e-4)],
  evaluate: ([kT, norm], grid) =>
    integrateDensity(grid, (energy) => ((norm * 8.0525) / kT ** 4) * planck(energy, kT), 0.5 * kT),
};

/** K 1.0344e-3 E² / (e^{E/kT} − 1); K = R²_km/D²_10. */
const bbodyrad: Component = {
  name: "bbodyrad",
  kind: "additive",
  description: "Black body, norm = (R/km)² over (D/10 kpc)²",
  parameters: [KT, normalisation("km2 (10 kpc)-2", 1)],
  evaluate: ([kT, norm], grid) => integrateDensity(grid, (energy) => norm * 1.0344e-3 * planck(energy, kT), 0.5 * kT),
};

// Nodes of t and weights (8/3) t^{-11/3} w of the disc's integral over temperature, from Gauss–Legendre in ln t
const DISC = discNodes();

/** ∫ (8/3) t^{−11/3} … dt over 0–1 as a sum: t = e^{−u}, u = 0–`depth` in equal steps of 4 nodes each. */
function discNodes(): readonly (readonly [t: number, weight: number])[] {
  const [steps, depth] = [24, 9];
  const half = depth / steps / 2;
  return Array.from({ length: steps }, (_, step) =>
    GAUSS_4.map(([node, weight]): [number, number] => {
      const t = Math.exp(-(2 * step + 1 + node) * half);
      return [t, (8 / 3) * t ** (-8 / 3) * weight * half];
    }),
  ).flat();
}

/** Disc of black-body rings, T ∝ r^{−3/4} from the inner edge to infinity; K = R²_in,km cos θ / D²_10. */
const diskbb: Component = {
  name: "diskbb",
  kind: "additive",
  description: "Accretion disc of black-body rings, norm = (R_in/km)² cos(i) over (D/10 kpc)²",
  parameters: [{ ...KT, name: "Tin" }, normalisation("km2 (10 kpc)-2", 1)],
  evaluate: ([tin, norm], grid) =>
    integrateDensity(
      grid,
      (energy) => norm * 1.0344e-3 * DISC.reduce((sum, [t, weight]) => sum + weight * planck(energy, t * tin), 0),
      0.5 * tin,
    ),
};

/** Gaussian line, norm in photons/cm²/s; sigma = 0 puts all of it into one bin. */
const gauss: Component = {
  name: "gauss",
  kind: "additive",
  description: "Gaussian line",
  parameters: [
    { name: "lineE", unit: "keV", value: 6.4, min: 0, max: 1e3 },
    { name: "sigma", unit: "keV", value: 0.1, min: 0, max: 20 },
    normalisation("photon cm-2 s-1", 1e-5),
  ],
  evaluate: ([lineE, sigma, norm], grid) =>
    fromCumulative(grid, (energy) =>
      sigma > 0 ? 0.5 * norm * erf((energy - lineE) / (sigma * Math.SQRT2)) : energy > lineE ? norm : 0,
    ),
};

/** A factor that does not depend on energy. */
const constant: Component = {
  name: "constant",
  kind: "multiplicative",
  description: "Energy-independent factor",
  parameters: [{ name: "factor", unit: "", value: 1, min: 0, max: 1e10 }],
  evaluate: ([factor], grid) => new Float64Array(grid.loKeV.length).fill(factor),
};

/** The components that model expressions may name; in a notebook `spectralComponents` shows them. */
export const COMPONENTS: { readonly [name: string]: Component } = Object.fromEntries(
  [wabs, tbabs, tbabsWilms, powerlaw, cutoffpl, bknpower, bbody, bbodyrad, diskbb, gauss, constant].map((component) => [
    component.name,
    component,
  ]),
);

/** What a model expression may be made of: each component with its parameters, their units, starts and limits. */
export const spectralComponents = new ComponentList(Object.values(COMPONENTS));
