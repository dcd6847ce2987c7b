export { type OnnxGraph, type OnnxNode, type OnnxValue, writeOnnx } from "./write-onnx.ts";
