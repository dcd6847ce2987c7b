import type { Catalog } from "../catalog/index.ts";
import { Bytes } from "./bytes.ts";
import { type EncodedColumn, encodeColumn, encodeText } from "./encode-column.ts";
import { GlobalHeap, type HeapPlace } from "./global-heap.ts";
import { datasetMessages, groupMessages, objectHeader } from "./object-header.ts";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const SUPERBLOCK_BYTES = 96;

/** How an HDF5 file is written. */
export interface Hdf5WriteOptions {
  /** Array columns that become lists even where all arrays are equally long. Default none. */
  readonly lists?: readonly string[];
}

/**
 * Writes a catalogue as HDF5: one dataset per column in the root group, as h5py, h5wasm and any libhdf5 since 1.8 read
 * it. Units, UCDs and descriptions are attributes `unit`, `ucd` and `description` of the datasets.
 *
 * Arrays that are equally long become a second axis, others lists of doubles. Missing texts are written as empty ones.
 * Our own writer, since h5wasm has none for lists of numbers; the same catalogue gives the same bytes.
 *
 * @throws {TypeError} If a logical is missing, an array holds anything but numbers, or a name has a "/".
 * @see HDF5 File Format Specification 3.0
 */
export function hdf5FromCatalog(catalog: Catalog, { lists: asLists = [] }: Hdf5WriteOptions = {}): Uint8Array {
  const heap = new GlobalHeap();
  const columns = catalog.columns.map((column) => {
    checkName(column.name);
    const encoded = encodeColumn(column.name, catalog.column(column.name), { asList: asLists.includes(column.name) });
    const attributes = (["unit", "ucd", "description"] as const).flatMap((key) => {
      const text = column[key];
      return text ? [encodeText(key, text)] : [];
    });
    return { encoded, attributes, lists: listsOf(encoded, heap) };
  });
  const file = new FileLayout(SUPERBLOCK_BYTES);
  const collections = heap.finish().map((collection) => file.add(collection));
  const links = columns.map(({ encoded, attributes, lists }) => {
    const bytes = lists ? listBytes(lists, collections) : (encoded.data as Uint8Array);
    const address = file.add(bytes);
    const header = objectHeader(datasetMessages(encoded, { address, bytes: bytes.length }, attributes));
    return { name: encoded.name, address: file.add(header) };
  });
  const root = file.add(objectHeader(groupMessages(links)));
  return new Bytes().put(superblock(root, file.end)).put(file.finish()).finish();
}

function checkName(name: string): void {
  if (name !== "" && name !== "." && !/[/\0]/.test(name)) return;
  throw new TypeError(`Cannot write column "${name}" as HDF5: its name must not be empty or "." nor have a "/"`);
}

/** A list's length and where its values lie. */
interface PlacedList {
  readonly length: number;
  /** Undefined for a list of nothing. */
  readonly place: HeapPlace | undefined;
}

/** Puts the rows of a list column on the heap; undefined for other columns. */
function listsOf({ type, data }: EncodedColumn, heap: GlobalHeap): PlacedList[] | undefined {
  if (type.kind !== "list") return undefined;
  return (data as readonly Uint8Array[]).map((row) => ({
    length: row.length / 8,
    place: row.length > 0 ? heap.add(row) : undefined,
  }));
}

/** What the dataset itself holds of its lists. */
function listBytes(lists: readonly PlacedList[], collections: readonly number[]): Uint8Array {
  const out = new Bytes();
  for (const { length, place } of lists) {
    out.uint(4, length).uint(8, place ? collections[place.collection]! : 0);
    out.uint(4, place?.index ?? 0);
  }
  return out.finish();
}

/** Pieces of a file one after another, each on a multiple of 8 bytes. */
class FileLayout {
  readonly #start: number;
  readonly #bytes = new Bytes();

  constructor(start: number) {
    this.#start = start;
  }

  /** Address of the end. */
  get end(): number {
    return this.#start + this.#bytes.length;
  }

  /** Adds a piece; returns its address. */
  add(piece: Uint8Array): number {
    const address = this.end;
    this.#bytes.put(piece).pad();
    return address;
  }

  finish(): Uint8Array {
    return this.#bytes.finish();
  }
}

/** Superblock, version 0: eight-byte addresses, the root group's header. */
function superblock(root: number, end: number): Uint8Array {
  const leafK = 4;
  const internalK = 16;
  const out = new Bytes().put(Uint8Array.from(SIGNATURE)).uint(1, 0, 0, 0, 0, 0, 8, 8, 0);
  out.uint(2, leafK, internalK).uint(4, 0).uint(8, 0).noAddress().uint(8, end).noAddress();
  return out.uint(8, 0, root).uint(4, 0, 0).uint(8, 0, 0).finish();
}
