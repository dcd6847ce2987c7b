/**
 * A seeded source of randomness: sfc32, 32-bit words with a 128-bit state.
 *
 * The same seed gives the same numbers on every machine. Instances are cheap; give each worker its own,
 * made with `split`.
 *
 * @see Doty-Humphrey, PractRand: the "small fast counting" generator, 32-bit variant.
 */
export class Rng {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spareNormal: number | undefined;

  /** @param seed Any integer; numbers that differ give unrelated streams. @param stream Stream number, default 0. */
  constructor(seed: number, stream = 0) {
    if (!Number.isSafeInteger(seed)) {
      throw new RangeError(`Cannot seed the random generator: seed must be an integer: current value is ${seed}`);
    }
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / 2 ** 32) >>> 0;
    this.#c = stream >>> 0;
    for (let round = 0; round < 15; round++) this.uint32();
  }

  /** The next 32 random bits, 0 to 2³²−1. */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) >>> 0;
    this.#counter = (this.#counter + 1) >>> 0;
    this.#a = (this.#b ^ (this.#b >>> 9)) >>> 0;
    this.#b = (this.#c + (this.#c << 3)) >>> 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) >>> 0;
    return sum;
  }

  /** Uniform on [0, 1) with 53 random bits. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** Uniform integer on [0, bound), without modulo bias. */
  integer(bound: number): number {
    const limit = 4294967296 - (4294967296 % bound);
    let word = this.uint32();
    while (word >= limit) word = this.uint32();
    return word % bound;
  }

  /** Standard normal deviate (polar method). */
  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        this.#spareNormal = v * scale;
        return u * scale;
      }
    }
  }

  /** Exponential deviate with mean 1. */
  exponential(): number {
    return -Math.log1p(-this.uniform());
  }

  /**
   * Poisson deviate, by counting exponential waiting times below 30 and by splitting the mean above:
   * a sum of independent Poisson variates is Poisson, so this is exact at any mean.
   */
  poisson(mean: number): number {
    if (!(mean >= 0 && mean < Infinity)) {
      throw new RangeError(`Cannot draw a Poisson number: mean must be finite and >= 0: current value is ${mean}`);
    }
    const parts = Math.max(1, Math.ceil(mean / 30));
    const threshold = Math.exp(-mean / parts);
    let total = 0;
    for (let part = 0; part < parts; part++) {
      let product = this.uniform();
      while (product > threshold) {
        total++;
        product *= this.uniform();
      }
    }
    return total;
  }

  /** Shuffles an array in place (Fisher–Yates). */
  shuffleInto<T extends Uint32Array | Int32Array | number[]>(out: T): T {
    for (let last = out.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const kept = out[last] as number;
      out[last] = out[other] as number;
      out[other] = kept;
    }
    return out;
  }

  /** An independent generator, for a worker or a source, derived from this one's state. */
  split(stream: number): Rng {
    return new Rng(this.uint32(), stream);
  }
}
