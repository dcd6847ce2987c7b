import { Bytes } from "./bytes.ts";
import { datatypeMessage } from "./datatype.ts";
import type { EncodedColumn } from "./encode-column.ts";

/** A header message: its number in the specification and its bytes. */
export interface Message {
  readonly type: number;
  readonly data: Uint8Array;
}

const TYPE = { dataspace: 1, linkInfo: 2, datatype: 3, fill: 5, link: 6, layout: 8, groupInfo: 10, attribute: 12 };
/** Messages are at most this long. */
const LARGEST = 65_528;
/** A link: name of two length bytes, with a character set. */
const LINK_FLAGS = 0x11;
const UTF8 = 1;
const CONTIGUOUS = 1;

/**
 * An object header, version 1: what a dataset or group consists of.
 *
 * @throws {RangeError} If a message is longer than the format allows.
 * @see HDF5 File Format Specification 3.0, IV.A.1.a
 */
export function objectHeader(messages: readonly Message[]): Uint8Array {
  const body = new Bytes();
  for (const { type, data } of messages) {
    const padded = (data.length + 7) & ~7;
    if (padded > LARGEST) {
      throw new RangeError(
        `Cannot write HDF5: a name, unit or description must have at most ${LARGEST} bytes: one takes ${data.length}`,
      );
    }
    body.uint(2, type, padded).uint(1, 0, 0, 0, 0).put(data).pad();
  }
  const head = new Bytes().uint(1, 1, 0).uint(2, messages.length).uint(4, 1, body.length, 0);
  return head.put(body.finish()).finish();
}

/** The messages of a dataset whose values lie at an address in one piece. */
export function datasetMessages(
  { shape, type }: EncodedColumn,
  place: { readonly address: number; readonly bytes: number },
  attributes: readonly EncodedColumn[],
): Message[] {
  // Space is taken late, and no value stands for what was not written
  const fill = new Bytes().uint(1, 2, 2, 2, 0).finish();
  const layout = new Bytes().uint(1, 3, CONTIGUOUS);
  if (place.bytes > 0) layout.uint(8, place.address);
  else layout.noAddress();
  return [
    { type: TYPE.dataspace, data: dataspace(shape) },
    { type: TYPE.datatype, data: datatypeMessage(type) },
    { type: TYPE.fill, data: fill },
    { type: TYPE.layout, data: layout.uint(8, place.bytes).finish() },
    ...attributes.map((each) => ({ type: TYPE.attribute, data: attribute(each) })),
  ];
}

/** The messages of a group: its datasets by name, in their order. */
export function groupMessages(links: readonly { readonly name: string; readonly address: number }[]): Message[] {
  // Flags: the order of creation is kept (1) and readers may list by it (2)
  const info = new Bytes().uint(1, 0, 3).uint(8, links.length).noAddress().noAddress().noAddress();
  return [
    { type: TYPE.linkInfo, data: info.finish() },
    { type: TYPE.groupInfo, data: new Bytes().uint(1, 0, 0).finish() },
    ...links.map(({ name, address }, order) => ({ type: TYPE.link, data: link(name, address, order) })),
  ];
}

function link(name: string, address: number, order: number): Uint8Array {
  const text = new TextEncoder().encode(name);
  const out = new Bytes().uint(1, 1, LINK_FLAGS | ORDERED).uint(8, order);
  return out.uint(1, UTF8).uint(2, text.length).put(text).uint(8, address).finish();
}

/** Link flag: the order of creation is there. */
const ORDERED = 0x04;

function dataspace(shape: readonly number[]): Uint8Array {
  return new Bytes()
    .uint(1, 1, shape.length, 0, 0)
    .uint(4, 0)
    .uint(8, ...shape)
    .finish();
}

/** An attribute message, version 3. */
function attribute({ name, type, shape, data }: EncodedColumn): Uint8Array {
  const text = new TextEncoder().encode(`${name}\0`);
  const [kind, space] = [datatypeMessage(type), dataspace(shape)];
  const out = new Bytes().uint(1, 3, 0).uint(2, text.length, kind.length, space.length).uint(1, UTF8);
  return out
    .put(text)
    .put(kind)
    .put(space)
    .put(data as Uint8Array)
    .finish();
}
