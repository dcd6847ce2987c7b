export { checkShape, type Matrix, type NdArray } from "./shape.ts";
