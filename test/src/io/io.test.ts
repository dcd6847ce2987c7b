import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { coneSearch, cscQuery, tapQuery } from "../../../src/archives/index.ts";
import { GMM_FEATURES } from "../../../src/catalog/index.ts";
import {
  archiveFile,
  archiveManifest,
  loadCatalog,
  loadEvents,
  loadRegion,
  readBytes,
  sampleSky,
} from "../../../src/io/index.ts";
import { sharedData } from "../../shared-data.ts";

const folder = mkdtempSync(join(tmpdir(), "photonbook-io-"));
const requests: { path: string; form: URLSearchParams }[] = [];
let server: Server;
let base: string;

/** What the test's server answers, by path. */
const replies: Record<string, (form: URLSearchParams) => { status?: number; body: string | Uint8Array }> = {
  "/tap/sync": (form) =>
    form.get("QUERY")?.includes("no_such") === true
      ? { status: 400, body: reply(`<INFO name="QUERY_STATUS" value="ERROR">Unknown column no_such</INFO>`) }
      : { body: reply(`<INFO name="QUERY_STATUS" value="OK"/>${ROWS}<INFO name="QUERY_STATUS" value="OVERFLOW"/>`) },
  "/sources.csv": () => ({ body: gzipSync("name,ra\nx,1.5\n") }),
  "/gone": () => ({ status: 404, body: "<html><body>Not here</body></html>" }),
  "/data.bin": () => ({ body: "the file" }),
};
const ROWS = `<TABLE name="r"><FIELD name="name" datatype="char" arraysize="*"/><FIELD name="ra" datatype="double" unit="deg" ucd="pos.eq.ra"/>
<DATA><TABLEDATA><TR><TD>2CXO J1</TD><TD>10.5</TD></TR><TR><TD>2CXO J2</TD><TD></TD></TR></TABLEDATA></DATA></TABLE>`;

function reply(body: string): string {
  return `<?xml version="1.0"?><VOTABLE version="1.3"><RESOURCE type="results">${body}</RESOURCE></VOTABLE>`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const form = new URLSearchParams(await bodyOf(request));
    requests.push({ path: request.url as string, form });
    const { status = 200, body } = replies[request.url as string]?.(form) ?? { status: 404, body: "" };
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

describe("what is no file", () => {
  it("is told apart: a folder, a name that no catalogue has, a query, JSON", async () => {
    await expect(readBytes(folder)).rejects.toThrow(`Cannot read "${folder}": it is a folder`);
    await expect(readBytes(join(folder, "none.fits"))).rejects.toThrow(/: there is no such file \(looked from /);
    await expect(loadCatalog("csc22")).rejects.toThrow(
      /Cannot load catalogue "csc22": it must be a file, an address or one of the names \(did you mean "csc21"\?\): "csc21", /,
    );
    await expect(loadCatalog(sharedData("catalogs/umlcaxs/cscquery.adql"))).rejects.toThrow(
      /it must be a table: it is a query/,
    );
    await expect(loadCatalog(sharedData("events/chandra_23022_xrt200515/metadata.json"))).rejects.toThrow(/it is JSON/);
  });

  it("is no address of a service", async () => {
    await expect(tapQuery("csc", "SELECT 1")).rejects.toThrow(
      'Cannot ask a TAP service: it must be an http or https address or one of the names (did you mean "csc21"?): "csc21", "xsa", "vizier": current value is "csc"',
    );
    await expect(coneSearch("erass", { raDeg: 1, decDeg: 2, radiusArcsec: 3 })).rejects.toThrow(
      /an http or https address or one of the names \(did you mean "erass1"\?\)/,
    );
  });
});

describe("readBytes()", () => {
  it("expands gzip by its first bytes, not by the name", async () => {
    const path = join(folder, "plain.txt");
    writeFileSync(path, gzipSync("hello"));
    expect(new TextDecoder().decode(await readBytes(path))).toBe("hello");
    writeFileSync(`${path}.gz`, "not gzip");
    expect(new TextDecoder().decode(await readBytes(`${path}.gz`))).toBe("not gzip");
  });

  it("says what is missing, damaged, or not reachable", async () => {
    await expect(readBytes(join(folder, "none.fits"))).rejects.toThrow(/there is no such file \(looked from/);
    const path = join(folder, "cut.gz");
    writeFileSync(path, gzipSync("x".repeat(1000)).subarray(0, 20));
    await expect(readBytes(path)).rejects.toThrow(/its gzip data must be whole/);
    await expect(readBytes(`${base}/gone`)).rejects.toThrow(/it answered 404 Not Found: Not here/);
    await expect(readBytes("http://127.0.0.1:9/x")).rejects.toThrow(/the server must be reachable: .*\(offline\?\)/);
  });
});

describe("loadEvents() and loadRegion()", () => {
  it("give the 188 photons of XRT 200515 from its .gz files", async () => {
    const at = (name: string) => sharedData("events/chandra_23022_xrt200515", name);
    const events = await loadEvents(at("acisf23022_000N027_r0122_regevt3.fits.gz"));
    const region = await loadRegion(at("acisf23022_000N020_r0122_reg3.fits.gz"), { hdu: "ECF90REGB" });
    expect(events.filter({ region, energyKeV: "b" }).length).toBe(188);
    expect(events.name).toBe("acisf23022_000N027_r0122_regevt3");
  });

  it("name the file in errors", async () => {
    const path = join(folder, "bad.fits");
    writeFileSync(path, "nothing");
    await expect(loadEvents(path)).rejects.toThrow(new RegExp(`Cannot read FITS file "${path}"`));
  });
});

describe("loadCatalog()", () => {
  it("finds the format from the content", async () => {
    const fits = await loadCatalog(sharedData("catalogs/rosat/1rxs_50.fits"));
    const tsv = await loadCatalog(sharedData("catalogs/rosat/1rxs_50.tsv"), { columns: ["RAJ2000", "1RXS"] });
    const vot = await loadCatalog(sharedData("catalogs/csc_votable/47tuc_coneSearch.xml"));
    expect([fits.numRows, tsv.numRows, vot.numRows]).toEqual([50, 50, 479]);
    expect(tsv.columns.map((column) => column.name)).toEqual(["RAJ2000", "1RXS"]);
    expect((await loadCatalog(`${base}/sources.csv`)).row(0)).toEqual({ name: "x", ra: 1.5 });
  });

  it('gives the sample sky in the order of its event lists under the name "sample"', async () => {
    const before = process.env.PHOTONBOOK_CACHE;
    process.env.PHOTONBOOK_CACHE = folder;
    try {
      const sky = await sampleSky({ nSources: 12 });
      const catalog = await loadCatalog("sample", { nSources: 12 });
      expect(catalog.numRows).toBe(12);
      expect(catalog.column("name")).toEqual(sky.names);
      expect(catalog.unit("ra")).toBe("deg");
      const { shape } = catalog.features(GMM_FEATURES, { missing: "keep" });
      expect(shape).toEqual([12, 12]);
      const events = await loadEvents(sky.events[3] as string);
      expect(events.meta.obsId).toBe(String(catalog.numbers("obsid")[3]));
    } finally {
      if (before === undefined) delete process.env.PHOTONBOOK_CACHE;
      else process.env.PHOTONBOOK_CACHE = before;
    }
  });

  it("refuses web pages and binary files by name", async () => {
    const page = join(folder, "page.csv");
    writeFileSync(page, "<!DOCTYPE html><html></html>");
    await expect(loadCatalog(page)).rejects.toThrow(/"page.csv": .*it is an HTML page/);
    const binary = join(folder, "table.bin");
    writeFileSync(binary, Buffer.from([0x50, 0x41, 0x52, 0x30, 0, 1, 2]));
    await expect(loadCatalog(binary)).rejects.toThrow(/it is binary and starts with 50 41 52 30/);
    const cut = join(folder, "table.parquet");
    writeFileSync(cut, Buffer.from("PAR1 and no more"));
    await expect(loadCatalog(cut)).rejects.toThrow(/"table.parquet": it must be a whole Parquet file/);
  });

  it("asks the CSC's TAP service and reports its row limit", async () => {
    const catalog = await loadCatalog("csc21", {
      service: `${base}/tap/`,
      where: "flux_significance_b > 5",
      columns: ["name", "ra"],
      maxRows: 2,
    });
    expect(catalog.numRows).toBe(2);
    expect(catalog.unit("ra")).toBe("deg");
    expect(catalog.numbers("ra")[1]).toBeNaN();
    expect(catalog.notes.join()).toMatch(/OVERFLOW/);
    const { form } = requests.findLast((request) => request.path === "/tap/sync") as (typeof requests)[number];
    expect([form.get("REQUEST"), form.get("LANG"), form.get("MAXREC")]).toEqual(["doQuery", "ADQL", "2"]);
    expect(form.get("QUERY")).toMatch(/^SELECT TOP 2 m\.name, m\.ra FROM csc21\.master_source m, /);
    expect(form.get("QUERY")).toMatch(/\(o\.flux_significance_b > 5\)/);
  });

  it("shows the service's own error, also behind a status", async () => {
    await expect(loadCatalog("csc21", { service: `${base}/tap`, where: "no_such > 1" })).rejects.toThrow(
      /the service reports an error: Unknown column no_such/,
    );
    await expect(loadCatalog("csc21", { service: "http://127.0.0.1:9" })).rejects.toThrow(/must be reachable/);
  });
});

describe("cscQuery()", () => {
  it("asks the master table alone where that suffices, leaving quoted text", () => {
    expect(cscQuery({ where: "significance > 5 AND name LIKE '2CXO ra%'", columns: ["name", "dec"] })).toBe(
      "SELECT m.name, m.dec FROM csc21.master_source m WHERE m.significance > 5 AND m.name LIKE '2CXO ra%'",
    );
  });

  it("rejects columns that are none", () => {
    expect(() => cscQuery({ columns: ["ra; drop"] })).toThrow(/columns must be plain column names/);
  });
});

describe("archiveFile()", () => {
  const sha256 = createHash("sha256").update("the file").digest("hex");
  const entry = { name: "a/b.bin", bytes: 8, sha256, licence: "-", description: "-" };

  it("downloads once, then takes the cache, and prefers a folder that has the file", async () => {
    const manifest = [{ ...entry, url: `${base}/data.bin` }];
    const first = await archiveFile("a/b.bin", { manifest, cacheDir: folder });
    const second = await archiveFile("a/b.bin", { manifest, cacheDir: folder });
    expect([first.origin, second.origin]).toEqual(["download", "cache"]);
    expect(readFileSync(first.path, "utf8")).toBe("the file");
    mkdirSync(join(folder, "mine/a"), { recursive: true });
    writeFileSync(join(folder, "mine/a/b.bin"), "the file");
    const inFolder = await archiveFile("a/b.bin", { manifest, folder: join(folder, "mine"), cacheDir: "/none" });
    expect(inFolder.origin).toBe("folder");
  });

  it("does not use a file that differs from the one listed", async () => {
    const wrong = [{ ...entry, url: `${base}/data.bin`, sha256: "0" }];
    const elsewhere = join(folder, "other");
    await expect(archiveFile("a/b.bin", { manifest: wrong, cacheDir: elsewhere })).rejects.toThrow(
      /SHA-256 is .* instead of 0/,
    );
    await expect(archiveFile("c", { manifest: wrong })).rejects.toThrow(
      /must be one of "a\/b.bin": current value is "c"/,
    );
  });

  it("lists the real inputs, each as the shared data have it", async () => {
    const files = await archiveManifest();
    expect(files.length).toBeGreaterThanOrEqual(5);
    for (const { name } of files) {
      expect((await archiveFile(name, { folder: sharedData() })).origin).toBe("folder");
    }
  });
});
