/**
 * The language of the notebook: checks a cell's types against everything the session has declared, rewrites it to run
 * on the session's shared bindings, and answers completion and inspection.
 *
 * @module
 */
export { cellFile } from "./cell-text.ts";
export type { CellError } from "./diagnostics.ts";
export {
  type CellLanguage,
  type LanguageSession,
  type Prepared,
  type SessionOptions,
  startLanguageSession,
} from "./session.ts";
export { isInTry } from "./try-blocks.ts";
