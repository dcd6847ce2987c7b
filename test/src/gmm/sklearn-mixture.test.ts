import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GaussianMixture, type MixtureParameters, PickleError, readSklearnMixture } from "../../../src/gmm/index.ts";
import { Rng } from "../../../src/random/index.ts";
import { sharedData } from "../../shared-data.ts";

const folder = join(import.meta.dirname, "../../fixtures/gmm");
const fixture = (name: string): Uint8Array => readFileSync(join(folder, "pickles", `${name}.pkl`));
const expected = JSON.parse(readFileSync(join(folder, "pickles.json"), "utf8")) as {
  rows: number[][];
  cases: Record<string, MixtureParameters & { labels: number[] }>;
};
const published = (): Uint8Array => readFileSync(sharedData("catalogs", "umlcaxs", "gmm_model.pkl"));

describe("readSklearnMixture()", () => {
  it("reads the published mixture to the last bit", () => {
    const mixture = readSklearnMixture(published(), { name: "gmm_model.pkl" });
    const recovered = JSON.parse(readFileSync(sharedData("catalogs", "umlcaxs", "gmm_recovered.json"), "utf8"));
    const { weights, means, covariances } = recovered as MixtureParameters;
    expect(mixture.toJSON()).toEqual({ covarianceType: "full", weights, means, covariances });
  });

  it.each(Object.keys(expected.cases))("reads what scikit-learn 1.9.1 wrote: %s", (name) => {
    const { labels, ...parameters } = expected.cases[name];
    const mixture = readSklearnMixture(fixture(name));
    expect(mixture).toBeInstanceOf(GaussianMixture);
    expect(mixture.toJSON()).toEqual(parameters);
    expect([...mixture.labels(expected.rows)]).toEqual(labels);
  });

  it("says what a pickle is that is no fitted mixture", () => {
    const read = (name: string) => () => readSklearnMixture(fixture(name), { name });
    expect(read("unfitted")).toThrow('Cannot read pickle "unfitted": the mixture must be fitted: it has no weights_');
    expect(read("array")).toThrow(/must hold an sklearn\.mixture GaussianMixture: found an array of numpy type "f8"$/);
    expect(() => readSklearnMixture(renamed("GaussianMixture", "GaussianWixture"))).toThrow(
      /found sklearn\.mixture\._gaussian_mixture\.GaussianWixture$/,
    );
    expect(() => readSklearnMixture(renamed("means_", "meanz_"))).toThrow(/must be fitted: it has no means_$/);
    expect(() => readSklearnMixture(renamed("full", "fool"))).toThrow(/covarianceType must be one of .*"fool"$/);
  });

  it("refuses numbers that make no mixture, with the cause", () => {
    const bytes = fixture("full-protocol4").slice();
    const weight = indexOf(bytes, "weights_") + "weights_".length;
    const at = indexOf(bytes, "C\x10", weight) + 2;
    bytes.fill(0, at, at + 8);
    const read = () => readSklearnMixture(bytes, { name: "bad.pkl" });
    expect(read).toThrow(PickleError);
    expect(read).toThrow(/"bad\.pkl": Cannot make a mixture: weights must be >= 0 and sum to 1/);
    bytes.fill(0xff, at, at + 8);
    expect(read).toThrow(/weights_ must be an array of finite numbers/);
  });

  it("refuses sizes that would take minutes to factorise", () => {
    const d = 5000;
    const bytes = spherical(d);
    expect(() => readSklearnMixture(bytes)).toThrow(/K·d³ <= 2000000000: current shapes are \(1\), \(1, 5000\)$/);
    expect(readSklearnMixture(spherical(50)).nFeatures).toBe(50);
  });
});

describe("readSklearnMixture() of damaged files", () => {
  const files = readdirSync(join(folder, "pickles")).map((name) => readFileSync(join(folder, "pickles", name)));

  it("refuses every file cut short", () => {
    for (const file of files) {
      for (let length = 0; length < file.length; length += file.length > 3000 ? 7 : 1) {
        expect(() => readSklearnMixture(file.subarray(0, length))).toThrow(PickleError);
      }
    }
  });

  it("reads or refuses 6000 mutated files, each quickly and with no other error", () => {
    const rng = new Rng(20241024);
    const pool = [...files, published()];
    const opcodes = Uint8Array.from(
      "(.012NKMJGXCB]})tabesuqrhjcR\x80\x81\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96",
      (c) => c.charCodeAt(0),
    );
    let refused = 0;
    let slowestMs = 0;
    for (let trial = 0; trial < 6000; trial++) {
      const bytes = mutate(pool[trial % pool.length], pool, opcodes, rng);
      const startMs = performance.now();
      try {
        expect(readSklearnMixture(bytes).nComponents).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof PickleError)) throw error;
        refused++;
      }
      slowestMs = Math.max(slowestMs, performance.now() - startMs);
    }
    expect(refused).toBeGreaterThan(2000);
    expect(refused).toBeLessThan(6000);
    // A file is read in well under a millisecond; a second leaves room for a machine that is busy.
    expect(slowestMs).toBeLessThan(1000);
  });
});

/** One to six changes: bytes flipped or replaced, operations put in, pieces dropped, doubled or taken from another. */
function mutate(file: Uint8Array, pool: readonly Uint8Array[], opcodes: Uint8Array, rng: Rng): Uint8Array {
  const below = (n: number) => Math.floor(rng.uniform() * n);
  let bytes = Buffer.from(file);
  for (let change = below(6); change >= 0; change--) {
    const at = below(bytes.length);
    const length = 1 + below(12);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    const other = pool[below(pool.length)];
    const kind = below(7);
    if (kind === 0) bytes[at] ^= 1 << below(8);
    else if (kind === 1) bytes[at] = below(256);
    else if (kind === 2) bytes[at] = opcodes[below(opcodes.length)];
    else if (kind === 3)
      bytes = Buffer.concat([before, Uint8Array.of(opcodes[below(opcodes.length)], below(256)), after]);
    else if (kind === 4) bytes = Buffer.concat([before, after.subarray(length)]);
    else if (kind === 5) bytes = Buffer.concat([before, after.subarray(0, length), after]);
    else bytes = Buffer.concat([before, other.subarray(below(other.length))]);
  }
  return bytes;
}

function indexOf(bytes: Uint8Array, part: string, from = 0): number {
  return Buffer.from(bytes).indexOf(part, from, "latin1");
}

/** The fixture of protocol 4 with one text replaced by another of its length. */
function renamed(from: string, to: string): Uint8Array {
  const text = Buffer.from(fixture("full-protocol4")).toString("latin1");
  expect(text.split(from).length).toBeGreaterThan(1);
  return Buffer.from(text.replaceAll(from, to), "latin1");
}

/** One round component in d features, as a pickle of protocol 4 with arrays from `_frombuffer`. */
function spherical(d: number): Uint8Array {
  const size = (n: number) => String.fromCharCode(n & 255, (n >> 8) & 255, (n >> 16) & 255, 0);
  const text = (value: string) => `\x8c${String.fromCharCode(value.length)}${value}`;
  const ones = (count: number) => `B${size(8 * count)}${"\0\0\0\0\0\0\xf0\x3f".repeat(count)}`;
  const f8 = `cnumpy\ndtype\n${text("f8")}\x85R`;
  const array = (shape: string, count: number) =>
    `cnumpy._core.numeric\n_frombuffer\n(${ones(count)}${f8}${shape}${text("C")}tR`;
  const entries = [
    text("weights_") + array("K\x01\x85", 1),
    text("means_") + array(`K\x01J${size(d)}\x86`, d),
    text("covariances_") + array("K\x01\x85", 1),
    text("covariance_type") + text("spherical"),
  ];
  const program = `\x80\x04csklearn.mixture._gaussian_mixture\nGaussianMixture\n)\x81}(${entries.join("")}ub.`;
  return Buffer.from(program, "latin1");
}
