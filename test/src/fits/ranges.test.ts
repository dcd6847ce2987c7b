import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RangedFits, readFits, writeFits } from "../../../src/fits/index.ts";
import { loadCatalog, openFits } from "../../../src/io/index.ts";
import { sharedData } from "../../shared-data.ts";

const folder = mkdtempSync(join(tmpdir(), "photonbook-ranges-"));
const path = join(folder, "events.fits");
const rows = 100_000;
const written = {
  time: Float64Array.from({ length: rows }, (_, i) => 1e8 + 0.1 * i),
  pi: Int16Array.from({ length: rows }, (_, i) => (7 * i) % 1024),
  name: Array.from({ length: rows }, (_, i) => `photon ${i}`),
};
const columns = Object.entries(written).map(([name, data]) => ({ name, data }));
writeFileSync(path, writeFits([{ name: "EVENTS", columns, header: [["LONG", "x".repeat(60_000)]] }]));
const whole = new Uint8Array(readFileSync(path));

let requests: string[] = [];
let version = '"1"';
let server: Server;
let base: string;

const replies: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  "/events.fits": (request, response) => {
    const [, from = 0, to = 0] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "")?.map(Number) ?? [];
    const changed = request.headers["if-range"] !== undefined && request.headers["if-range"] !== version;
    if (changed) response.writeHead(200, { etag: version }).end(whole);
    else {
      const part = whole.subarray(from, to + 1);
      const range = `bytes ${from}-${from + part.length - 1}/${whole.length}`;
      response.writeHead(206, { etag: version, "content-range": range }).end(part);
    }
  },
  "/no-ranges.fits": (_, response) => response.writeHead(200).end(whole),
  "/short.fits": (_, response) =>
    response.writeHead(206, { "content-range": `bytes 0-99/${whole.length}` }).end(whole.subarray(0, 100)),
};

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request.headers.range ?? "");
    replies[request.url as string]?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  requests = [];
  version = '"1"';
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** Real files with every kind of column: bits, logicals, strings, vectors, variable-length arrays, ASCII tables. */
const FILES = [
  "conformance/fits/testprog.std",
  "conformance/fits/ascii.fits",
  "spectra/acis_4274_pks0537_piled/qso.wrmf",
  "events/chandra_755/755_7_evt2_05_8keV.fits",
];

async function differences(file: RangedFits, name: string): Promise<string[]> {
  const expected = readFits(new Uint8Array(readFileSync(sharedData(name))), { name });
  expect(file.hdus.map(({ name, kind }) => [name, kind])).toEqual(expected.hdus.map(({ name, kind }) => [name, kind]));
  const out: string[] = [];
  for (const table of file.tables) {
    const same = expected.table(table.index);
    for (const [i, column] of (await table.read()).entries()) {
      try {
        expect(column).toEqual(same.column(i));
      } catch {
        out.push(`HDU ${table.index} ${column.name}`);
      }
    }
  }
  return out;
}

describe("openFits()", () => {
  it.each(FILES)("reads from %s what readFits() reads", async (name) => {
    expect(await differences(await openFits(sharedData(name)), name)).toEqual([]);
  });

  it("reads rows of chosen columns, over the borders of blocks", async () => {
    const table = (await openFits(path)).table("events");
    const [name, time] = await table.read(["name", "TIME"], { rows: [20_000, 70_000] });
    expect(name?.data).toEqual(written.name.slice(20_000, 70_000));
    expect(time?.data).toEqual(written.time.slice(20_000, 70_000));
    expect(await table.read(["pi"], { rows: [5, 5] })).toMatchObject([{ data: new Int16Array() }]);
  });

  it("loads an HDU as readFits() has it", async () => {
    const name = sharedData("conformance/fits/testprog.std");
    const image = await (await openFits(name)).load(0);
    const expected = readFits(new Uint8Array(readFileSync(name))).hdu(0);
    expect(image.kind === "primary" && image.pixels()).toEqual(expected.kind === "primary" && expected.pixels());
  });

  it("shows itself as a list of its HDUs", async () => {
    const shown = (await openFits(path))[Symbol.for("Jupyter.display") as never] as unknown as () => Record<
      string,
      string
    >;
    expect(shown).toBeTypeOf("function");
    const file = await openFits(path);
    const { "text/plain": text, "text/html": html } = shown.call(file);
    expect(text).toContain('1 "EVENTS" bintable 100,000 rows × 3 columns');
    expect(html).toContain("time, pi, name");
  });

  it("says how far it is, and stops when asked", async () => {
    const table = (await openFits(path)).table("EVENTS");
    const shares: number[] = [];
    await table.read(undefined, { onProgress: (done) => shares.push(done) });
    expect(shares.length).toBeGreaterThan(1);
    expect(shares.every((share, i) => share > (shares[i - 1] ?? 0))).toBe(true);
    expect(shares.at(-1)).toBe(1);
    const stop = new AbortController();
    const stopped: number[] = [];
    const onProgress = (done: number) => {
      stopped.push(done);
      stop.abort(new Error("enough"));
    };
    await expect(table.read(undefined, { onProgress, signal: stop.signal })).rejects.toThrow("enough");
    expect(stopped).toEqual([shares[0]]);
  });

  it("gives others their turn while it copies a file out of the page cache", async () => {
    const large = join(folder, "large.fits");
    writeFileSync(large, writeFits([{ name: "EVENTS", columns: [{ name: "time", data: new Float64Array(2 ** 23) }] }]));
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("the timer's turn")));
    const reading = (await openFits(large)).table("EVENTS").read(undefined, { signal: stop.signal });
    await expect(reading).rejects.toThrow("the timer's turn");
  });

  it("refuses rows and columns that are not there, compressed files, and none", async () => {
    const file = await openFits(path);
    await expect(file.table("EVENTS").read(undefined, { rows: [0, rows + 1] })).rejects.toThrow(
      "rows must be [from, to] with 0 <= from <= to <= 100000: current value is [0, 100001]",
    );
    await expect(file.table("EVENTS").read(["x"])).rejects.toThrow('the table has no column "x"');
    expect(() => file.table(0)).toThrow('must be "BINTABLE" or "TABLE"');
    expect(() => file.hdu("GTI")).toThrow('the file has no HDU "GTI": it has 0 "PRIMARY", 1 "EVENTS"');
    await expect(openFits(sharedData("events/stingray/xte_test.evt.gz"))).rejects.toThrow(
      "they are compressed with gzip and must be expanded first",
    );
    await expect(openFits(join(folder, "none.fits"))).rejects.toThrow("there is no such file");
  });

  it("refuses a file that changed since it was opened, and one that ends too early", async () => {
    const changing = join(folder, "changing.fits");
    writeFileSync(changing, whole);
    const file = await openFits(changing);
    writeFileSync(changing, whole.subarray(0, -2880));
    await expect(file.table("EVENTS").read()).rejects.toThrow("it has changed since");
    await expect(openFits(changing)).rejects.toThrow("(truncated)");
  });

  it("reads rows of a file on the web with few requests for few bytes", async () => {
    const file = await openFits(`${base}/events.fits`);
    const [time] = await file.table("EVENTS").read(["time"], { rows: [99_990, 100_000] });
    expect(time?.data).toEqual(written.time.slice(99_990));
    const bytes = requests.reduce((sum, range) => {
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec(range) as unknown as [string, number, number];
      return sum + Number(to) - Number(from) + 1;
    }, 0);
    expect(requests.length).toBeLessThanOrEqual(4);
    expect(bytes).toBeLessThan(whole.length / 5);
  });

  it("says why a server will not do: no ranges, a changed file, half a range", async () => {
    const file = await openFits(`${base}/events.fits`);
    version = '"2"';
    await expect(file.table("EVENTS").read()).rejects.toThrow("it has changed since it was opened");
    await expect(openFits(`${base}/no-ranges.fits`)).rejects.toThrow(
      "the server must answer them with 206: it answers 200 (download the file instead",
    );
    await expect(openFits(`${base}/short.fits`)).rejects.toThrow("must be answered whole: 100 bytes");
  });
});

describe("loadCatalog()", () => {
  it("takes the columns wanted of a FITS file, and says which table", async () => {
    const catalog = await loadCatalog(path, { columns: ["pi", "name"] });
    expect(catalog.columns.map(({ name }) => name)).toEqual(["pi", "name"]);
    expect(catalog.numbers("pi")).toEqual(Float64Array.from(written.pi));
    expect(catalog.column("name")).toEqual(written.name);
    await expect(loadCatalog(path, { hdu: "GTI" })).rejects.toThrow('Cannot read FITS file "events.fits"');
  });
});
