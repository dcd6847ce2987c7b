/**
 * The commands of `photonbook` that work on data; kernel/cli.ts finds them here at run time. A command's module is
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
    run: async (args) => (await import("./fits.ts")).runFits(args),
  },
  {
    name: "votable",
    help: [["votable FILE [--json]", "the same of every table of a VOTable document, with UCDs"]],
    run: async (args) => (await import("./votable.ts")).runVotable(args),
  },
  {
    name: "convert",
    help: [["convert IN OUT", "a table as FITS, VOTable, Parquet or Arrow (by OUT's ending), units and UCDs kept"]],
    run: async (args) => (await import("./convert.ts")).runConvert(args),
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
    run: async (args) => (await import("./lc.ts")).runLc(args),
  },
];
