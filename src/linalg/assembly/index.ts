export { finishRows, gemm, gemmOuter, packPanels, packPanelsTransposed } from "./gemm";
export { addColumnSums, addInto, adam, gatherRows, reluRows, scatterAddRows, sumSquares } from "./vector";
export { encodeTime, expRows, pointProcessLoss } from "./point-process";
/** First byte that the module's own data does not use. */
export const heapBase: usize = __heap_base;
