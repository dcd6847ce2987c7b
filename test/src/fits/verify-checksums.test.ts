import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { verifyChecksums, writeFits } from "../../../src/fits/index.ts";
import { sharedData } from "../../shared-data.ts";

const bytesOf = (name: string) => new Uint8Array(readFileSync(sharedData("conformance/fits", name)));

describe("verifyChecksums()", () => {
  it("agrees with every byte that another program has summed", () => {
    for (const { dataSum, checksum } of verifyChecksums(bytesOf("checksum.fits"))) {
      expect([dataSum, checksum]).toEqual(["agrees", "agrees"]);
    }
  });

  it("tells the file made with wrong sums", () => {
    const verdicts = verifyChecksums(bytesOf("checksum_false.fits")).flatMap(({ dataSum, checksum }) => [
      dataSum,
      checksum,
    ]);
    expect(verdicts).toContain("differs");
  });

  it("finds flipped bits of the last block", () => {
    const bytes = bytesOf("checksum.fits");
    for (let at = bytes.length - 2880; at < bytes.length; at += 97) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] as number) ^ 4;
      expect(verifyChecksums(damaged).at(-1)).toMatchObject({ checksum: "differs" });
    }
  });

  it("agrees with what writeFits sums", () => {
    const columns = [{ name: "TIME", data: Float64Array.from({ length: 1001 }, (_, i) => i / 7) }];
    for (const { dataSum, checksum } of verifyChecksums(writeFits([{ name: "T", columns }], { checksum: true }))) {
      expect([dataSum, checksum]).toEqual(["agrees", "agrees"]);
    }
  });

  it("says where there is nothing to compare", () => {
    const [primary] = verifyChecksums(bytesOf("test.fits"));
    expect(primary).toMatchObject({ index: 0, name: "PRIMARY", dataSum: "absent", checksum: "absent" });
  });
});
