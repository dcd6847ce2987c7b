/**
 * Archives and their services: TAP, cone searches, the catalogues of Chandra, XMM-Newton and eROSITA.
 *
 * @module
 */
export { type Cone, type ConeOptions, coneSearch } from "./cone.ts";
export { CSC_COLUMNS, type CscOptions, cscQuery, loadCsc } from "./csc.ts";
export {
  type CscDetection,
  type CscProducts,
  type CscProductsOptions,
  cscProducts,
  detectionsOf,
} from "./csc-products.ts";
export { type FamilyFile, familyFile, isFamilyName } from "./family-file.ts";
export { CONE_SERVICES, TAP_SERVICES } from "./services.ts";
export { type TapOptions, tapColumns, tapQuery, tapTables } from "./tap.ts";
export { submitTapJob, TapJob, type TapPhase, type TapWaitOptions } from "./tap-job.ts";
