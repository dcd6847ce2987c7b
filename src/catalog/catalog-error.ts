/** Text that is not a readable table; the message names file, line and column. */
export class CatalogError extends SyntaxError {
  override readonly name = "CatalogError";
  /** Name of the file, as given to the reader. */
  readonly file: string;

  constructor(file: string, problem: string, options?: { cause?: unknown }) {
    super(`Cannot read catalogue "${file}": ${problem}`, options);
    this.file = file;
  }
}
