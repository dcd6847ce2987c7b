import type { PpadConfig } from "./config.ts";
import type { PackedPopulation } from "./population.ts";

/** The rows of one chunk, columns of a table; see `pointProcessLoss` in src/linalg/assembly for what they mean. */
export interface RowTable {
  readonly capacity: number;
  readonly time: Float64Array;
  readonly slot: Int32Array;
  readonly band: Int32Array;
  readonly eventWeight: Float32Array;
  readonly nodeWeight: Float32Array;
  /** Of events: known background in their band, counts per decoder unit. */
  readonly background: Float32Array;
  readonly linkWeight: Float32Array;
}

/** How a source is turned into rows. */
export interface Sampling {
  readonly rule: PpadConfig["quadrature"]["rule"];
  readonly nodes: number;
  /** Steps between nodes, plus one, that the mean variation is over; else it would grow as nodes become fewer. */
  readonly meanNodes: number;
  readonly maxEvents: number;
}

/** How training turns sources into rows. */
export function trainingSampling({ quadrature, maxEvents }: PpadConfig): Sampling {
  return { ...quadrature, meanNodes: quadrature.nodes, maxEvents };
}

/** Mixes 32 bits (a two-round multiply–shift finaliser). */
function mix(word: number): number {
  let x = word | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Key of the random numbers that a source uses in a step: the same on every thread and in every order of work. */
export function rowKey(seed: number, step: number, source: number): number {
  return mix(mix(mix(seed) ^ Math.imul(step, 0x85ebca6b)) ^ Math.imul(source, 0xc2b2ae35));
}

/** Uniform number in (0, 1): number `index` of the stream `key`. */
export function keyedUniform(key: number, index: number): number {
  return (mix(key + Math.imul(index, 0x9e3779b9)) + 0.5) / 4294967296;
}

/**
 * Writes sources into chunks of rows without padding: any number of sources per chunk, any number of chunks per
 * source. A chain cut by the end of a chunk repeats its next row there with no weight of its own, so that the
 * total variation across the cut is counted once.
 */
export class RowWriter {
  readonly #rows: RowTable;
  readonly #config: PpadConfig;
  readonly #flush: (count: number) => void;
  #count = 0;
  #interval = 0;
  #before = 0;

  /** @param flush Called with the number of rows of each full chunk, before they are overwritten. */
  constructor(rows: RowTable, config: PpadConfig, flush: (count: number) => void) {
    this.#rows = rows;
    this.#config = config;
    this.#flush = flush;
  }

  /** Processes what is left. */
  finish(): void {
    if (this.#count > 0) this.#flush(this.#count);
    this.#count = 0;
  }

  #put(time: number, slot: number, band: number, event: number, node: number, link: number, background = 0): void {
    const rows = this.#rows;
    // The last row is kept for the copy that closes a chain.
    if (this.#count === rows.capacity - 1) {
      const continues = (rows.linkWeight[this.#count - 1] as number) !== 0;
      if (continues) {
        rows.time[this.#count] = time;
        rows.slot[this.#count] = slot;
        rows.band[this.#count] = 0;
        rows.eventWeight[this.#count] = 0;
        rows.nodeWeight[this.#count] = 0;
        rows.linkWeight[this.#count] = 0;
        this.#count++;
      }
      this.finish();
    }
    const row = this.#count++;
    rows.time[row] = time;
    rows.slot[row] = slot;
    rows.band[row] = band;
    rows.eventWeight[row] = event;
    rows.nodeWeight[row] = node;
    rows.background[row] = background;
    rows.linkWeight[row] = link;
  }

  /** Adds the events and the quadrature nodes of one source. */
  addSource(packed: PackedPopulation, source: number, slot: number, sampling: Sampling, key: number): void {
    this.#addEvents(packed, source, slot, sampling, key);
    this.#addNodes(packed, source, slot, sampling, key);
  }

  #addEvents(packed: PackedPopulation, source: number, slot: number, sampling: Sampling, key: number): void {
    const first = packed.eventStart[source] as number;
    const total = (packed.eventStart[source + 1] as number) - first;
    const taken = Math.min(total, sampling.maxEvents);
    const stride = total / taken;
    const start = taken < total ? keyedUniform(key, 0x7fffffff) : 0;
    const link = linkWeight(this.#config, taken);
    const known = source * (this.#config.bandEdgesEv.length - 1);
    for (let i = 0; i < taken; i++) {
      const event = first + Math.min(total - 1, Math.floor((i + start) * stride));
      const time = packed.eventTime[event] as number;
      const band = packed.eventBand[event] as number;
      this.#put(time, slot, band, stride, 0, i < taken - 1 ? link : 0, packed.background[known + band]);
    }
  }

  #addNodes(packed: PackedPopulation, source: number, slot: number, sampling: Sampling, key: number): void {
    const { rule, nodes, meanNodes } = sampling;
    const live = packed.live[source];
    const link = linkWeight(this.#config, meanNodes);
    this.#interval = packed.gtiStart[source];
    this.#before = 0;
    if (rule === "adaptive") {
      this.#addAdaptiveNodes(packed, source, slot, nodes, link, key);
      return;
    }
    for (let i = 0; i < nodes; i++) {
      const at = rule === "stratified" ? (live * (i + keyedUniform(key, i))) / nodes : (live * i) / (nodes - 1);
      const ends = i === 0 || i === nodes - 1 ? 0.5 : 1;
      const weight = rule === "stratified" ? live / nodes : (live * ends) / (nodes - 1);
      this.#put(this.#timeAt(packed, source, at), slot, 0, 0, weight, i < nodes - 1 ? link : 0);
    }
  }

  /**
   * One node in each of `nodes` equal parts of a density that is half uniform in exposure and half uniform over the
   * gaps between events, so its weight is the inverse of the density; gaps of no length, from events in one frame,
   * take no part.
   */
  #addAdaptiveNodes(
    packed: PackedPopulation,
    source: number,
    slot: number,
    nodes: number,
    link: number,
    key: number,
  ): void {
    const live = packed.live[source];
    const first = packed.eventStart[source];
    const last = packed.eventStart[source + 1];
    let gaps = live > packed.eventLive[last - 1] ? 1 : 0;
    for (let i = first; i < last; i++) if (packed.eventLive[i] > (i > first ? packed.eventLive[i - 1] : 0)) gaps++;
    let low = 0;
    let event = first;
    let massBefore = 0;
    let width = packed.eventLive[first];
    let mass = width > 0 ? 0.5 * (width / live + 1 / gaps) : 0;
    for (let i = 0; i < nodes; i++) {
      const quantile = (i + keyedUniform(key, i)) / nodes;
      while (event < last && (quantile > massBefore + mass || mass === 0)) {
        massBefore += mass;
        low = packed.eventLive[event++];
        width = (event < last ? packed.eventLive[event] : live) - low;
        mass = width > 0 ? 0.5 * (width / live + 1 / gaps) : 0;
      }
      const part = mass > 0 ? Math.min(1, (quantile - massBefore) / mass) : 0;
      const weight = mass > 0 ? width / (mass * nodes) : 0;
      this.#put(this.#timeAt(packed, source, low + part * width), slot, 0, 0, weight, i < nodes - 1 ? link : 0);
    }
  }

  /** Time at which a source's exposure reaches a value; values must come in ascending order. */
  #timeAt(packed: PackedPopulation, source: number, live: number): number {
    const last = packed.gtiStart[source + 1] - 1;
    let width = packed.gtiHigh[this.#interval] - packed.gtiLow[this.#interval];
    while (live > this.#before + width && this.#interval < last) {
      this.#before += width;
      this.#interval++;
      width = packed.gtiHigh[this.#interval] - packed.gtiLow[this.#interval];
    }
    return packed.gtiLow[this.#interval] + Math.min(width, live - this.#before);
  }
}

/**
 * Weight of one step of a chain of `count` rows in the total variation. Where only every k-th event is taken, the
 * steps of the sum are fewer but longer, so it needs no factor, nor does the mean.
 */
function linkWeight(config: PpadConfig, count: number): number {
  const { weight, norm } = config.totalVariation;
  if (weight === 0 || count < 2) return 0;
  return norm === "sum" ? weight : weight / ((count - 1) * (config.bandEdgesEv.length - 1));
}
