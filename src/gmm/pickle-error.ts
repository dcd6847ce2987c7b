/** A pickle that cannot be read as plain data, or that is not what it should be; the message names the file. */
export class PickleError extends SyntaxError {
  override readonly name = "PickleError";
  /** Name of the file, as given to the reader. */
  readonly file: string;
  /** Byte at which reading stopped, or undefined where the content as a whole is meant. */
  readonly offset: number | undefined;

  constructor(file: string, problem: string, options: ErrorOptions & { readonly offset?: number } = {}) {
    const place = options.offset === undefined ? "" : ` (byte ${options.offset})`;
    super(
      `Cannot read pickle "${file}"${place}: ${problem}`,
      "cause" in options ? { cause: options.cause } : undefined,
    );
    this.file = file;
    this.offset = options.offset;
  }
}
