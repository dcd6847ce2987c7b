import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type FitsFile, readFits } from "../../../src/fits/index.ts";
import { runPython } from "../../python.ts";
import { sharedData } from "../../shared-data.ts";

const conformance = ["comp", "compressed_float_bzero", "compressed_with_nan", "m13_gzip"].map((name) =>
  sharedData(`conformance/fits/${name}.fits`),
);
const folder = mkdtempSync(join(tmpdir(), "photonbook-tiles-"));
afterAll(() => rmSync(folder, { recursive: true }));
const peer = JSON.parse(runPython(resolve(import.meta.dirname, "tiles_peer.py"), folder, ...conformance)) as Record<
  string,
  { path: string; shape: number[]; raw: string }
>;

const open = (path: string): FitsFile => readFits(new Uint8Array(readFileSync(path)), { name: path });
const compressedOf = (file: FitsFile) => file.hdus.find(({ header }) => header.get("ZIMAGE") === true)!;

test.each(Object.entries(peer))(
  "%s: every pixel is the one that astropy reads, to the last bit",
  (_, { path, shape, raw }) => {
    const file = open(path);
    const { data, nulls, shape: ours } = file.image(compressedOf(file).index);
    expect(ours).toEqual(shape);
    const bytes = readFileSync(raw);
    const theirs = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
    expect(data.length).toBe(theirs.length);
    const value = (i: number) => (nulls?.[i] ? Number.NaN : Number(data[i]));
    const wrong = Array.from(theirs.keys()).filter((i) => value(i) !== theirs[i] && !Object.is(value(i), theirs[i]));
    expect(wrong.slice(0, 5).map((i) => [i, value(i), theirs[i]])).toEqual([]);
  },
);

test("a note says how the image is read, and as a table it still has its tiles", () => {
  const file = open(sharedData("conformance/fits/comp.fits"));
  expect(file.notes).toContain(
    "HDU 1 is an image compressed in tiles, which image(1) decodes; as a table it has the tiles",
  );
  expect(file.table(1).numRows).toBe(300);
});

test("what cannot be decoded is refused by name: HCOMPRESS_1, a damaged tile, a table", () => {
  const bytes = new Uint8Array(readFileSync(sharedData("conformance/fits/m13_gzip.fits")));
  const text = Buffer.from(bytes).toString("latin1");
  const changed = (find: string, put: string) => {
    const out = bytes.slice();
    out.set(Buffer.from(put, "latin1"), text.indexOf(find));
    return readFits(out, { name: "m13.fits" });
  };
  expect(() => changed("'GZIP_1  '", "'HCOMPRESS_1'").image(1)).toThrow(
    /m13.fits.*ZCMPTYPE must be GZIP_1, GZIP_2, RICE_1, PLIO_1, NOCOMPRESS: current value is "HCOMPRESS_1"/,
  );
  expect(() => changed("\x1f\x8b\x08", "\x00\x00\x00").image(1)).toThrow(
    /tile 1 must hold its pixels \(GZIP_1\): it is no gzip stream/,
  );
  expect(() => open(sharedData("conformance/fits/tb.fits")).image(1)).toThrow(/must be "IMAGE"/);
});
