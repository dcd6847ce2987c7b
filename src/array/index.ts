export { nearestRows } from "./nearest.ts";
export { finiteMatrix, type Rows } from "./rows.ts";
export { checkShape, type Matrix, type NdArray } from "./shape.ts";
