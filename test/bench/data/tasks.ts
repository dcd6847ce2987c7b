/** What both sides of the data benchmark do. */

/** Columns read of the wide catalogue. */
export const WIDE_COLUMNS = ["column_8", "column_121", "column_249"];
export const MATCH_ARCSEC = 2;
/** Rows of 1.3 million that are kept, about one in eight. */
export const FILTER = 'SELECT name, ra, "dec", flux_0, counts_0 FROM sources WHERE significance > 15 AND "dec" > 45';

/** A task: the file it reads, who else does it, and what it is. */
export interface Task {
  readonly name: string;
  readonly file: string;
  readonly peers: readonly string[];
  /** Runs in one process; 1 where a peer takes a minute. */
  readonly repeats: number;
  readonly about: string;
}

export const TASKS: readonly Task[] = [
  {
    name: "events",
    file: "events.fits",
    peers: ["astropy", "fitsio"],
    repeats: 3,
    about: "all 12 columns of an event table of 1 GB, to native arrays",
  },
  {
    name: "columns",
    file: "wide.fits",
    peers: ["astropy", "fitsio"],
    repeats: 3,
    about: "3 of 250 columns of a FITS catalogue of 400,000 rows (500 MB), to native arrays",
  },
  {
    name: "binary2",
    file: "binary2.vot",
    peers: ["astropy"],
    repeats: 3,
    about: "VOTable of 100,000 rows and 20 columns, BINARY2",
  },
  {
    name: "tabledata",
    file: "tabledata.vot",
    peers: ["astropy"],
    repeats: 3,
    about: "the same as TABLEDATA",
  },
  {
    name: "sql",
    file: "sources.parquet",
    peers: ["duckdb"],
    repeats: 5,
    about: "SQL filter over a Parquet file of 1.3 million rows, result to arrays",
  },
  {
    name: "match",
    file: "positions.bin",
    peers: ["astropy"],
    repeats: 3,
    about: "nearest of 1,000,000 positions to each of 400,000, within 2″",
  },
  {
    name: "gregory-loredo",
    file: "photons.bin",
    peers: ["numpy"],
    repeats: 1,
    about: "Gregory–Loredo of 10,000 sources, 2 to 600 bins",
  },
  {
    name: "blocks",
    file: "photons.bin",
    peers: ["astropy"],
    repeats: 1,
    about: "Bayesian blocks of 10,000 sources",
  },
];
