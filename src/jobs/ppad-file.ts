import { readFile } from "node:fs/promises";
import { fileProblem } from "../disk/index.ts";
import { type PpadModel, readPpad, writePpad } from "../ppad/index.ts";
import { saveWhole } from "./save-whole.ts";

/**
 * Saves a model to a file, which appears when it is whole.
 *
 * @param options.optimizer Whether to keep what training needs to go on; it triples the size. Default true.
 * @returns The path.
 * @throws {Error} If the file cannot be written.
 */
export async function savePpad(
  model: PpadModel,
  path: string,
  options: { readonly optimizer?: boolean } = {},
): Promise<string> {
  saveWhole(path, writePpad(model, options), "model");
  return path;
}

/**
 * Loads a model, or the checkpoint of a run, from a file.
 *
 * @throws {Error} If the file cannot be read.
 * @throws {SyntaxError} If it is not a PPAD model.
 */
export async function loadPpad(path: string): Promise<PpadModel> {
  const bytes = await readFile(path).catch((cause) => {
    throw new Error(`Cannot load model "${path}": ${fileProblem(cause, path, "read")}`, { cause });
  });
  return readPpad(bytes);
}
