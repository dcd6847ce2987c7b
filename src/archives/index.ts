/**
 * Archives and their services: TAP, cone searches, the catalogues of Chandra, XMM-Newton and eROSITA.
 *
 * @module
 */
export { type Cone, type ConeOptions, coneSearch } from "./cone.ts";
export { CSC_COLUMNS, CSC_SERVICE, type CscOptions, cscQuery, loadCsc } from "./csc.ts";
export { type TapOptions, tapColumns, tapQuery, tapTables } from "./tap.ts";
export { submitTapJob, TapJob, type TapPhase, type TapWaitOptions } from "./tap-job.ts";
