import { describe, expect, it } from "vitest";
import { Rng } from "../../../src/random/index.ts";
import { conformanceFiles, mutate, readAll } from "../../mutated-files.ts";

/** A short run of test/soak/mutated-files.soak.ts. */
describe("damaged files", () => {
  const rounds = Array.from({ length: 6 }, (_, round) => round);

  it.each(conformanceFiles().map((file) => [file.name, file] as const))(
    "%s is read or rejected with a reason",
    (_, file) => {
      for (const round of rounds) {
        const outcome = readAll(mutate(file.bytes, new Rng(2, round)), file.kind);
        expect(outcome).toMatch(/^read$|^Cannot read (FITS file|VOTable) "mutated"/);
      }
    },
  );
});
