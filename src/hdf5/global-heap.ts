import { Bytes } from "./bytes.ts";

/** Where the values of one list lie: a collection's number and the index there, from 1. */
export interface HeapPlace {
  readonly collection: number;
  readonly index: number;
}

const SMALLEST = 4096;
/** A collection is closed when it is this long; the library reads each as a whole. */
const CLOSED_AT = 2 ** 16;
/** Bytes of a collection's and of an object's header. */
const HEADER = 16;

/**
 * Collections of lists, as many to one as fit 64 kB, each list on a multiple of 8 bytes.
 *
 * @see HDF5 File Format Specification 3.0, III.E
 */
export class GlobalHeap {
  readonly #collections: Bytes[] = [];
  #index = 0;

  /** Adds the bytes of a list. */
  add(data: Uint8Array): HeapPlace {
    const last = this.#collections.at(-1);
    const isOpen = last !== undefined && last.length + HEADER + data.length <= CLOSED_AT;
    const collection = isOpen ? last : new Bytes();
    if (!isOpen) {
      this.#collections.push(collection);
      this.#index = 0;
    }
    this.#index++;
    collection.uint(2, this.#index, 1).uint(4, 0).uint(8, data.length).put(data).pad();
    return { collection: this.#collections.length - 1, index: this.#index };
  }

  /** The collections, each with its free space at the end as object 0. */
  finish(): Uint8Array[] {
    return this.#collections.map((objects) => {
      const size = Math.max(SMALLEST, HEADER + objects.length + HEADER);
      const free = size - HEADER - objects.length;
      const out = new Bytes().text("GCOL").uint(1, 1, 0, 0, 0).uint(8, size).put(objects.finish());
      return out
        .uint(2, 0, 0)
        .uint(4, 0)
        .uint(8, free)
        .put(new Uint8Array(free - HEADER))
        .finish();
    });
  }
}
