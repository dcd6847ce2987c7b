export {
  choleskyInto,
  invertLowerInto,
  logDeterminant,
  solveCholeskyInto,
  solveLowerInto,
  solveLowerTransposedInto,
} from "./cholesky.ts";
export { type Eigensystem, symmetricEigen } from "./symmetric-eigen.ts";
