import { describe, expect, test } from "vitest";
import { headerMaker } from "../../kernel/protocol/message.ts";
import { decodeFrames, encodeFrames, type OutgoingMessage, WireError } from "../../kernel/protocol/wire.ts";

const signing = { key: "a-secret", scheme: "hmac-sha256" };
const header = headerMaker("session")("comm_msg");
const message: OutgoingMessage = {
  identities: [new Uint8Array([1, 2, 3])],
  header,
  parent: '{"msg_id":"parent"}',
  metadata: "{}",
  content: '{"text":"λ ∑ 🌟"}',
  buffers: [new Uint8Array([9, 8, 7, 6, 5]).subarray(1, 3), new Uint8Array(0)],
};

describe("encodeFrames() and decodeFrames()", () => {
  test("are inverses", () => {
    const decoded = decodeFrames(encodeFrames(message, signing), signing);
    expect(decoded.header).toEqual(header);
    expect(decoded.parentHeader).toEqual({ msg_id: "parent" });
    expect(decoded.content).toEqual({ text: "λ ∑ 🌟" });
    expect(decoded.identities.map((identity) => [...identity])).toEqual([[1, 2, 3]]);
    expect(decoded.buffers.map((buffer) => [...buffer])).toEqual([[8, 7], []]);
  });

  test("leave buffers outside the signature", () => {
    const frames = encodeFrames(message, signing);
    frames[frames.length - 1] = Buffer.from("anything else");
    expect(decodeFrames(frames, signing).buffers.at(-1)?.toString()).toBe("anything else");
  });

  test("work without signatures when the key is empty", () => {
    const open = { key: "", scheme: "hmac-sha256" };
    const frames = encodeFrames(message, open);
    expect(frames[2]).toHaveLength(0);
    expect(decodeFrames(frames, open).header.msg_id).toBe(header.msg_id);
  });
});

describe("decodeFrames() refuses", () => {
  const broken = (change: (frames: Buffer[]) => void) => {
    const frames = encodeFrames(message, signing);
    change(frames);
    return () => decodeFrames(frames, signing);
  };
  const signature = 2;
  const content = 6;

  test.each([
    ["a message without delimiter", (frames: Buffer[]) => frames.splice(1, 1)],
    ["a message that ends too early", (frames: Buffer[]) => frames.splice(5)],
    ["an empty list", (frames: Buffer[]) => frames.splice(0)],
    ["a changed content", (frames: Buffer[]) => (frames[content] = Buffer.from('{"text":"b"}'))],
    ["a changed signature", (frames: Buffer[]) => (frames[signature] = Buffer.from("0".repeat(64)))],
    ["a short signature", (frames: Buffer[]) => (frames[signature] = Buffer.from("0"))],
    ["an empty signature", (frames: Buffer[]) => (frames[signature] = Buffer.alloc(0))],
  ])("%s", (_, change) => {
    expect(broken(change)).toThrow(WireError);
  });

  test("content that is not an object, although it is signed", () => {
    const frames = encodeFrames({ ...message, content: "[1]" }, signing);
    expect(() => decodeFrames(frames, signing)).toThrow("not a JSON object");
  });

  test("a forged message before it parses it", () => {
    const frames = encodeFrames({ ...message, content: "no JSON" }, signing);
    frames[signature] = Buffer.from("f".repeat(64));
    expect(() => decodeFrames(frames, signing)).toThrow("the signature is wrong");
  });

  test("random frames, with nothing worse than a WireError", () => {
    let state = 1;
    const random = (below: number) => (state = (state * 48271) % 2147483647) % below;
    const parts = encodeFrames(message, signing);
    for (let round = 0; round < 2000; round++) {
      const frames = Array.from({ length: random(9) }, () =>
        random(3) === 0
          ? Buffer.from(Array.from({ length: random(40) }, () => random(256)))
          : parts[random(parts.length)]!,
      );
      try {
        decodeFrames(frames, signing);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }
    expect.hasAssertions();
  });
});
