import { DISPLAY } from "../host/index.ts";
import { Rng } from "../random/index.ts";
import { emulationBundle } from "./display.ts";
import type { PileupParameters } from "./forward.ts";

/** What `emulate` found, as plain data; arrays have shape (nChannels,). */
export interface PileupEmulationData {
  readonly name: string;
  readonly loKeV: Float64Array;
  readonly hiKeV: Float64Array;
  readonly exposureSec: number;
  readonly parameters: PileupParameters;
  /** Expected counts if every photon were read alone. */
  readonly unpiled: Float64Array;
  /** Expected counts with pile-up: the core's orders and the wings. */
  readonly piled: Float64Array;
  /** Makes the counts of the core's events by number of photons, index 0 empty. */
  readonly makeOrders: () => readonly Float64Array[];
  /** Counts of the unpiled wings of the point spread. */
  readonly wings: Float64Array;
  /** Photons per frame and region in the core. */
  readonly photonsPerFrame: number;
  /** Share of the core's events that hold more than one photon. */
  readonly pileupFraction: number;
  /** Whether the orders summed hold all but 1e-5 of the Poisson probability. */
  readonly complete: boolean;
}

const total = (counts: Float64Array) => counts.reduce((sum, value) => sum + value, 0);

/** A spectrum with and without pile-up. Shows itself as both, with the piled orders. */
export class PileupEmulation {
  readonly name: string;
  readonly loKeV: Float64Array;
  readonly hiKeV: Float64Array;
  readonly exposureSec: number;
  readonly parameters: PileupParameters;
  readonly unpiled: Float64Array;
  readonly piled: Float64Array;
  readonly wings: Float64Array;
  readonly photonsPerFrame: number;
  readonly pileupFraction: number;
  readonly complete: boolean;
  readonly #makeOrders: () => readonly Float64Array[];
  #orders: readonly Float64Array[] | undefined;

  constructor(data: PileupEmulationData) {
    this.name = data.name;
    this.loKeV = data.loKeV;
    this.hiKeV = data.hiKeV;
    this.exposureSec = data.exposureSec;
    this.parameters = data.parameters;
    this.unpiled = data.unpiled;
    this.piled = data.piled;
    this.#makeOrders = data.makeOrders;
    this.wings = data.wings;
    this.photonsPerFrame = data.photonsPerFrame;
    this.pileupFraction = data.pileupFraction;
    this.complete = data.complete;
  }

  /** Counts of the core's events by number of photons, index 0 empty; found when first asked for. */
  get orders(): readonly Float64Array[] {
    return (this.#orders ??= this.#makeOrders());
  }

  /** Expected counts/s without and with pile-up. */
  get unpiledRate(): number {
    return total(this.unpiled) / this.exposureSec;
  }
  get piledRate(): number {
    return total(this.piled) / this.exposureSec;
  }

  /** One observation of the piled spectrum: Poisson counts per channel. @param seed Any integer. Default 1. */
  sample(seed = 1): Float64Array {
    const rng = new Rng(seed);
    return this.piled.map((mean) => rng.poisson(mean));
  }

  [DISPLAY]() {
    return emulationBundle(this);
  }
}
