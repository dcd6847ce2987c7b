export { BicCurve, type BicCurveOptions, fitBicCurve } from "./bic-curve.ts";
export type { CovarianceType } from "./covariance.ts";
export { fitGmm, type GmmContext } from "./fit.ts";
export { GaussianMixtureFit } from "./fit-result.ts";
export { GaussianMixture, type MixtureParameters, type Nested } from "./gaussian-mixture.ts";
export type { GmmOptions, InitialMixture } from "./options.ts";
export { PickleError } from "./pickle-error.ts";
export { readSklearnMixture } from "./sklearn-mixture.ts";
