import { hduName } from "./fits-file.ts";
import { parseHeader } from "./header.ts";
import { dataBytes } from "./layout.ts";
import { sumWords } from "./write-checksum.ts";

/** How a checksum of the header compares with the bytes; "absent" where the header has none. */
export type ChecksumVerdict = "agrees" | "differs" | "absent";

/** The checksums of one HDU. */
export interface HduChecksums {
  readonly index: number;
  readonly name: string;
  /** DATASUM, over the data unit. */
  readonly dataSum: ChecksumVerdict;
  /** CHECKSUM, over the whole HDU. */
  readonly checksum: ChecksumVerdict;
}

/**
 * Compares DATASUM and CHECKSUM of every HDU with the bytes. Missing padding after the last HDU counts as zeros.
 *
 * @param bytes The whole file, expanded.
 * @param options.name What errors call the file. Default "<bytes>".
 * @throws {FitsError} If a header cannot be read or the file ends inside a data unit.
 * @see FITS standard 4.0, section 4.4.2.7 and appendix J
 */
export function verifyChecksums(bytes: Uint8Array, options: { name?: string } = {}): HduChecksums[] {
  const file = options.name ?? "<bytes>";
  const verdicts: HduChecksums[] = [];
  for (let at = 0; at < bytes.length; ) {
    const index = verdicts.length;
    const { header, end: dataStart } = parseHeader(bytes, at, { file, hdu: index });
    const size = dataBytes(header);
    if (dataStart + size > bytes.length)
      throw header.error("NAXIS", "promises more data than the file has (truncated)");
    const end = dataStart + Math.ceil(size / 2880) * 2880;
    const sum = (from: number) => sumWords(wholeWords(bytes.subarray(from, end)));
    const written = String(header.get("DATASUM") ?? "").trim();
    verdicts.push({
      index,
      name: hduName(header, index),
      dataSum: written === "" ? "absent" : Number(written) === sum(dataStart) ? "agrees" : "differs",
      checksum: verdictOf(header.get("CHECKSUM"), () => sum(at)),
    });
    at = end;
    if (bytes[at] !== 0x58) break; // no XTENSION follows
  }
  return verdicts;
}

/** An HDU whose CHECKSUM is right sums to minus zero. */
function verdictOf(checksum: unknown, sum: () => number): ChecksumVerdict {
  if (typeof checksum !== "string" || checksum.trim() === "") return "absent";
  return sum() === 0xffffffff ? "agrees" : "differs";
}

function wholeWords(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 4 === 0) return bytes;
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  return padded;
}
