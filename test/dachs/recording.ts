import { createHash } from "node:crypto";
import { request as ask, createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** One answer; `{base}` stands for the server's own address in header and body. */
export interface RecordedReply {
  readonly status: number;
  readonly type: string;
  readonly location?: string;
  readonly body: string;
}

/** Answers by request (method, path and a digest of the body), in the order in which they came. */
export type Recording = Record<string, RecordedReply[]>;

/** A server on loopback. */
export interface Loopback {
  readonly base: string;
  close(): Promise<void>;
}

/**
 * Passes requests on to a server and keeps what it answers.
 *
 * @param target Where the server listens.
 * @param ownName The address by which the server calls itself in its answers.
 */
export async function recordingProxy(target: string, ownName: string): Promise<Loopback & { recording: Recording }> {
  const recording: Recording = {};
  const loopback = await listen(async (request, body, base) => {
    const reply = await forward(target, request, body);
    const generic = (text: string) => text.replaceAll(ownName, "{base}").replaceAll(target, "{base}");
    const kept: RecordedReply = {
      status: reply.status,
      type: reply.type,
      ...(reply.location ? { location: generic(reply.location) } : {}),
      body: generic(reply.body),
    };
    recording[keyOf(request, body)] ??= [];
    recording[keyOf(request, body)]?.push(kept);
    return at(kept, base);
  });
  return { ...loopback, recording };
}

/** Answers as the recording has it; the last answer to a request is repeated. */
export function replayServer(recording: Recording): Promise<Loopback> {
  const counts = new Map<string, number>();
  return listen(async (request, body, base) => {
    const key = keyOf(request, body);
    const replies = recording[key];
    if (!replies) return { status: 500, type: "text/plain", body: `not recorded (npm run test:dachs): ${key}` };
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return at(replies[Math.min(count, replies.length - 1)] as RecordedReply, base);
  });
}

function at(reply: RecordedReply, base: string): RecordedReply {
  const own = (text: string) => text.replaceAll("{base}", base);
  return { ...reply, ...(reply.location ? { location: own(reply.location) } : {}), body: own(reply.body) };
}

function keyOf(request: IncomingMessage, body: Buffer): string {
  const digest = createHash("sha256").update(body).digest("hex").slice(0, 12);
  return `${request.method} ${request.url}${body.length > 0 ? ` ${digest}` : ""}`;
}

async function listen(
  answer: (request: IncomingMessage, body: Buffer, base: string) => Promise<RecordedReply>,
): Promise<Loopback> {
  let base = "";
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { status, type, location, body } = await answer(request, Buffer.concat(chunks), base);
    response.writeHead(status, { "content-type": type, ...(location ? { location } : {}) }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { base, close };
}

function forward(target: string, request: IncomingMessage, body: Buffer): Promise<RecordedReply> {
  const { "content-type": contentType } = request.headers;
  const headers = { "content-length": body.length, ...(contentType ? { "content-type": contentType } : {}) };
  return new Promise((resolve, reject) => {
    ask(`${target}${request.url}`, { method: request.method ?? "GET", headers }, async (reply) => {
      const chunks: Buffer[] = [];
      for await (const chunk of reply) chunks.push(chunk as Buffer);
      const { location, "content-type": type = "text/plain" } = reply.headers;
      resolve({
        status: reply.statusCode ?? 500,
        type,
        ...(location ? { location } : {}),
        body: Buffer.concat(chunks).toString("utf8"),
      });
    })
      .on("error", reject)
      .end(body);
  });
}
