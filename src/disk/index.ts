/**
 * Files on this machine: writing them, and saying why one cannot be read or written.
 *
 * @module
 */
export { fileProblem } from "./file-problem.ts";
export { saveFile } from "./save-file.ts";
