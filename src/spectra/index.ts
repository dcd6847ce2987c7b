/**
 * X-ray spectra: OGIP files in, folded models and fits out.
 *
 * @example
 * const spectrum = readSpectrum(readFits(bytes, { name: "3c273.pi" })).with({ arf, rmf, background });
 * const fit = fitSpectrum(spectrum, { model: "wabs*powerlaw", statistic: "chi2datavar", range: [0.3, 7] });
 * @module
 */
export { type Abundances, tbabsCrossSection, wabsCrossSection } from "./absorption.ts";
export { type Arf, areaOnGrid, type EnergyGrid, readArf } from "./arf.ts";
export type { Component, ParameterSpec } from "./component.ts";
export { ComponentList } from "./component-list.ts";
export { COMPONENTS, spectralComponents } from "./components.ts";
export { binsForEye, type DrawnBins, densities, fitBundle, parameterTable } from "./display.ts";
export { type Detector, type FitOptions, FitProblem, fitSpectrum, LINEAR_DETECTOR } from "./fit.ts";
export { type FittedParameter, SpectralFit } from "./fit-result.ts";
export { type FluxLists, fluxLists } from "./flux-lists.ts";
export type { Groups } from "./grouping.ts";
export { type LeastSquares, levenbergMarquardt, type Minimum, minimise, nelderMead } from "./minimise.ts";
export { type Parameter, type ParameterSettings, parseModel, SpectralModel } from "./model.ts";
export { type ReadSpectrumOptions, readSpectrum } from "./read-spectrum.ts";
export { foldRmf, type Rmf, readRmf } from "./rmf.ts";
export { type EnergyRange, Spectrum, type SpectrumData, type SpectrumMeta } from "./spectrum.ts";
export type { FitCounts, Statistic } from "./statistic.ts";
export { type WriteSpectrumOptions, writeSpectrum } from "./write-spectrum.ts";
