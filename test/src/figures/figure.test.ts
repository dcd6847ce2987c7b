import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { Catalog } from "../../../src/catalog/index.ts";
import { figure } from "../../../src/figures/index.ts";
import { DISPLAY } from "../../../src/host/index.ts";

const folder = mkdtempSync(join(tmpdir(), "photonbook-figures-"));
afterAll(() => rmSync(folder, { recursive: true }));

const values = Array.from({ length: 20 }, (_, i) => ({ t: i, rate: Math.sin(i) ** 2, kind: i % 2 ? "star" : "AGN" }));
const spec = {
  title: "Rates of two sources",
  data: { values },
  mark: "point",
  encoding: {
    x: { field: "t", type: "quantitative", title: "Time (ks)" },
    y: { field: "rate", type: "quantitative", title: "Rate (s⁻¹)" },
    color: { field: "kind", type: "nominal" },
  },
};

/** What `pdffonts` says of each font, or undefined where poppler is not installed. */
function pdfFonts(path: string): string[] | undefined {
  try {
    return execFileSync("pdffonts", [path], { encoding: "utf8" }).trim().split("\n").slice(2);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

describe("Figure.pdf()", () => {
  it("embeds every font as TrueType, regular and bold, none as Type 3", async () => {
    const path = await figure(spec).save(join(folder, "figure.pdf"));
    const text = readFileSync(path, "latin1");
    expect(text.slice(0, 5)).toBe("%PDF-");
    expect(text).not.toMatch(/\/Subtype \/Type3/);
    // One TrueType program per face: regular, and bold for the title.
    expect(text.match(/\/FontFile2 /g)).toHaveLength(2);
    expect(text).toMatch(/DejaVuSans-Bold/);
    for (const line of pdfFonts(path) ?? []) expect(line).toMatch(/DejaVu.*CID TrueType +\S+ +yes yes yes/);
  });

  it("is a vector page of the column's width", async () => {
    const text = Buffer.from(await figure(spec, { width: "double" }).pdf()).toString("latin1");
    const [, width] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(text)!;
    expect(Number(width)).toBeCloseTo((180 * 72) / 25.4, 0);
    expect(text).not.toMatch(/\/Subtype \/Image/);
  });

  it("gives the same bytes for the same figure", async () => {
    const [one, two] = [await figure(spec).pdf(), await figure(spec).pdf()];
    const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
    expect(hash(one)).toBe(hash(two));
  });
});

describe("Figure.png()", () => {
  it("has the resolution it is asked for and says so", async () => {
    const png = Buffer.from(await figure(spec).png({ dpi: 300 }));
    // 249.4 points at 300 dpi, to the whole pixel.
    expect(Math.abs(png.readUInt32BE(16) - (249.4 * 300) / 72)).toBeLessThan(1);
    expect(png.toString("latin1", 37, 41)).toBe("pHYs");
    expect(png.readUInt32BE(41)).toBe(Math.round(300 / 0.0254));
    await expect(figure(spec).png({ dpi: 1 })).rejects.toThrow("dpi must be within 10–2400: current value is 1");
  });
});

describe("Figure.svg()", () => {
  it("is as wide as the column, axes and legend included", async () => {
    const svg = await figure(spec).svg();
    expect(svg).toMatch(/ width="249\.4\d*pt" height="[\d.]+pt"/);
  });

  it("measures text with the font it is drawn in", async () => {
    const { textWidth } = await import("../../../src/figures/fonts.ts");
    const face = { bold: false, italic: false, size: 10 };
    // Advance widths of DejaVu Sans in units of 2048 per em: i 569, W 2025.
    expect(textWidth("iiii", face)).toBeCloseTo((4 * 569 * 10) / 2048, 2);
    expect(textWidth("W", face)).toBeCloseTo((2025 * 10) / 2048, 2);
    expect(textWidth("W", { ...face, bold: true })).toBeGreaterThan(textWidth("W", face));
  });

  it("gives clips and gradients ids that other figures on the page do not have", async () => {
    const clipped = (domain: number[]) =>
      figure({
        ...spec,
        mark: { type: "line", clip: true },
        encoding: { ...spec.encoding, x: { ...spec.encoding.x, scale: { domain } } },
      }).svg();
    const ids = (svg: string) => [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
    const [one, two] = [await clipped([0, 10]), await clipped([0, 5])];
    expect(ids(one).length).toBeGreaterThan(0);
    expect(ids(one).filter((id) => ids(two).includes(id))).toEqual([]);
    for (const [, id] of one.matchAll(/url\(#([^)]+)\)/g)) expect(ids(one)).toContain(id);
  });

  it("draws vega specifications and builders too", async () => {
    const vega = {
      $schema: "https://vega.github.io/schema/vega/v6.json",
      width: 50,
      height: 40,
      marks: [{ type: "rule" }],
    };
    expect(await figure(vega).svg()).toMatch(/^<svg/);
    expect(await figure({ toSpec: () => spec }).svg()).toContain("Rates of two sources");
  });
});

describe("figure() of the user's own data", () => {
  const encoding = { x: { field: "ra", type: "quantitative" }, y: { field: "dec", type: "quantitative" } };
  const catalog = () =>
    new Catalog([
      { name: "ra", unit: "deg", data: Float64Array.of(10, 11, 12.5) },
      { name: "dec", unit: "deg", data: Float64Array.of(-3, 0, 4) },
    ]);

  it("draws a catalogue, an arquero table and rows alike, and changes none", async () => {
    const given = catalog();
    const rows = given.table.objects() as object[];
    const drawn = await Promise.all(
      [given, given.table, rows].map((values) => figure({ mark: "point", data: { values }, encoding } as never).svg()),
    );
    expect(drawn[0]).toContain("<path");
    expect(new Set(drawn).size).toBe(1);
    expect(given.columns.map(({ name }) => name)).toEqual(["ra", "dec"]);
    expect(Array.from(given.numbers("ra"))).toEqual([10, 11, 12.5]);
    expect(Object.getOwnPropertySymbols(rows[0])).toEqual([]);
  });

  it("says which column is missing, and what cannot be drawn", async () => {
    const wrong = { ...encoding, x: { field: "rra", type: "quantitative" } };
    await expect(
      figure({ mark: "point", data: { values: catalog() }, encoding: wrong } as never).svg(),
    ).rejects.toThrow(/"rra"/);
    await expect(figure({ mark: "point", data: { values: new Map() }, encoding } as never).svg()).rejects.toThrow(
      "spec.data.values must be an array of rows, a table or a catalogue: current value is Map",
    );
  });
});

describe("figure() errors", () => {
  const broken = (changes: object) => figure({ ...spec, ...changes }).svg();

  it.each([
    ["an unknown mark", { mark: "pointt" }, "spec.mark must be one of arc, area, bar"],
    ["no view", { mark: undefined, data: { values } }, "spec.mark must be one of"],
    [
      "an unknown field",
      { encoding: { x: { field: "tt", type: "quantitative" } } },
      'spec.encoding.x.field must be one of t, rate, kind: current value is "tt"',
    ],
    [
      "an unknown type",
      { encoding: { x: { field: "t", type: "quant" } } },
      "spec.encoding.x.type must be one of quantitative",
    ],
    ["a broken expression", { transform: [{ filter: "datum.t >" }] }, "Cannot draw figure: "],
  ])("name %s", async (_, changes, message) => {
    await expect(broken(changes)).rejects.toThrow(message);
  });

  it("name the place in layers and say what a view needs", async () => {
    await expect(figure({ layer: [spec, { ...spec, mark: "dott" }] }).svg()).rejects.toThrow(
      "spec.layer[1].mark must be one of",
    );
    await expect(figure({ data: { values } }).svg()).rejects.toThrow("spec must have one of mark, layer");
    expect(() => figure(3 as never)).toThrow("spec must be a vega-lite specification: current value is 3");
    expect(() => figure(spec, { width: -1 })).toThrow("width must be within 0–2000 mm");
    await expect(figure(spec).save("plot.jpg")).rejects.toThrow(
      'path must end in .svg, .png or .pdf: current value is "plot.jpg"',
    );
  });

  it("say that data cannot be read", async () => {
    const lost = figure({ ...spec, data: { url: join(folder, "lost.csv") } });
    await expect(lost.svg()).rejects.toThrow("its data must be readable: Loading failed");
  });

  it("lays out facets and concatenations without warnings", async () => {
    const facet = figure({ ...spec, encoding: { ...spec.encoding, row: { field: "kind" } } });
    const pair = figure({ hconcat: [spec, spec] }, { width: "double" });
    const [, facetWidth] = / width="([\d.]+)pt"/.exec(await facet.svg())!;
    const [, pairWidth] = / width="([\d.]+)pt"/.exec(await pair.svg())!;
    expect([facet.warnings, pair.warnings]).toEqual([[], []]);
    // Room for axes is estimated: a composition fills its column to a quarter.
    expect(Math.abs(Number(facetWidth) / 249.4 - 1)).toBeLessThan(0.25);
    expect(Math.abs(Number(pairWidth) / 510.2 - 1)).toBeLessThan(0.25);
  });

  it("collects warnings and prints nothing", async () => {
    const warn = vi.spyOn(console, "warn");
    const plot = figure({ ...spec, encoding: { ...spec.encoding, xx: { field: "t" } } });
    const shown = await plot[DISPLAY]();
    expect(plot.warnings).toEqual(["xx-encoding is dropped as xx is not a valid encoding channel."]);
    expect(shown["text/html"]).toContain("xx-encoding is dropped");
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});

describe("Figure[DISPLAY]()", () => {
  it("shows an SVG on white paper", async () => {
    const shown = await figure(spec)[DISPLAY]();
    expect(shown["image/svg+xml"]).toMatch(/^<svg[^>]*>\s*<rect[^>]*fill="white"/);
    expect(shown["text/plain"]).toMatch(/^Figure, 88 × \d+ mm$/);
  });
});
