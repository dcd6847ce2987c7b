import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readFits } from "../../../src/fits/index.ts";
import { sharedData } from "../../shared-data.ts";

test("readFits() says that a tile-compressed image was not expanded", () => {
  const file = readFits(new Uint8Array(readFileSync(sharedData("conformance/fits/comp.fits"))));
  expect(file.hdu(1).kind).toBe("bintable");
  expect(file.notes).toContain(
    "HDU 1 is an image compressed in tiles, of which only the table of compressed tiles was read",
  );
});
