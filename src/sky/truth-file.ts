import { type FitsFile, readFits, writeFits } from "../fits/index.ts";
import type { Profile } from "./profile.ts";
import type { Component, SkySource, SourceKind, SourceTruth, SpectralShape } from "./source.ts";
import type { BandFractions, Spectrum } from "./spectrum.ts";
import { columnMaker } from "./table-columns.ts";

const PROFILE_FIELDS = {
  constant: [],
  flare: ["peakSec", "riseSec", "decaySec"],
  burst: ["centreSec", "sigmaSec"],
  sinusoid: ["zeroSec", "periodSec", "depth"],
  pulse: ["zeroSec", "periodSec", "kappa"],
  eclipse: ["zeroSec", "periodSec", "widthSec", "flankSec", "depth"],
} as const satisfies Record<Profile["kind"], readonly string[]>;

/**
 * The truth about a simulated sky, apart from what an observer gets: SOURCES (one row per source, in the order of the
 * master table) and COMPONENTS, from which `trueRate` follows. PAR1–PAR5 of a profile are in the order of its fields.
 */
export function writeTruth(sources: readonly SkySource[]): Uint8Array<ArrayBuffer> {
  const of = columnMaker(sources);
  const components = sources.flatMap((source, row) => source.components.map((component) => ({ row, ...component })));
  const to = columnMaker(components);
  const parameter = (index: number) => (component: { profile: Profile }) => {
    const field = PROFILE_FIELDS[component.profile.kind][index];
    return field ? (component.profile as unknown as Record<string, number>)[field]! : Number.NaN;
  };
  const shape = ({ spectrum }: { spectrum: Spectrum }) => (spectrum.shape === "powerlaw" ? spectrum.gamma : Number.NaN);
  const kT = ({ spectrum }: { spectrum: Spectrum }) => (spectrum.shape === "powerlaw" ? Number.NaN : spectrum.kT);
  return writeFits(
    [
      {
        name: "SOURCES",
        header: [["CREATOR", "photonbook simulateSky"]],
        columns: [
          of.text("name", ({ name }) => name),
          of.text("kind", ({ kind }) => kind),
          of.text("shape", (source) => source.shape),
          of.double("origin", ({ originSec }) => originSec, "s"),
          of.double("counts", ({ expectedCounts }) => expectedCounts, "count"),
          of.double("period", ({ periodSec }) => periodSec, "s"),
          of.double("event", ({ eventSec }) => eventSec, "s"),
          of.double("nh", ({ nH }) => nH, "cm**(-2)"),
          of.double("bkg_rate", ({ backgroundRate }) => backgroundRate, "count/s"),
          ...(["s", "m", "h", "file"] as const).map((band) =>
            of.double(`bkg_frac_${band}`, ({ backgroundFractions }) => backgroundFractions[band]),
          ),
        ],
      },
      {
        name: "COMPONENTS",
        columns: [
          to.integer("source", ({ row }) => row + 1),
          to.text("profile", ({ profile }) => profile.kind),
          ...[0, 1, 2, 3, 4].map((index) => to.double(`par${index + 1}`, parameter(index))),
          to.double("rate", ({ rate }) => rate, "count/s"),
          ...(["s", "m", "h", "file"] as const).map((band) =>
            to.double(`frac_${band}`, ({ fractions }) => fractions[band]),
          ),
          to.text("spectrum", ({ spectrum }) => spectrum.shape),
          to.double("gamma", shape),
          to.double("kt", kT, "keV"),
          to.double("nh", ({ spectrum }) => spectrum.nH, "cm**(-2)"),
        ],
      },
    ],
    { checksum: true },
  );
}

/** Reads what `writeTruth` wrote: kind, spectral shape and parameters of every source, ready for `trueRate`. */
export function readTruth(bytes: Uint8Array, options: { readonly name?: string } = {}): SourceTruth[] {
  const file = readFits(bytes, options);
  const text = columnReader<string>(file, "SOURCES");
  const number = columnReader<number>(file, "SOURCES");
  const components = readComponents(file);
  return Array.from(text("name"), (name, row) => ({
    name,
    kind: text("kind")[row] as SourceKind,
    shape: text("shape")[row] as SpectralShape,
    originSec: number("origin")[row]!,
    components: components.get(row + 1) ?? [],
    backgroundRate: number("bkg_rate")[row]!,
    backgroundFractions: fractionsAt(number, "bkg_frac", row),
    expectedCounts: number("counts")[row]!,
    periodSec: number("period")[row]!,
    eventSec: number("event")[row]!,
  }));
}

function readComponents(file: FitsFile): Map<number, Component[]> {
  const number = columnReader<number>(file, "COMPONENTS");
  const kinds = columnReader<string>(file, "COMPONENTS")("profile") as ArrayLike<Profile["kind"]>;
  const components = new Map<number, Component[]>();
  for (const [row, kind] of Array.from(kinds).entries()) {
    const fields = PROFILE_FIELDS[kind].map((field, index) => [field, number(`par${index + 1}`)[row]!]);
    const profile = { kind, ...Object.fromEntries(fields) } as Profile;
    const source = number("source")[row]!;
    const list = components.get(source) ?? [];
    list.push({ profile, rate: number("rate")[row]!, fractions: fractionsAt(number, "frac", row) });
    components.set(source, list);
  }
  return components;
}

type Reader<T> = (name: string) => ArrayLike<T>;

/** Reads each column of a table once. */
function columnReader<T>(file: FitsFile, hdu: string): Reader<T> {
  const table = file.table(hdu);
  const read = new Map<string, ArrayLike<T>>();
  return (name) => {
    const data = read.get(name) ?? (table.column(name).data as unknown as ArrayLike<T>);
    read.set(name, data);
    return data;
  };
}

function fractionsAt(number: Reader<number>, stem: string, row: number): BandFractions {
  const of = (band: string) => number(`${stem}_${band}`)[row]!;
  return { s: of("s"), m: of("m"), h: of("h"), b: 1, file: of("file") };
}
