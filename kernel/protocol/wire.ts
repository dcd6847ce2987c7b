import { createHmac, timingSafeEqual } from "node:crypto";
import { type Fields, type Header, isFields, type Message } from "./message.ts";

/*
 * The wire protocol: a message is a list of ZeroMQ frames,
 *
 *   identity…, "<IDS|MSG>", signature, header, parent header, metadata, content, buffer…
 *
 * where the signature is the hex HMAC of the four JSON frames and nothing else: buffers are outside it.
 */

const DELIMITER = Buffer.from("<IDS|MSG>");
const JSON_FRAMES = 4;

/** A frame list that is no Jupyter message, or is not signed with our key. */
export class WireError extends SyntaxError {
  override readonly name = "WireError";
}

/** How messages are signed; an empty key turns signatures off, as the specification says. */
export interface Signing {
  readonly key: string;
  /** Such as "hmac-sha256". */
  readonly scheme: string;
}

/** What goes on the wire; the parts that are strings are JSON already. */
export interface OutgoingMessage {
  readonly identities: readonly (Uint8Array | string)[];
  readonly header: Header;
  readonly parent: string;
  readonly metadata: string;
  readonly content: string;
  readonly buffers?: readonly Uint8Array[];
}

/** Signs a message and lays it out in frames. */
export function encodeFrames(message: OutgoingMessage, signing: Signing): Buffer[] {
  const json = [JSON.stringify(message.header), message.parent, message.metadata, message.content].map((part) =>
    Buffer.from(part),
  );
  return [
    ...message.identities.map((identity) => (typeof identity === "string" ? Buffer.from(identity) : view(identity))),
    DELIMITER,
    Buffer.from(signature(json, signing), "latin1"),
    ...json,
    ...(message.buffers ?? []).map(view),
  ];
}

/**
 * Reads a message; the signature is checked, in constant time, before anything is parsed.
 *
 * @throws {WireError} If frames are missing, the signature is wrong, or a part is not a JSON object.
 */
export function decodeFrames(frames: readonly Uint8Array[], signing: Signing): Message {
  const delimiter = frames.findIndex((frame) => DELIMITER.equals(frame));
  if (delimiter < 0) throw new WireError("Cannot read message: the delimiter frame is missing");
  const first = delimiter + 2;
  const json = frames.slice(first, first + JSON_FRAMES);
  if (json.length < JSON_FRAMES) {
    throw new WireError(
      `Cannot read message: ${JSON_FRAMES} JSON frames must follow the signature: current number is ${json.length}`,
    );
  }
  checkSignature(frames[delimiter + 1]!, json, signing);
  const [header, parentHeader, metadata, content] = json.map(parseFields);
  return {
    identities: frames.slice(0, delimiter),
    header: checkHeader(header!),
    parentHeader: parentHeader as Partial<Header>,
    metadata: metadata!,
    content: content!,
    buffers: frames.slice(first + JSON_FRAMES),
  };
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function signature(json: readonly Uint8Array[], signing: Signing): string {
  if (signing.key === "") return "";
  const hmac = createHmac(signing.scheme.replace(/^hmac-/, ""), signing.key);
  for (const part of json) hmac.update(part);
  return hmac.digest("hex");
}

function checkSignature(given: Uint8Array, json: readonly Uint8Array[], signing: Signing): void {
  if (signing.key === "") return;
  const expected = Buffer.from(signature(json, signing), "latin1");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new WireError("Cannot read message: the signature is wrong");
  }
}

function parseFields(frame: Uint8Array): Fields {
  let value: unknown;
  try {
    value = JSON.parse(view(frame).toString("utf8"));
  } catch (cause) {
    throw new WireError("Cannot read message: a part is not JSON", { cause });
  }
  if (!isFields(value)) throw new WireError("Cannot read message: a part is not a JSON object");
  return value;
}

function checkHeader(header: Fields): Header {
  for (const name of ["msg_id", "msg_type"]) {
    if (typeof header[name] !== "string") throw new WireError(`Cannot read message: the header lacks "${name}"`);
  }
  return header as unknown as Header;
}
