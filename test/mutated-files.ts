import { globSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { FitsError, type Hdu, readFits } from "../src/fits/index.ts";
import type { Rng } from "../src/random/index.ts";
import { readVotable, VotableError, VotableQueryError } from "../src/votable/index.ts";
import { sharedData } from "./shared-data.ts";

/** A file to damage. */
export interface SeedFile {
  readonly name: string;
  readonly kind: "fits" | "votable";
  readonly bytes: Uint8Array;
}

/** The conformance files up to 300 kB, expanded, in the order of their names. */
export function conformanceFiles(): SeedFile[] {
  const root = sharedData("conformance");
  const names = globSync(["fits/*.{fits,fit,ev,gz}", "votable/*.{vot,xml,gz}"], { cwd: root }).sort();
  const files = names.map((name): SeedFile => {
    const raw = readFileSync(sharedData("conformance", name));
    const bytes = new Uint8Array(name.endsWith(".gz") ? gunzipSync(raw) : raw);
    return { name, kind: name.startsWith("fits") ? "fits" : "votable", bytes };
  });
  return files.filter(({ bytes }) => bytes.length <= 300_000);
}

/** A file as it came out of `mutate`: bytes flipped, cut out, repeated or cut off. */
export function mutate(bytes: Uint8Array, rng: Rng): Uint8Array {
  const out = bytes.slice();
  const edits = 1 + rng.integer(8);
  for (let i = 0; i < edits; i++) {
    // Headers decide what the rest means, so half of the edits go there
    const at = rng.integer(rng.uniform() < 0.5 ? Math.min(out.length, 12_000) : out.length);
    out[at] = rng.uniform() < 0.5 ? 48 + rng.integer(10) : rng.integer(256);
  }
  const kind = rng.uniform();
  if (kind < 0.1) return out.subarray(0, rng.integer(out.length));
  if (kind < 0.2) out.copyWithin(rng.integer(out.length), rng.integer(out.length), rng.integer(out.length));
  return out;
}

/**
 * Reads everything a file has: every pixel, column and cell.
 *
 * @returns "read", or the message of the error that names what is wrong.
 * @throws {unknown} What the reader throws that is no error about the file.
 */
export function readAll(bytes: Uint8Array, kind: "fits" | "votable"): string {
  try {
    if (kind === "votable") readVotable(bytes, { name: "mutated" });
    else for (const hdu of readFits(bytes, { name: "mutated" }).hdus) attempt(() => decode(hdu));
    return "read";
  } catch (error) {
    return messageOf(error);
  }
}

function decode(hdu: Hdu): void {
  if (hdu.kind !== "bintable" && hdu.kind !== "table")
    attempt(() => (hdu.header.get("GROUPS") ? hdu.groups() : hdu.pixels()));
  else for (const { index } of hdu.columns) attempt(() => hdu.column(index));
}

/** Goes on after an error about the file: the other columns are read too. */
function attempt(read: () => void): void {
  try {
    read();
  } catch (error) {
    messageOf(error);
  }
}

function messageOf(error: unknown): string {
  if (error instanceof FitsError || error instanceof VotableError || error instanceof VotableQueryError)
    return error.message;
  throw error;
}
