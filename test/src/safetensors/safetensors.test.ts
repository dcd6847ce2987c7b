import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  readSafetensors,
  readSafetensorsHeader,
  safetensorsHeaderLength,
  writeSafetensors,
} from "../../../src/safetensors/index.ts";

/** Written by the format's own Python library; see generate.py. */
const bytes = readFileSync(join(import.meta.dirname, "../../fixtures/safetensors/arrays.safetensors"));

test("readSafetensors() reads what Python's safetensors wrote", () => {
  const { tensors, metadata } = readSafetensors(bytes);
  expect(metadata).toEqual({ format: "test" });
  expect([...tensors.keys()]).toEqual(["time", "latent", "count"]);
  // Printed by safetensors 0.8.0 and numpy 2.4.6.
  expect(tensors.get("time")).toEqual({
    shape: [5],
    data: Float64Array.of(
      432697227.6605561,
      498727684.33379257,
      431871083.8485517,
      478854893.5820029,
      486989651.1696216,
    ),
  });
  expect(tensors.get("latent")!.shape).toEqual([3, 2]);
  expect(tensors.get("latent")!.data[5]).toBe(0.767470121383667);
  expect(tensors.get("count")!.data).toEqual(Int32Array.of(1498487595, -1043053216, -1533400923, -1354067653));
});

test("writeSafetensors() writes the bytes that Python's safetensors writes", () => {
  const { tensors, metadata } = readSafetensors(bytes);
  expect(Buffer.from(writeSafetensors(tensors, metadata)).equals(bytes)).toBe(true);
});

test("readSafetensorsHeader() says where arrays lie in the file", () => {
  const length = safetensorsHeaderLength(bytes.subarray(0, 8), bytes.length);
  const { tensors } = readSafetensorsHeader(bytes.subarray(0, length), bytes.length);
  const { begin, end, type } = tensors.get("count")!;
  expect([type, end - begin, end]).toEqual(["I32", 16, bytes.length]);
  expect(bytes.readInt32LE(begin)).toBe(1498487595);
});

test("readSafetensors() refuses what is not such a file", () => {
  const header = (text: string) => {
    const out = Buffer.alloc(8 + text.length);
    out.writeBigUInt64LE(BigInt(text.length));
    out.write(text, 8);
    return out;
  };
  expect(() => readSafetensors(bytes.subarray(0, 5))).toThrow("a file must have 8 bytes or more: current length is 5");
  expect(() => readSafetensors(Buffer.alloc(20, 0xff))).toThrow("the header must fit the file");
  expect(() => readSafetensors(header("{nothing"))).toThrow("the header must be JSON");
  expect(() => readSafetensors(bytes.subarray(0, bytes.length - 1))).toThrow('"count" must lie inside the file');
  expect(() => readSafetensors(header('{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}'))).toThrow(
    '"a" must be F32, F64 or I32: current type is "BF16"',
  );
});
