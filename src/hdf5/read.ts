import type { Dataset, Group, File as H5File } from "h5wasm";
import { knownNames } from "../array/index.ts";
import { Catalog, CatalogError, type ColumnFields } from "../catalog/index.ts";
import { columnOfDataset } from "./column-of-dataset.ts";

/** What is read of an HDF5 file. */
export interface Hdf5Options {
  /** What the catalogue and errors are called. Default "<hdf5>". */
  readonly name?: string;
  /** Path of the group whose datasets are the columns, such as "spectra/train". Default: the root. */
  readonly group?: string;
  /** Columns to read, in this order. Default all. */
  readonly columns?: readonly string[];
}

/** How an HDF5 file starts, where no user block precedes it. */
export const HDF5_START: readonly number[] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Reads datasets of a group that are equally long as the columns of a catalogue.
 *
 * Numbers keep their width, 64-bit integers are doubles while all are safe; texts lose padding; h5py's logicals, lists
 * and further axes (as an array per row) are read too. Units, UCDs and descriptions come from the attributes `unit`,
 * `ucd` and `description` of a dataset. The library that decodes HDF5 loads on first use.
 *
 * @throws {CatalogError} If it is no whole HDF5 file, has no such group or column, datasets of different lengths, or
 * values that a catalogue does not hold.
 * @see https://www.hdfgroup.org/solutions/hdf5/
 */
export async function catalogFromHdf5(bytes: Uint8Array, options: Hdf5Options = {}): Promise<Catalog> {
  const name = options.name ?? "<hdf5>";
  const { File, ready } = await import("h5wasm");
  const { FS, activate_throwing_error_handler } = await ready;
  activate_throwing_error_handler();
  const path = "/catalogue.h5";
  FS.writeFile(path, bytes);
  try {
    const file = attempt(name, () => new File(path, "r"));
    try {
      return readGroup(file, { ...options, name });
    } finally {
      file.close();
    }
  } finally {
    FS.unlink(path);
  }
}

function readGroup(file: H5File, options: Hdf5Options & { readonly name: string }): Catalog {
  const { name } = options;
  const group = groupAt(file, options.group ?? "/", name);
  const { datasets, others } = membersOf(group);
  const names = options.columns ?? [...datasets.keys()];
  if (names.length === 0) {
    throw new CatalogError(
      name,
      `group "${group.path}" must have datasets: it has ${others.length > 0 ? `only ${list(others)}` : "nothing"}`,
    );
  }
  const chosen = names.map((column) => {
    const dataset = datasets.get(column);
    if (dataset) return { column, dataset };
    throw new CatalogError(name, `there must be a column "${column}"${knownNames(column, [...datasets.keys()])}`);
  });
  checkLengths(chosen, name);
  const fields = chosen.map(
    ({ column, dataset }): ColumnFields =>
      attempt(name, () => ({
        name: column,
        ...notesOf(dataset),
        data: columnOfDataset(dataset, { file: name, column }),
      })),
  );
  const notes = others.length > 0 ? [`not read: ${list(others)}`] : [];
  return new Catalog(fields, { name, notes });
}

function groupAt(file: H5File, path: string, name: string): Group {
  const found = path === "/" ? file : file.get(path);
  if (found && "keys" in found) return found;
  throw new CatalogError(name, `there must be a group "${path}": the root has ${list(file.keys())}`);
}

/** The datasets of a group by name, without single values, and the names of what else is there. */
function membersOf(group: Group): { datasets: Map<string, Dataset>; others: string[] } {
  const datasets = new Map<string, Dataset>();
  const others: string[] = [];
  for (const key of group.keys()) {
    const member = group.get(key);
    if (member && "slice" in member && member.shape?.length) datasets.set(key, member);
    else others.push(`${key}${member && "keys" in member ? "/" : ""}`);
  }
  return { datasets, others };
}

function checkLengths(chosen: readonly { column: string; dataset: Dataset }[], name: string): void {
  const lengths = chosen.map(({ dataset }) => dataset.shape?.[0]);
  const odd = lengths.findIndex((length) => length !== lengths[0]);
  if (odd < 0) return;
  throw new CatalogError(
    name,
    `datasets must be equally long to be columns (those that are can be given as columns): "${chosen[0]!.column}" has ${lengths[0]}, "${chosen[odd]!.column}" ${lengths[odd]}`,
  );
}

/** Unit, UCD and description of a dataset, where it has them as texts. */
function notesOf(dataset: Dataset): Omit<ColumnFields, "name" | "data"> {
  const { attrs } = dataset;
  const text = (key: string) => {
    const value = attrs[key]?.value;
    return typeof value === "string" && value !== "" ? { [key]: value } : {};
  };
  return { ...text("unit"), ...text("ucd"), ...text("description") };
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((each) => `"${each}"`);
  return `${shown.join(", ")}${names.length > 20 ? ", …" : ""}`;
}

/** Runs a step of reading; what libhdf5 complains of becomes an error in our words, with its innermost reason. */
function attempt<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof CatalogError) throw cause;
    throw new CatalogError(name, `it must be a whole HDF5 file: ${reasonOf((cause as Error).message)}`, { cause });
  }
}

/** The last entry of libhdf5's error stack, which is the innermost; other texts as they are. */
function reasonOf(stack: string): string {
  const entries = stack.split("\n").filter((line) => /^ {2}#\d+: /.test(line));
  return entries.at(-1)?.replace(/^.*\(\): /, "") ?? stack;
}
