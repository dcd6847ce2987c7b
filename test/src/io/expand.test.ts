import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { expand } from "../../../src/io/expand.ts";
import { readBytes } from "../../../src/io/index.ts";
import { sharedData } from "../../shared-data.ts";

const bytesOf = (name: string) => new Uint8Array(readFileSync(sharedData("conformance/fits", name)));

describe("expand()", () => {
  it.each(["test.fits.gz", "test.fits.bz2", "test.fits.Z"])(
    "expands %s to what Node's zlib has of its .gz",
    async (name) => {
      const want = gunzipSync(bytesOf("test.fits.gz"));
      expect(Buffer.compare(await readBytes(sharedData("conformance/fits", name)), want)).toBe(0);
    },
  );

  it("joins bzip2 streams on end", async () => {
    const one = bytesOf("test.fits.bz2");
    const expanded = await expand(Buffer.concat([one, one]), "two.bz2");
    expect(expanded.length).toBe(2 * (await expand(one, "one.bz2")).length);
  });

  it.each(["test.fits.gz", "test.fits.bz2"])("says of every shortened %s that it is cut off", async (name) => {
    const bytes = bytesOf(name);
    for (let length = 4; length < bytes.length; length += 7) {
      await expect(expand(bytes.subarray(0, length), name)).rejects.toThrow(`after ${length} compressed bytes`);
    }
  });

  it("expands .Z through codes of growing width and emptied dictionaries", async () => {
    const text = Uint8Array.from({ length: 400_000 }, (_, i) => (i * i * 31 + (i >> 7)) & 0xff);
    expect(Buffer.compare(await expand(compressLzw(text), "long.Z"), text)).toBe(0);
  });

  it("rejects a .Z code that stands for nothing", async () => {
    await expect(expand(Uint8Array.of(0x1f, 0x9d, 0x90, 0xff, 0xff), "a.Z")).rejects.toThrow(/code 511 must be below/);
    await expect(expand(Uint8Array.of(0x1f, 0x9d, 0x1f), "a.Z")).rejects.toThrow(/9–16 bits: it is 31/);
  });
});

/** The plain inverse: greedy LZW of at most 12 bits, the dictionary emptied when it is full. */
function compressLzw(text: Uint8Array): Uint8Array {
  const out: number[] = [0x1f, 0x9d, 0x8c];
  let [codes, bits, free, group, bit] = [new Map<number, number>(), 9, 257, 24, 24];
  const put = (code: number) => {
    for (let i = 0; i < bits; i++, bit++) out[bit >> 3] = (out[bit >> 3] ?? 0) | (((code >> i) & 1) << (bit & 7));
  };
  const widen = (to: number) => {
    group = bit = group + Math.ceil((bit - group) / (8 * bits)) * 8 * bits;
    bits = to;
  };
  let current = text[0] as number;
  for (const byte of text.subarray(1)) {
    const known = codes.get(current * 256 + byte);
    if (known !== undefined) {
      current = known;
      continue;
    }
    put(current);
    // The reader is one entry behind, so it widens when the entry before this one fills the width.
    if (free === 2 ** bits && bits < 12) widen(bits + 1);
    if (free < 4096) codes.set(current * 256 + byte, free++);
    else {
      put(256);
      widen(9);
      [codes, free] = [new Map(), 257];
    }
    current = byte;
  }
  put(current);
  return Uint8Array.from(out, (byte) => byte ?? 0);
}
