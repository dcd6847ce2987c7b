/**
 * All columns of an event table (2·10⁶ photons, 12 columns) from a file in the page cache to native arrays: ours
 * beside astropy in the same run; best of five each, after a warm-up. The sums show that both read the same.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type BinaryTable, readFits, writeFits } from "../../src/fits/index.ts";
import { Rng } from "../../src/random/index.ts";

const python = process.env.PHOTONBOOK_PEERS_PYTHON ?? "python3";
const REPEATS = 5;
const cases = [{ figure: "events-2e6x12", rows: 2_000_000 }];

/** An event table with Chandra's columns and random values. */
function eventTable(rows: number): Uint8Array {
  const rng = new Rng(1);
  const fill = <T extends Int16Array | Int32Array | Float32Array | Float64Array>(out: T, below: number): T => {
    for (let i = 0; i < rows; i++) out[i] = rng.uniform() * below;
    return out;
  };
  const short = () => new Int16Array(rows);
  const columns = [
    { name: "time", unit: "s", data: fill(new Float64Array(rows), 1e8) },
    { name: "ccd_id", data: fill(short(), 10) },
    { name: "node_id", data: fill(short(), 4) },
    { name: "expno", data: fill(new Int32Array(rows), 1e5) },
    { name: "chipx", data: fill(short(), 1024) },
    { name: "chipy", data: fill(short(), 1024) },
    { name: "x", data: fill(new Float32Array(rows), 8192) },
    { name: "y", data: fill(new Float32Array(rows), 8192) },
    { name: "pha", data: fill(new Int32Array(rows), 4096) },
    { name: "energy", unit: "eV", data: fill(new Float32Array(rows), 12_000) },
    { name: "pi", data: fill(new Int32Array(rows), 1024) },
    { name: "grade", data: fill(short(), 7) },
  ];
  return writeFits([{ name: "EVENTS", columns }]);
}

function ours(path: string): { seconds: number; sum: number } {
  let seconds = Number.POSITIVE_INFINITY;
  let columns: ReturnType<BinaryTable["read"]> = [];
  for (let attempt = 0; attempt <= REPEATS; attempt++) {
    const began = performance.now();
    columns = (readFits(readFileSync(path)).table("EVENTS") as BinaryTable).read();
    if (attempt > 0) seconds = Math.min(seconds, (performance.now() - began) / 1000);
  }
  const sum = columns.reduce(
    (total, { data }) => total + (data as Float64Array).reduce((partial, value) => partial + value, 0),
    0,
  );
  return { seconds, sum };
}

const folder = mkdtempSync(join(tmpdir(), "photonbook-fits-"));
try {
  for (const { figure, rows } of cases) {
    const path = join(folder, `${figure}.fits`);
    writeFileSync(path, eventTable(rows));
    const mine = ours(path);
    const script = resolve(import.meta.dirname, "../peers/fits_read.py");
    const peer = JSON.parse(execFileSync(python, [script, path, String(REPEATS)], { encoding: "utf8" })) as typeof mine;
    if (Math.abs(mine.sum - peer.sum) > 1e-9 * Math.abs(peer.sum)) {
      throw new Error(`fits-read: the sums must agree: ours is ${mine.sum}, astropy's ${peer.sum}`);
    }
    console.log(
      `bench fits-read figure=${figure} ours=${mine.seconds.toFixed(4)} peer=${peer.seconds.toFixed(4)} peer_name=astropy unit=s ratio=${(mine.seconds / peer.seconds).toFixed(3)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
