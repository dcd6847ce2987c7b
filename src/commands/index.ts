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
];
