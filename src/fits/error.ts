/**
 * Input that is not readable FITS, with the place that is wrong.
 *
 * The message names the file, the HDU and the keyword, what was found and what is allowed.
 */
export class FitsError extends SyntaxError {
  override readonly name = "FitsError";
  /** Name of the file, as given to `readFits`. */
  readonly file: string;
  /** Index of the HDU (0 is the primary one), or undefined where the file as a whole is meant. */
  readonly hdu: number | undefined;
  /** Keyword at fault, where there is one. */
  readonly keyword: string | undefined;

  constructor(place: FitsPlace, problem: string, options?: ErrorOptions) {
    const hdu = place.hdu === undefined ? "" : ` (HDU ${place.hdu}${place.hduName ? ` "${place.hduName}"` : ""})`;
    super(`Cannot read FITS file "${place.file}"${hdu}: ${problem}`, options);
    this.file = place.file;
    this.hdu = place.hdu;
    this.keyword = place.keyword;
  }
}

/** Where in which file an error is. */
export interface FitsPlace {
  readonly file: string;
  readonly hdu?: number | undefined;
  readonly hduName?: string | undefined;
  readonly keyword?: string | undefined;
}
