import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { FitsError, readFits } from "../src/fits/index.ts";
import { readBytes } from "../src/io/index.ts";
import { readVotable, VotableError } from "../src/votable/index.ts";
import { fitsDifferences, fitsExtent, type PeerHdu } from "./conformance/fits-verdict.ts";
import { type PeerTable, votableDifferences, votableExtent } from "./conformance/votable-verdict.ts";
import { runPython } from "./python.ts";
import { sharedData } from "./shared-data.ts";

type Peer = { error: string } | { hdus: PeerHdu[] } | { tables: PeerTable[]; notes: string[] };

/** Differences that are meant, with the reason; each must be there. */
const MEANT: Record<string, { difference: string; reason: string }> = {
  "fits/issue49test.fits": {
    difference: "HDU 0: card FILTER = null instead of FILTER =  ='0,0,0,0",
    reason: "FILTER has no value of the standard's forms, so ours is none; astropy takes the text",
  },
  "fits/testprog.std": {
    difference: 'HDU 4: column "Xvalue": astropy says ValueError: could not broadcast input array from shape (22,8,2)',
    reason: "astropy cannot read column Xvalue of HDU 4, bits with a TDIM",
  },
  "votable/no_field_not_empty_table.xml": {
    difference: "table 0: 3 rows instead of 0",
    reason: "its three rows without a cell are counted; astropy counts none",
  },
};

const DOCUMENT = resolve(import.meta.dirname, "conformance/README.md");
const names = ["fits", "votable"].flatMap((folder) =>
  readdirSync(sharedData("conformance", folder))
    .sort()
    .map((file) => `${folder}/${file}`),
);

/** What became of a file: how much agreed, or why it is rejected. */
async function verdictOf(name: string, peer: Peer): Promise<{ verdict: string; differences: string[] }> {
  const isFits = name.startsWith("fits/");
  const theirs = "error" in peer ? `astropy, too: ${peer.error}` : "astropy reads it";
  let bytes: Uint8Array;
  let extent: string;
  try {
    bytes = await readBytes(sharedData("conformance", name));
    extent = isFits ? fitsExtent(readFits(bytes)) : votableExtent(readVotable(bytes));
  } catch (error) {
    if (!(error instanceof FitsError || error instanceof VotableError)) throw error;
    const reason = error.message.replace(/^Cannot read (FITS file|VOTable) "<bytes>"( \(HDU 0\))?: /, "");
    return { verdict: `rejected: ${reason} (${theirs})`, differences: [] };
  }
  if ("error" in peer) return { verdict: "", differences: [`astropy cannot read it: ${peer.error}`] };
  const notes = "notes" in peer ? peer.notes.map((note) => `; compared ${note}`) : [];
  const all = "hdus" in peer ? fitsDifferences(bytes, peer.hdus) : votableDifferences(bytes, peer.tables);
  const meant = MEANT[name];
  const differences = all.filter((difference) => !meant || !difference.startsWith(meant.difference));
  if (meant && differences.length === all.length) differences.push(`no difference "${meant.difference}"`);
  return { verdict: `agrees: ${extent}${notes.join("")}${meant ? `; but ${meant.reason}` : ""}`, differences };
}

function documentOf(verdicts: ReadonlyMap<string, string>): string {
  const count = (word: string) => [...verdicts.values()].filter((verdict) => verdict.startsWith(word)).length;
  const rows = [...verdicts].map(([name, verdict]) => `| ${name} | ${verdict.replaceAll("|", "\\|")} |`);
  return `# Conformance

Written by \`test/conformance.test.ts\`, which fails where a line no longer holds; delete the file and run it to write it
anew. "Agrees": header values, units, UCDs, nulls, shapes and every value are those that astropy 8.0.2 reads, to the
last bit (\`astropy_peer.py\`). ${count("agrees")} of ${verdicts.size} files agree, ${count("rejected")} are rejected, none is read otherwise.

| file | verdict |
| --- | --- |
${rows.join("\n")}
`;
}

describe("conformance files", () => {
  const verdicts = new Map<string, { verdict: string; differences: string[] }>();

  beforeAll(async () => {
    const script = resolve(import.meta.dirname, "conformance/astropy_peer.py");
    const paths = names.map((name) => sharedData("conformance", name));
    const peers = JSON.parse(runPython(script, ...paths)) as Peer[];
    for (const [i, name] of names.entries()) verdicts.set(name, await verdictOf(name, peers[i]!));
  });

  it.each(names)("%s is read as astropy reads it, or rejected", (name) => {
    expect(verdicts.get(name)?.differences).toEqual([]);
  });

  it("have the verdicts of the committed table", () => {
    const document = documentOf(new Map([...verdicts].map(([name, { verdict }]) => [name, verdict])));
    if (!existsSync(DOCUMENT)) writeFileSync(DOCUMENT, document);
    expect(readFileSync(DOCUMENT, "utf8")).toBe(document);
  });
});
