/** Input that is not a readable VOTable; the message names file, table, field and row where they are known. */
export class VotableError extends SyntaxError {
  override readonly name: string = "VotableError";
  /** Name of the file, as given to `readVotable`. */
  readonly file: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`Cannot read VOTable "${file}": ${problem}`, options);
    this.file = file;
  }
}

/** A readable reply in which a service says that the query failed (QUERY_STATUS is ERROR). */
export class VotableQueryError extends VotableError {
  override readonly name = "VotableQueryError";
  /** What the service said. */
  readonly serviceMessage: string;

  constructor(file: string, serviceMessage: string) {
    super(file, `the service reports an error: ${serviceMessage}`);
    this.serviceMessage = serviceMessage;
  }
}
