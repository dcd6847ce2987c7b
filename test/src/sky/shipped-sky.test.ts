import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { simulateSky, skyProducts } from "../../../src/sky/index.ts";

const folder = join(import.meta.dirname, "../../../data/sky");

describe("data/sky", () => {
  it("is what the simulator makes today (else run: node data/make-sky.ts)", () => {
    const shipped = new Map<string, Uint8Array>();
    for (const name of readdirSync(folder).filter((name) => name.endsWith(".gz"))) {
      shipped.set(name.slice(0, -3), gunzipSync(readFileSync(join(folder, name))));
    }
    for (const name of readdirSync(join(folder, "events"))) {
      shipped.set(name, gunzipSync(readFileSync(join(folder, "events", name))));
    }
    const made = [...skyProducts(simulateSky({ nSources: 24, seed: 1 }))];
    expect([...shipped.keys()].sort()).toEqual(made.map(({ name }) => name).sort());
    for (const { name, bytes } of made) expect(Buffer.compare(bytes, shipped.get(name)!), name).toBe(0);
  });
});
