import type { Magics } from "./magics.ts";

/** What `display` returns: a place in the notebook's output. */
export interface DisplayHandle {
  readonly id: string;
  /** Shows something else in this place, from whatever cell. */
  update(value: unknown): void;
}

/** How cells show things. */
export interface Display {
  /**
   * Shows a value in the output of the cell: as it would show itself as the last expression, or, where it is an object
   * of MIME types, as those.
   *
   * @param options.id Display id; giving the id of an earlier display with `update` replaces that one. Default: new.
   * @param options.update Whether to replace what has the id. Default: false.
   * @example display({ "text/markdown": "**bold**" })
   */
  (value: unknown, options?: { id?: string; update?: boolean }): DisplayHandle;
  html(code: string): DisplayHandle;
  markdown(text: string): DisplayHandle;
  /** Shows LaTeX; formulas stand between dollars, as in `$E = mc^2$`. */
  latex(text: string): DisplayHandle;
  svg(code: string): DisplayHandle;
  /** Shows an image from the bytes of its file. */
  png(bytes: Uint8Array): DisplayHandle;
  jpeg(bytes: Uint8Array): DisplayHandle;
  gif(bytes: Uint8Array): DisplayHandle;
  pdf(bytes: Uint8Array): DisplayHandle;
  /** Shows a Vega-Lite or Vega specification; which of the two its `$schema` says. Default: Vega-Lite. */
  vega(specification: object): DisplayHandle;
  json(value: unknown): DisplayHandle;
  /** Runs code in the browser. */
  javascript(code: string): DisplayHandle;
}

declare global {
  /** Shows values, with methods for text and bytes of common types. */
  var display: Display;

  /**
   * Takes away what the cell has shown so far.
   *
   * @param options.wait Whether to wait for the next output, so that nothing flickers. Default: false.
   */
  function clearOutput(options?: { wait?: boolean }): void;

  /**
   * Asks the user for a line of text.
   *
   * @param options.password Whether what is typed stays hidden. Default: false.
   */
  function input(prompt?: string, options?: { password?: boolean }): Promise<string>;

  /** As `input`, for code that cannot await: nothing else runs until the answer is there. */
  function inputSync(prompt?: string, options?: { password?: boolean }): string;

  /** What the language session turns magics into; not for cells to call. */
  var photonbook$magics: Magics;
}
