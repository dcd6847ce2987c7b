export { type OnnxGraph, type OnnxNode, type OnnxTensor, type OnnxValue, writeOnnx } from "./write-onnx.ts";
