export { concatArrays } from "./concat.ts";
export { nearestRows } from "./nearest.ts";
export { float32Text } from "./number-text.ts";
export { finiteMatrix, type Rows } from "./rows.ts";
export { checkShape, type Matrix, type NdArray } from "./shape.ts";
