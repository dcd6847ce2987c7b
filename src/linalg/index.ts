export {
  choleskyInto,
  invertLowerInto,
  logDeterminant,
  solveCholeskyInto,
  solveLowerInto,
  solveLowerTransposedInto,
} from "./cholesky.ts";
export { type DftPlan, planDft, transformReal } from "./dft.ts";
export { type FftPlan, fftInto, planFft } from "./fft.ts";
export { type FrequencyGrid, fourierSums } from "./fourier-sums.ts";
export {
  Arena,
  EPILOGUE,
  instantiateKernels,
  type Kernels,
  type MatrixProducts,
  TILE_COLUMNS,
  TILE_ROWS,
} from "./kernels.ts";
export { type Eigenpairs, type LanczosOptions, largestEigenpairs } from "./lanczos.ts";
export { type PrincipalAxes, principalAxes } from "./principal-axes.ts";
export { type Eigensystem, symmetricEigen } from "./symmetric-eigen.ts";
