import { ProtoMessage } from "./protobuf.ts";

/** Version of the operators (ai.onnx) that our graphs use, and of the file format that goes with it. */
const OPSET = 17;
const IR_VERSION = 8;

const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_INTEGER = 2;
const ATTRIBUTE_INTEGERS = 7;

/** One operation: its ONNX name, what it reads and writes, its attributes. */
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly integers?: { readonly [name: string]: number };
  readonly lists?: { readonly [name: string]: readonly number[] };
}

/** A value that goes in or out; a text in its shape is an extent that each run chooses. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** Constant numbers that operations read, row-major; extents and axes are of 64 bits. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** A graph of operations that takes and gives tensors of 32-bit floats. */
export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  /** Default: none. */
  readonly tensors?: readonly OnnxTensor[];
  /** Texts about the file, by name. Default: none. */
  readonly metadata?: { readonly [name: string]: string };
}

function value({ name, shape }: OnnxValue): ProtoMessage {
  const extents = new ProtoMessage();
  for (const extent of shape) {
    const dimension = new ProtoMessage();
    extents.message(1, typeof extent === "number" ? dimension.integer(1, extent) : dimension.text(2, extent));
  }
  const tensor = new ProtoMessage().integer(1, FLOAT).message(2, extents);
  return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
}

function node({ op, inputs, outputs, integers = {}, lists = {} }: OnnxNode): ProtoMessage {
  const out = new ProtoMessage();
  for (const name of inputs) out.text(1, name);
  for (const name of outputs) out.text(2, name);
  out.text(4, op);
  for (const [name, integer] of Object.entries(integers)) {
    out.message(5, new ProtoMessage().text(1, name).integer(3, integer).integer(20, ATTRIBUTE_INTEGER));
  }
  for (const [name, list] of Object.entries(lists)) {
    const attribute = new ProtoMessage().text(1, name);
    for (const integer of list) attribute.integer(8, integer);
    out.message(5, attribute.integer(20, ATTRIBUTE_INTEGERS));
  }
  return out;
}

function tensor({ name, shape, data }: OnnxTensor): ProtoMessage {
  const out = new ProtoMessage();
  for (const extent of shape) out.integer(1, extent);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return out
    .integer(2, data instanceof Float32Array ? FLOAT : INT64)
    .text(8, name)
    .bytes(9, bytes);
}

/**
 * A graph as an ONNX file: format 8, operators 17.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto for the field numbers.
 */
export function writeOnnx(graph: OnnxGraph): Uint8Array {
  const body = new ProtoMessage();
  for (const operation of graph.nodes) body.message(1, node(operation));
  body.text(2, graph.name);
  for (const constant of graph.tensors ?? []) body.message(5, tensor(constant));
  for (const input of graph.inputs) body.message(11, value(input));
  for (const output of graph.outputs) body.message(12, value(output));
  const model = new ProtoMessage().integer(1, IR_VERSION).text(2, "photonbook").message(7, body);
  model.message(8, new ProtoMessage().text(1, "").integer(2, OPSET));
  for (const [key, text] of Object.entries(graph.metadata ?? {})) {
    model.message(14, new ProtoMessage().text(1, key).text(2, text));
  }
  return model.finish();
}
