/** Seeded input files of the data benchmark, made once and kept in a folder. */
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Catalog, type ColumnFields, votableFromCatalog } from "../../../src/catalog/index.ts";
import { parquetFromCatalog } from "../../../src/columnar/index.ts";
import { type ColumnSpec, writeFits } from "../../../src/fits/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { writeVotable } from "../../../src/votable/index.ts";

type Numbers = Int16Array | Int32Array | Float32Array | Float64Array;

/** Values that are drawn; longer columns repeat them. */
const DRAWN = 2 ** 18;

/** Fills an array with evenly distributed values below a limit. */
function drawn<T extends Numbers>(rng: Rng, out: T, below: number): T {
  const n = Math.min(out.length, DRAWN);
  for (let i = 0; i < n; i++) out[i] = below * rng.uniform();
  for (let i = n; i < out.length; i += n) out.copyWithin(i, 0, Math.min(n, out.length - i));
  return out;
}

/** Chandra's event columns; 42 bytes a row. */
function eventTable(rows: number): Uint8Array {
  const rng = new Rng(1);
  const short = (below: number) => drawn(rng, new Int16Array(rows), below);
  const int = (below: number) => drawn(rng, new Int32Array(rows), below);
  const real = (below: number) => drawn(rng, new Float32Array(rows), below);
  const columns: ColumnSpec[] = [
    { name: "time", unit: "s", data: drawn(rng, new Float64Array(rows), 1e8) },
    { name: "ccd_id", data: short(10) },
    { name: "node_id", data: short(4) },
    { name: "expno", data: int(1e5) },
    { name: "chipx", data: short(1024) },
    { name: "chipy", data: short(1024) },
    { name: "x", data: real(8192) },
    { name: "y", data: real(8192) },
    { name: "pha", data: int(4096) },
    { name: "energy", unit: "eV", data: real(12_000) },
    { name: "pi", data: int(1024) },
    { name: "grade", data: short(7) },
  ];
  return writeFits([{ name: "EVENTS", columns }]);
}

/** 250 columns of reals, as source catalogues have; 1.2 kB a row. */
function wideCatalogue(rows: number): Uint8Array {
  const rng = new Rng(2);
  const columns = Array.from({ length: 250 }, (_, i): ColumnSpec => {
    const data = i % 4 === 0 ? drawn(rng, new Float64Array(rows), 360) : drawn(rng, new Float32Array(rows), 1000);
    return { name: `column_${i}`, unit: "deg", data };
  });
  return writeFits([{ name: "SOURCES", columns }]);
}

/** 20 columns of every kind that catalogues have, with missing values. */
function sourceCatalogue(rows: number): Catalog {
  const rng = new Rng(3);
  const real = (below: number) =>
    Float64Array.from({ length: rows }, () => (rng.uniform() < 0.05 ? Number.NaN : below * rng.uniform()));
  const columns: ColumnFields[] = [
    { name: "name", data: Array.from({ length: rows }, (_, i) => `2CXO J${String(i).padStart(6, "0")}.${i % 10}`) },
    { name: "ra", unit: "deg", ucd: "pos.eq.ra;meta.main", data: drawn(rng, new Float64Array(rows), 360) },
    { name: "dec", unit: "deg", ucd: "pos.eq.dec;meta.main", data: drawn(rng, new Float64Array(rows), 90) },
    { name: "significance", data: real(20) },
    ...Array.from({ length: 8 }, (_, i) => ({ name: `flux_${i}`, unit: "mW/m2", data: real(1e-12) })),
    ...Array.from({ length: 4 }, (_, i) => ({ name: `rate_${i}`, data: drawn(rng, new Float32Array(rows), 1) })),
    ...Array.from({ length: 3 }, (_, i) => ({ name: `counts_${i}`, data: drawn(rng, new Int32Array(rows), 1e5) })),
    { name: "variable", data: Array.from({ length: rows }, () => rng.uniform() < 0.1) },
  ];
  return new Catalog(columns, { name: "sources" });
}

/** Two lists of positions over the sky as one file of doubles: the lengths, then ra, dec of each; half are the same. */
function positions(left: number, right: number): Uint8Array {
  const rng = new Rng(4);
  const sky = (n: number) => ({
    ra: Float64Array.from({ length: n }, () => 360 * rng.uniform()),
    dec: Float64Array.from({ length: n }, () => (Math.asin(2 * rng.uniform() - 1) * 180) / Math.PI),
  });
  const [a, b] = [sky(left), sky(right)];
  const near = (value: number) => value + (rng.uniform() - 0.5) / 3600;
  for (let i = 0; i < left; i += 2) {
    a.ra[i] = near(b.ra[2 * i] as number) % 360;
    a.dec[i] = Math.max(-90, Math.min(90, near(b.dec[2 * i] as number)));
  }
  return bytesOf([Float64Array.of(left, right), a.ra, a.dec, b.ra, b.dec]);
}

/** Photons of sources within 30 ks, 10 to 1000 each, every fourth with a flare: numbers of photons, then times. */
function photonLists(sources: number): Uint8Array {
  const rng = new Rng(5);
  const lists = Array.from({ length: sources }, (_, source) => {
    const times = new Float64Array(Math.round(10 ** (1 + 2 * rng.uniform())));
    const flare = 30_000 * rng.uniform();
    for (let i = 0; i < times.length; i++) {
      const inFlare = source % 4 === 0 && rng.uniform() < 0.3;
      times[i] = inFlare ? Math.min(29_999, flare + 500 * rng.uniform()) : 30_000 * rng.uniform();
    }
    return times.sort();
  });
  const counts = Float64Array.from(lists, (list) => list.length);
  return bytesOf([Float64Array.of(sources), counts, ...lists]);
}

function bytesOf(parts: readonly Float64Array[]): Uint8Array {
  return Buffer.concat(parts.map((part) => new Uint8Array(part.buffer)));
}

/** What each file is made by. */
const FILES: Readonly<Record<string, () => Uint8Array | Promise<Uint8Array>>> = {
  "events.fits": () => eventTable(23_800_000),
  "wide.fits": () => wideCatalogue(400_000),
  "binary2.vot": () => writeVotable(votableFromCatalog(sourceCatalogue(100_000))),
  "tabledata.vot": () => writeVotable(votableFromCatalog(sourceCatalogue(100_000)), { serialization: "TABLEDATA" }),
  "sources.parquet": () => parquetFromCatalog(sourceCatalogue(1_300_000)),
  "positions.bin": () => positions(400_000, 1_000_000),
  "photons.bin": () => photonLists(10_000),
};

/** Path of a file, which is made where it is not there. */
export async function inputFile(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const make = FILES[name];
  if (!make) throw new RangeError(`Cannot make "${name}": the name must be one of ${Object.keys(FILES).join(", ")}`);
  if (!existsSync(path)) {
    writeFileSync(`${path}.part`, await make());
    renameSync(`${path}.part`, path);
  }
  return path;
}
