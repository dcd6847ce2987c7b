import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readBytes } from "../../../src/io/index.ts";
import { cachedFile, type DownloadProgress, download, HttpError } from "../../../src/net/index.ts";

const content = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 251);
const sha256 = createHash("sha256").update(content).digest("hex");
const quick = { retryDelayMs: 1 };
let folder: string;
let server: Server;
let base: string;
let requests: IncomingMessage[] = [];
let version = '"1"';

/** Sends the content from the byte asked for, and drops the connection after some bytes. */
function sendPart(request: IncomingMessage, response: ServerResponse, cutAt: number): void {
  const asked = request.headers["if-range"] === version ? /bytes=(\d+)-/.exec(request.headers.range ?? "") : null;
  const from = Number(asked?.[1] ?? 0);
  response.writeHead(asked ? 206 : 200, {
    etag: version,
    "content-length": content.length - from,
    ...(asked ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
  });
  const end = Math.min(content.length, from + cutAt);
  // What the client has not read when a connection drops is lost
  response.write(content.subarray(from, end), () =>
    end < content.length ? setTimeout(() => response.destroy(), 100) : response.end(),
  );
}

const replies: Record<string, (request: IncomingMessage, response: ServerResponse, count: number) => void> = {
  "/whole/file.fits": (request, response) => sendPart(request, response, Number.POSITIVE_INFINITY),
  "/cut/file.fits": (request, response) => sendPart(request, response, 90_000),
  "/no-range": (_, response, count) => {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, count === 1 ? 1000 : content.length), () =>
      count === 1 ? response.destroy() : response.end(),
    );
  },
  "/busy": (_, response, count) =>
    count < 3 ? response.writeHead(503, { "retry-after": "0" }).end("busy") : response.end("there"),
  "/later": (_, response) => response.writeHead(429, { "retry-after": "3600" }).end("come back in an hour"),
  "/wrong": (_, response) => response.writeHead(400).end("<p>No such thing</p>"),
};

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request);
    request.resume();
    const count = requests.filter(({ url }) => url === request.url).length;
    replies[request.url as string]?.(request, response, count);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "photonbook-net-"));
  requests = [];
  version = '"1"';
  return () => rmSync(folder, { recursive: true });
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

describe("download()", () => {
  it("asks a busy server again, and one that asks for an hour not", async () => {
    expect(new TextDecoder().decode(await download(`${base}/busy`, quick))).toBe("there");
    expect(requests.length).toBe(3);
    await expect(download(`${base}/later`, quick)).rejects.toThrow(/answered 429 .*come back in an hour/);
    expect(requests.length).toBe(4);
    await expect(
      download(`${base}/busy`, { ...quick, retries: 0, signal: AbortSignal.timeout(5000) }),
    ).resolves.toBeDefined();
  });

  it("does not repeat what a server refuses", async () => {
    const error = await download(`${base}/wrong`, quick).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HttpError);
    expect((error as HttpError).status).toBe(400);
    expect(requests.length).toBe(1);
  });

  it("asks nothing offline, and uses what the cache has", async () => {
    const address = `${base}/whole/file.fits`;
    await expect(download(address, { offline: true, cacheDir: folder })).rejects.toThrow(
      /offline \(PHOTONBOOK_OFFLINE\), it must be in the cache: there is no whole ".*file.fits"/,
    );
    await download(address, { cache: true, cacheDir: folder });
    expect(await readBytes(address, { offline: true, cacheDir: folder })).toEqual(content);
    process.env.PHOTONBOOK_OFFLINE = "1";
    try {
      expect(await download(address, { cacheDir: folder })).toEqual(content);
      await expect(download(`${base}/busy`, { cacheDir: folder })).rejects.toThrow(/offline/);
    } finally {
      delete process.env.PHOTONBOOK_OFFLINE;
    }
    expect(requests.length).toBe(1);
  });
});

describe("cachedFile()", () => {
  it("downloads once and keeps size and SHA-256 beside the file", async () => {
    const address = `${base}/whole/file.fits`;
    const first = await cachedFile(address, { cacheDir: folder });
    const second = await cachedFile(address, { cacheDir: folder });
    expect([first.origin, second.origin, requests.length]).toEqual(["download", "cache", 1]);
    expect(first).toMatchObject({ address, bytes: content.length, sha256 });
    expect(first.path).toMatch(/\/file\.fits$/);
    expect(readdirSync(dirname(first.path)).sort()).toEqual(["file.fits", "file.fits.json"]);
  });

  it("downloads again what was damaged since, or on request", async () => {
    const address = `${base}/whole/file.fits`;
    const { path } = await cachedFile(address, { cacheDir: folder });
    writeFileSync(path, content.toReversed());
    expect((await cachedFile(address, { cacheDir: folder })).origin).toBe("download");
    expect(new Uint8Array(readFileSync(path))).toEqual(content);
    expect((await cachedFile(address, { cacheDir: folder, refresh: true })).origin).toBe("download");
  });

  it("takes a dropped connection up where it stopped", async () => {
    const seen: DownloadProgress[] = [];
    const options = { ...quick, cacheDir: folder, onProgress: (progress: DownloadProgress) => seen.push(progress) };
    const { path } = await cachedFile(`${base}/cut/file.fits`, options);
    expect(new Uint8Array(readFileSync(path))).toEqual(content);
    expect(requests.map(({ headers }) => headers.range)).toEqual([undefined, "bytes=90000-", "bytes=180000-"]);
    expect(seen.at(-1)).toEqual({ bytes: content.length, totalBytes: content.length });
  });

  it("goes on in a later call, and starts again where the file changed at the server", async () => {
    const address = `${base}/cut/file.fits`;
    const once = { ...quick, cacheDir: folder, retries: 0 };
    await expect(cachedFile(address, once)).rejects.toThrow(/the transfer must be whole/);
    await expect(cachedFile(address, once)).rejects.toThrow(/the transfer must be whole/);
    expect(requests.at(-1)?.headers.range).toBe("bytes=90000-");
    version = '"2"';
    await expect(cachedFile(address, once)).rejects.toThrow(/the transfer must be whole/);
    const { bytes } = await cachedFile(address, { ...quick, cacheDir: folder });
    expect(bytes).toBe(content.length);
    // 180,000 bytes of the first version were thrown away
    expect(requests.slice(2).map(({ headers }) => headers.range)).toEqual([
      "bytes=180000-",
      "bytes=90000-",
      "bytes=180000-",
    ]);
  });

  it("starts again where the server knows no ranges", async () => {
    const { path, bytes } = await cachedFile(`${base}/no-range`, { ...quick, cacheDir: folder });
    expect([bytes, existsSync(path), requests.length]).toEqual([content.length, true, 2]);
  });

  it("keeps no file other than the one expected", async () => {
    const address = `${base}/whole/file.fits`;
    const expected = { bytes: 3 };
    await expect(cachedFile(address, { cacheDir: folder, expected })).rejects.toThrow(/has 200000 bytes instead of 3/);
    await expect(cachedFile(address, { cacheDir: folder, offline: true })).rejects.toThrow(/there is no whole/);
    const found = await cachedFile(address, { cacheDir: folder, expected: { bytes: content.length, sha256 } });
    expect(found.origin).toBe("download");
  });

  it("is downloaded once by two that ask at the same time", async () => {
    const address = `${base}/whole/file.fits`;
    const both = await Promise.all([
      cachedFile(address, { cacheDir: folder }),
      cachedFile(address, { cacheDir: folder }),
    ]);
    expect(both.map(({ origin }) => origin).sort()).toEqual(["cache", "download"]);
    expect(requests.length).toBe(1);
  });

  it("takes the lock of a process that died", async () => {
    const address = `${base}/whole/file.fits`;
    const { path } = await cachedFile(address, { cacheDir: folder });
    rmSync(path);
    writeFileSync(`${path}.lock`, "999999999");
    expect((await cachedFile(address, { cacheDir: folder })).origin).toBe("download");
  });
});
