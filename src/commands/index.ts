/**
 * The commands of `photonbook` that work on data; kernel/program.ts finds them here at run time. A command's module is
 * loaded when it runs.
 *
 * @module
 */
import type { Command } from "./command.ts";

export type { Command } from "./command.ts";

/** All of them, in the order of `--help`. */
export const commands: readonly Command[] = [
  {
    name: "fits",
    help: [
      ["fits FILE [--json]", "every HDU of a FITS file, every column with its values, nulls, minimum, maximum and sum"],
    ],
    options: { json: { type: "boolean" } },
    run: async (given) => (await import("./fits.ts")).runFits(given),
  },
  {
    name: "votable",
    help: [["votable FILE [--json]", "the same of every table of a VOTable document, with UCDs"]],
    options: { json: { type: "boolean" } },
    run: async (given) => (await import("./votable.ts")).runVotable(given),
  },
  {
    name: "convert",
    help: [
      [
        "convert IN OUT [--ascii]",
        "a table as FITS, VOTable, Parquet, Arrow, HDF5 or ECSV (by OUT's ending), units and UCDs",
      ],
      ["", "kept; or as CSV or TSV; --ascii spells signs that FITS cannot hold (± as +/-)"],
    ],
    options: { ascii: { type: "boolean" } },
    run: async (given) => (await import("./convert.ts")).runConvert(given),
  },
  {
    name: "fetch",
    help: [
      [
        "fetch ADDRESS|NAME [--out FILE]",
        "a file into the cache, taken up again where it stopped, checked, and its path;",
      ],
      ["  --sha256 HEX --table T", "what the file must be; a table of 4xmm (slim, detections) or erass1 (main, hard)"],
      ["fetch --cone RA,DEC,ARCSEC --from WHERE --out FILE", "sources within a circle: csc21, erass1, erass1-hard,"],
      ["", "vizier:TABLE or a service's address"],
    ],
    options: {
      cone: { type: "string" },
      from: { type: "string" },
      out: { type: "string" },
      sha256: { type: "string" },
      table: { type: "string" },
    },
    run: async (given) => (await import("./fetch.ts")).runFetch(given),
  },
  {
    name: "lc",
    help: [
      ["lc EVENTS [options]", "light curve of an event file on its good time, and whether the source varies"],
      ["  --bin SEC", "bins of SEC seconds; --counts N: of N counts (default 25); --blocks: Bayesian blocks"],
      [
        "  --band B --region R",
        "a CSC band or LOW-HIGH in keV; a FITS region file, or a shape as CIAO and DS9 write it",
      ],
      ["  --out FILE, --json", "a table or a figure (.pdf, .svg, .png), or JSON, instead of text"],
    ],
    options: {
      bin: { type: "string" },
      counts: { type: "string" },
      blocks: { type: "boolean" },
      band: { type: "string" },
      region: { type: "string" },
      out: { type: "string" },
      json: { type: "boolean" },
    },
    run: async (given) => (await import("./lc.ts")).runLc(given),
  },
];
