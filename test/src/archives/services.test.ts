import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boxAround } from "../../../src/archives/box-around.ts";
import { coneSearch, cscProducts, cscQuery, detectionsOf, loadCsc } from "../../../src/archives/index.ts";
import { coneAddress, tapAddress } from "../../../src/archives/services.ts";
import { Catalog, fitsFromCatalog, votableFromCatalog } from "../../../src/catalog/index.ts";
import { writeFits } from "../../../src/fits/index.ts";
import { loadCatalog, loadEvents } from "../../../src/io/index.ts";
import { separationArcsec } from "../../../src/match/index.ts";
import { cachedFile, untar } from "../../../src/net/index.ts";
import { writeVotable } from "../../../src/votable/index.ts";
import { sharedData } from "../../shared-data.ts";

const cone = { raDeg: 0.001, decDeg: 20, radiusArcsec: 30 };
/** Four sources: near, near across 0°, in the box but not in the circle, far. */
const sky = new Catalog(
  [
    { name: "name", data: ["2CXO A", "2CXO B", "2CXO C", "2CXO D"] },
    { name: "ra", unit: "deg", data: Float64Array.of(0.002, 359.998, 0.0095, 10) },
    { name: "dec", unit: "deg", data: Float64Array.of(20.001, 19.999, 20.008, 20) },
  ],
  { name: "sky" },
);
const events = sharedData("events/edge/test_Gtis.evt");

let folder: string;
let server: Server;
let base: string;
const requests: URL[] = [];
const queries: string[] = [];

/** A package as the archive makes it: folders with the gzipped files of each detection, of which it has no third. */
function productsTar(): Buffer {
  const from = join(folder, "package");
  for (const name of ["acisf00012_000N021_r0007_regevt3.fits.gz", "acisf12345_001N021_r0123_regevt3.fits.gz"]) {
    mkdirSync(join(from, name.slice(0, 10)), { recursive: true });
    writeFileSync(join(from, name.slice(0, 10), name), gzipSync(readFileSync(events)));
  }
  return execFileSync("tar", ["-c", "-C", from, "."], { maxBuffer: 2 ** 28 });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "photonbook-services-"));
  const table = writeFits([fitsFromCatalog(sky)]);
  mkdirSync(join(folder, "erass"));
  writeFileSync(join(folder, "erass/eRASS1_Main.v1.2.fits"), table);
  const catalogTar = execFileSync("tar", ["-cz", "-C", join(folder, "erass"), "eRASS1_Main.v1.2.fits"]);
  const products = productsTar();
  const votable = writeVotable(votableFromCatalog(sky));
  const replies: Record<string, Uint8Array> = {
    "/retrieve": products,
    "/eRASS1_Main.v1.2.fits.tar.gz": catalogTar,
    "/4XMM_DR13cat_slim_v1.0.fits.gz": gzipSync(table),
    "/csc21tap/sync": votable,
    "/cone": readFileSync(sharedData("catalogs/erosita/erass1_scs_reply.xml")),
    "/filled": votable,
  };
  server = createServer((request, response) => {
    const url = new URL(request.url as string, "http://127.0.0.1");
    requests.push(url);
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      if (body) queries.push(new URLSearchParams(body).get("QUERY") ?? "");
      const reply = replies[url.pathname];
      response.writeHead(reply ? 200 : 404).end(reply);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true });
});

describe("services by name", () => {
  test("stand for their addresses", () => {
    expect(tapAddress("xsa")).toBe("https://nxsa.esac.esa.int/tap-server/tap");
    expect(coneAddress("vizier:IX/69/xmm4d13s")).toBe(
      "https://vizier.cds.unistra.fr/viz-bin/conesearch/IX/69/xmm4d13s",
    );
    expect(coneAddress("erass1-hard")).toContain("CAT=DR1_Hard");
    expect(tapAddress("https://example.org/tap//")).toBe("https://example.org/tap");
  });

  test("eROSITA's recorded reply has no rows, and its own parameters stay in the address", async () => {
    const found = await coneSearch(`${base}/cone?CAT=DR1_Main`, cone, { verbosity: 1 });
    expect([found.numRows, found.unit("ml_flux_1")]).toEqual([0, "cm**-2.erg.s**-1"]);
    const asked = requests.findLast(({ pathname }) => pathname === "/cone") as URL;
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      CAT: "DR1_Main",
      RA: "0.001",
      DEC: "20",
      SR: String(30 / 3600),
      VERB: "1",
    });
  });
});

describe("Chandra's circle", () => {
  test("is asked for as a box over 0°, and what is in the corners is left out", async () => {
    const found = await loadCsc({ cone, service: `${base}/csc21tap`, columns: ["name"] });
    expect([...found.column("name")]).toEqual(["2CXO A", "2CXO B"]);
    expect(found.columns.map(({ name }) => name)).toEqual(["name"]);
    expect(queries.at(-1)).toMatch(
      /^SELECT m.name, m.ra, m.dec FROM csc21.master_source m WHERE \(m.dec BETWEEN 19.99\d* AND 20.008\d* AND \(m.ra >= 359.99\d* OR m.ra <= 0.009\d*\)\)$/,
    );
  });

  test("keeps a condition apart, in the table of stacks too", () => {
    const query = cscQuery({
      table: "stacks",
      columns: ["detect_stack_id"],
      where: "theta_mean < 3 OR flux_aper_b > 1e-13",
      cone,
    });
    expect(query).toMatch(
      /^SELECT s.detect_stack_id, s.ra, s.dec FROM csc21.stack_source s WHERE \(s.theta_mean < 3 OR s.flux_aper_b > 1e-13\) AND \(s.dec/,
    );
    expect(() => cscQuery({ cone: { ...cone, radiusArcsec: -1 } })).toThrow(/radiusArcsec above 0/);
  });

  test("lies in its box, anywhere on the sphere", () => {
    for (const [raDeg, decDeg, radiusArcsec] of [
      [0, 0, 3600],
      [359.9, 75, 7200],
      [120, -89.5, 3600],
      [200, 89.99, 100],
      [10, 45, 500_000],
    ] as const) {
      const box = boxAround({ raDeg, decDeg, radiusArcsec }, "ra", "dec");
      const holds = new Function(
        "ra",
        "dec",
        `return ${box
          .replace(/(\w+) BETWEEN (\S+) AND ([^\s)]+)/g, "($1 >= $2 && $1 <= $3)")
          .replaceAll(" AND ", " && ")
          .replaceAll(" OR ", " || ")}`,
      );
      for (let i = 0; i < 2000; i++) {
        // Golden spiral: even on the sphere
        const dec = (Math.asin(1 - (2 * i + 1) / 2000) * 180) / Math.PI;
        const ra = (i * 137.50776) % 360;
        if (separationArcsec([ra, dec], [raDeg, decDeg]) <= radiusArcsec)
          expect(holds(ra, dec), `${box}: ${ra}, ${dec}`).toBe(true);
      }
      expect(holds(raDeg, Math.min(90, decDeg + radiusArcsec / 3600))).toBe(true);
    }
  });
});

describe("cscProducts()", () => {
  const rows = new Catalog(
    [
      { name: "obsid", data: Int32Array.of(12345, 12, 99) },
      { name: "obi", data: Int32Array.of(1, 0, 0) },
      { name: "region_id", data: Int32Array.of(123, 7, 1) },
    ],
    { name: "detections" },
  );

  test("retrieves the files of detections, says which have none, and asks once", async () => {
    const options = { service: `${base}/retrieve`, cacheDir: join(folder, "cache") };
    const { files, missing } = await cscProducts(detectionsOf(rows), options);
    expect(missing).toEqual([2]);
    expect(files.map((paths) => paths.length)).toEqual([1, 1, 0]);
    expect((await loadEvents(files[0]![0]!)).length).toBe((await loadEvents(events)).length);
    const asked = () => requests.filter(({ pathname }) => pathname === "/retrieve");
    expect(asked().at(-1)!.searchParams.get("packageset")).toBe("12345.1.123/regevt,12.0.7/regevt,99.0.1/regevt");
    const before = asked().length;
    await cscProducts(detectionsOf(rows), options);
    expect(asked().length).toBe(before);
  });

  test("takes 50 detections a request", async () => {
    const many = Array.from({ length: 101 }, (_, i) => ({ obsid: i, obi: 0, regionId: 1 }));
    const before = requests.length;
    const { missing } = await cscProducts(many, { service: `${base}/retrieve`, cacheDir: join(folder, "many") });
    expect(requests.length - before).toBe(3);
    expect(missing).toHaveLength(101);
  });

  test("refuses what is no product or detection", async () => {
    await expect(cscProducts([], { products: ["spectrum/b,evil"] })).rejects.toThrow(
      /must be like "regevt" or "spectrum\/b"/,
    );
    await expect(cscProducts([{ obsid: 1.5, obi: 0, regionId: 0 }])).rejects.toThrow(/detection 0 is 1.5.0.0/);
  });
});

describe("untar()", () => {
  test("refuses an archive that ends early, and one that is none, leaving no file with a name", async () => {
    const whole = productsTar();
    const cut = join(folder, "cut.tar");
    writeFileSync(cut, whole.subarray(0, 3000));
    const target = join(folder, "unpacked");
    mkdirSync(target);
    await expect(untar(cut, target)).rejects.toThrow(/more bytes of acisf.*: it ends early/);
    expect(existsSync(join(target, "acisf00012_000N021_r0007_regevt3.fits.gz"))).toBe(false);
    const none = join(folder, "none.tar");
    writeFileSync(none, Buffer.alloc(2048, 65));
    await expect(untar(none, target)).rejects.toThrow(/must be a tar archive: the checksum of a header is wrong/);
  });

  test("writes long names of GNU and POSIX archives, and nothing outside the folder", async () => {
    const long = `${"n".repeat(120)}.txt`;
    const from = join(folder, "long");
    mkdirSync(from);
    writeFileSync(join(from, long), "long");
    for (const format of ["gnu", "posix"]) {
      const archive = join(folder, `${format}.tar`);
      execFileSync("tar", [
        "-c",
        `--format=${format}`,
        "-C",
        from,
        "-f",
        archive,
        `--transform=s,^,../../,`,
        "-P",
        long,
      ]);
      const target = join(folder, `out-${format}`);
      mkdirSync(target);
      expect(await untar(archive, target)).toEqual([join(target, long)]);
      expect(readFileSync(join(target, long), "utf8")).toBe("long");
    }
  });
});

describe("whole catalogues", () => {
  test("come from a gzipped FITS file or one inside a tar archive, and stay", async () => {
    const cacheDir = join(folder, "families");
    for (const [name, file] of [
      ["4xmm", "4XMM_DR13cat_slim_v1.0.fits.gz"],
      ["erass1", "eRASS1_Main.v1.2.fits.tar.gz"],
    ] as const) {
      const catalog = await loadCatalog(name, { address: `${base}/${file}`, cacheDir, columns: ["dec", "name"] });
      expect([...catalog.column("name")].map((text) => String(text).trim())).toEqual([...sky.column("name")]);
      expect(catalog.columns.map((column) => column.name)).toEqual(["dec", "name"]);
      const before = requests.length;
      await loadCatalog(name, { address: `${base}/${file}`, cacheDir });
      expect(requests.length).toBe(before);
    }
    await expect(loadCatalog("erass1", { table: "maim", cacheDir })).rejects.toThrow(
      /table must be one of its tables .did you mean "main"/,
    );
  });
});

describe("photonbook fetch", () => {
  const cli = resolve(import.meta.dirname, "../../../kernel/cli.ts");
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [cli, "fetch", ...args], {
      env: { ...process.env, PHOTONBOOK_CACHE: join(folder, "cli") },
    });

  test("keeps a file, checks it, and copies it", async () => {
    const address = `${base}/4XMM_DR13cat_slim_v1.0.fits.gz`;
    const out = join(folder, "slim.fits.gz");
    expect((await run(address, "--out", out)).stdout).toBe(`${out}\n`);
    const { path, sha256 } = await cachedFile(address, { cacheDir: join(folder, "cli") });
    expect(readFileSync(out).equals(readFileSync(path))).toBe(true);
    expect((await run(address, "--sha256", sha256)).stdout).toBe(`${path}\n`);
    await expect(run(address, "--sha256", "0".repeat(64))).rejects.toThrow(/its SHA-256 is/);
    await expect(run("4xm")).rejects.toThrow(/must be an http or https address, "4xmm", "erass1"/);
  });

  test("writes sources within a circle as a table", async () => {
    const out = join(folder, "cone.vot");
    const { stdout } = await run("--cone", "0.001,20,30", "--from", `${base}/filled`, "--out", out);
    expect(stdout).toBe(`${out}: 4 rows, 3 columns\n`);
    expect((await loadCatalog(out)).unit("ra")).toBe("deg");
    await expect(run("--cone", "1,2", "--from", "erass1", "--out", out)).rejects.toThrow(
      /--cone must be RA,DEC,RADIUS/,
    );
    await expect(run("--cone", "1,2,3", "--from", "erass1")).rejects.toThrow(/--out is not there/);
  });
});
