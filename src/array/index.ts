export { concatArrays } from "./concat.ts";
export { countOf } from "./count-text.ts";
export { nearestRows } from "./nearest.ts";
export { knownNames, nearestNames } from "./nearest-names.ts";
export { float32Text, textsApart } from "./number-text.ts";
export { finiteMatrix, type Rows } from "./rows.ts";
export { checkShape, type Matrix, type NdArray } from "./shape.ts";
