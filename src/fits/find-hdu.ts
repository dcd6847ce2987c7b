import { FitsError } from "./error.ts";
import type { Header } from "./header.ts";

/** What an HDU is called by. */
interface Named {
  readonly index: number;
  readonly name: string;
}

/** An HDU by index or EXTNAME (case does not count; the first of that name), or undefined. */
export function findHdu<T extends Named>(hdus: readonly T[], nameOrIndex: string | number): T | undefined {
  if (typeof nameOrIndex === "number") return hdus[nameOrIndex];
  const name = nameOrIndex.trim().toUpperCase();
  return hdus.find((hdu) => hdu.name.toUpperCase() === name);
}

/** The same, where there must be one. */
export function requireHdu<T extends Named>(file: string, hdus: readonly T[], nameOrIndex: string | number): T {
  const found = findHdu(hdus, nameOrIndex);
  if (found) return found;
  const known = hdus.map(({ index, name }) => `${index} "${name}"`).join(", ");
  throw new FitsError({ file }, `the file has no HDU ${JSON.stringify(nameOrIndex)}: it has ${known}`);
}

/** The error about an HDU that is no table. */
export function noTable({ kind, header }: { readonly kind: string; readonly header: Header }): FitsError {
  return header.error("XTENSION", `must be "BINTABLE" or "TABLE" to read rows from this HDU: it is of kind "${kind}"`);
}
