/** What `display` returns: a place in the notebook's output. */
export interface DisplayHandle {
  readonly id: string;
  /** Shows something else in this place, from whatever cell. */
  update(value: unknown): void;
}

declare global {
  /**
   * Shows a value in the output of the cell: as it would show itself as the last expression, or, where it is an object
   * of MIME types, as those.
   *
   * @param options.id Display id; giving the id of an earlier display with `update` replaces that one. Default: new.
   * @param options.update Whether to replace what has the id. Default: false.
   * @example display({ "text/markdown": "**bold**" })
   */
  function display(value: unknown, options?: { id?: string; update?: boolean }): DisplayHandle;

  /**
   * Asks the user for a line of text.
   *
   * @param options.password Whether what is typed stays hidden. Default: false.
   */
  function input(prompt?: string, options?: { password?: boolean }): Promise<string>;
}
