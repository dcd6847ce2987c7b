import { afterEach, describe, expect, test } from "vitest";
import { DISPLAY } from "../../src/host/index.ts";
import { Rng } from "../../src/random/index.ts";
import { encodeColors } from "../../widgets/latent/color.ts";
import { SelectionHistory } from "../../widgets/latent/history.ts";
import { latentView, pointsInPolygon, Selection } from "../../widgets/latent/index.ts";
import { combineMasks, countBits, maskIndices, maskOf } from "../../widgets/latent/mask.ts";
import { NO_COLOR, quantise } from "../../widgets/latent/state.ts";
import { FakeHost } from "./fake-host.ts";

let host: FakeHost | undefined;
afterEach(() => {
  host?.uninstall();
  host = undefined;
});

const square = [
  [0, 0],
  [10, 0],
  [10, 10],
  [0, 10],
] as const;
/** Points (0, 0), (1, 1), … (n - 1, n - 1). */
const diagonal = (n: number) => ({
  data: Float64Array.from({ length: 2 * n }, (_, i) => i >> 1),
  shape: [n, 2] as const,
});

describe("masks", () => {
  test("maskOf() and maskIndices() are inverse", () => {
    const indices = [0, 7, 8, 63, 99];
    expect([...maskIndices(maskOf(indices, 100))]).toEqual(indices);
    expect(maskOf(indices, 100).length).toBe(13);
    expect([...maskIndices(maskOf(indices, 100), 2)]).toEqual([0, 7]);
    expect(() => maskOf([100], 100)).toThrow("indices must be integers from 0 to 99: current value is 100");
  });
  test("combineMasks() replaces, adds, subtracts and intersects", () => {
    const [a, b] = [maskOf([1, 2, 3], 9), maskOf([3, 8], 9)];
    const joined = (how: Parameters<typeof combineMasks>[2]) => [...maskIndices(combineMasks(a, b, how))];
    expect(joined("replace")).toEqual([3, 8]);
    expect(joined("add")).toEqual([1, 2, 3, 8]);
    expect(joined("subtract")).toEqual([1, 2]);
    expect(joined("intersect")).toEqual([3]);
  });
});

describe("pointsInPolygon()", () => {
  test("agrees with the plain crossing rule on random points and a self-crossing polygon", () => {
    const rng = new Rng(5);
    const uniform = () => rng.uniform();
    const xy = Float64Array.from({ length: 4000 }, () => 10 * uniform());
    const polygon = Array.from({ length: 40 }, () => [10 * uniform(), 10 * uniform()] as const);
    const inside = (x: number, y: number) => {
      let odd = false;
      polygon.forEach(([x0, y0], i) => {
        const [x1, y1] = polygon[(i + 1) % polygon.length] as readonly [number, number];
        if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) odd = !odd;
      });
      return odd;
    };
    const expected = Array.from({ length: 2000 }, (_, i) => i).filter((i) =>
      inside(xy[2 * i] as number, xy[2 * i + 1] as number),
    );
    expect(expected.length).toBeGreaterThan(300);
    expect([...maskIndices(pointsInPolygon(xy, polygon))]).toEqual(expected);
  });
  test("selects nothing with fewer than three corners and skips NaN", () => {
    expect(
      countBits(
        pointsInPolygon(
          [1, 1],
          [
            [0, 0],
            [2, 2],
          ],
        ),
      ),
    ).toBe(0);
    expect(countBits(pointsInPolygon([Number.NaN, 1, 5, 5], square))).toBe(1);
  });
});

describe("encodeColors()", () => {
  test("takes strings, integers and booleans as categories, in natural order", () => {
    const { kind, codes, categories } = encodeColors(["b10", "b2", null, "b10"]);
    expect({ kind, codes: [...codes], categories }).toEqual({
      kind: "category",
      codes: [1, 0, NO_COLOR, 1],
      categories: ["b2", "b10"],
    });
    expect(encodeColors(Int32Array.of(2, 0, 2), { categories: ["AGN", "YSO", "XRB"] })).toMatchObject({
      kind: "category",
      categories: ["AGN", "XRB"],
    });
    expect(encodeColors([true, false]).categories).toEqual(["false", "true"]);
  });
  test("takes other numbers as a scale that one outlier does not stretch", () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => (i === 0 ? 1e9 : i / 1000));
    const { kind, domain, codes } = encodeColors(values);
    expect(kind).toBe("number");
    expect(domain[1]).toBeLessThan(1);
    expect(codes[0]).toBe(254);
    expect(encodeColors([0.5, Number.NaN]).codes[1]).toBe(NO_COLOR);
    expect(encodeColors([1.5, 100, 1e4], { scale: "log" }).domain[1]).toBeCloseTo(1e4, 5);
  });
  test("refuses more categories than a byte holds", () => {
    expect(() => encodeColors(Array.from({ length: 300 }, (_, i) => `c${i}`))).toThrow(
      /at most 254: current value is 300/,
    );
  });
});

describe("SelectionHistory", () => {
  const [nothing, some, more] = [maskOf([], 8), maskOf([1], 8), maskOf([1, 2], 8)];
  test("goes back and forth between selections; a new one ends the way forth", () => {
    const history = new SelectionHistory();
    history.note(nothing);
    history.note(some);
    expect(history.undo(more)).toBe(some);
    expect(history.undo(some)).toBe(nothing);
    expect(history.undo(nothing)).toBeUndefined();
    expect([history.canUndo, history.canRedo]).toEqual([false, true]);
    expect(history.redo(nothing)).toBe(some);
    history.note(some);
    expect([history.redo(more), history.undo(more)]).toEqual([undefined, some]);
  });
});

describe("quantise()", () => {
  test("keeps positions to 1 part in 65,534 of the extent", () => {
    const { grid, domain } = quantise([-3, 10, 5, 30, 1, 17]);
    expect(domain).toEqual([-3, 5, 10, 30]);
    expect([...grid.subarray(0, 4)]).toEqual([0, 0, 65534, 65534]);
    expect(-3 + (8 * (grid[4] as number)) / 65534).toBeCloseTo(1, 3);
  });
  test("survives equal positions, and gives missing ones no place", () => {
    expect([...quantise([2, 2, 2, 2]).grid]).toEqual([32767, 32767, 32767, 32767]);
    expect([...quantise([Number.NaN, 1, 0, 0, 1, 1]).grid]).toEqual([65535, 65535, 0, 0, 65534, 65534]);
  });
});

describe("latentView()", () => {
  test("sends 5 bytes a point and shows itself as a widget", () => {
    host = new FakeHost().install();
    const view = latentView({ xy: diagonal(1000), color: Int32Array.from({ length: 1000 }, (_, i) => i % 3) });
    const bundle = view[DISPLAY]();
    expect(bundle["text/plain"]).toBe("LatentView(1,000 points, 0 selected)");
    const open = host.sent[0];
    const bytes = (open?.buffers ?? []).reduce((sum, buffer) => sum + buffer.byteLength, 0);
    expect(bytes).toBe(5 * 1000 + 125);
    expect(open?.data.state).toMatchObject({
      _model_name: "LatentViewModel",
      n: 1000,
      color_kind: "category",
      categories: ["0", "1", "2"],
    });
  });
  test("selection is read, set and awaited in the kernel", async () => {
    const names = Array.from({ length: 20 }, (_, i) => `src ${i}`);
    const { selection } = latentView({ xy: diagonal(20), sources: names });
    const next = selection.next();
    const sizes: number[] = [];
    const remove = selection.onChange(({ size }) => sizes.push(size));
    selection.lasso([
      [2.5, 2.5],
      [6.5, 2.5],
      [6.5, 6.5],
      [2.5, 6.5],
    ]);
    expect([...selection]).toEqual([3, 4, 5, 6]);
    expect((await next).names).toEqual(["src 3", "src 4", "src 5", "src 6"]);
    expect(selection.polygon.length).toBe(4);
    selection.set([4, 9], { combine: "subtract" });
    expect([...selection.indices]).toEqual([3, 5, 6]);
    selection.set((i) => i > 17);
    expect(selection.rows).toEqual(["src 18", "src 19"]);
    expect(selection.mask.reduce((sum, bit) => sum + bit)).toBe(2);
    expect(selection.has(18) && !selection.has(3)).toBe(true);
    selection.set(Array.from({ length: 20 }, (_, i) => i < 1));
    remove();
    selection.clear();
    expect(sizes).toEqual([4, 3, 2, 1]);
    expect(selection.size).toBe(0);
    expect(selection).toBeInstanceOf(Selection);
  });
  test("selection follows the lasso in the browser", () => {
    host = new FakeHost().install();
    const view = latentView({ xy: diagonal(20) });
    view[DISPLAY]();
    host.fromBrowser(
      view.model.id,
      { method: "update", state: { polygon: [], focus: 9 }, buffer_paths: [["selection"]] },
      [maskOf([9, 12], 20)],
    );
    expect([...view.selection.indices]).toEqual([9, 12]);
    expect(view.selection.focus).toBe(9);
    expect(host.messages(view.model.id).filter(({ data }) => data.method === "update")).toEqual([]);
  });
  test("takes names, colours and details from the columns of a catalogue", () => {
    const columns: Record<string, unknown> = {
      name: ["a ", "b"],
      hr: Float64Array.of(0.1, 0.9),
      flux: Float32Array.of(1, 2),
    };
    const catalog = {
      numRows: 2,
      columns: [{ name: "name" }, { name: "hr" }, { name: "flux", unit: "erg/s/cm2" }],
      column: (name: string) => columns[name],
      filter: (mask: Uint8Array) => `rows ${mask}`,
    };
    const view = latentView({ xy: diagonal(2), sources: catalog, color: "hr", details: ["flux"], selected: [1] });
    expect(view.selection.names).toEqual(["b"]);
    expect(view.selection.rows).toBe("rows 0,1");
    expect(view.model.state).toMatchObject({
      color_kind: "number",
      color_label: "hr",
      details: [{ label: "flux", unit: "erg/s/cm2" }],
    });
  });
  test("escapes names in the selection's display", () => {
    const { selection } = latentView({ xy: diagonal(2), names: ["<img src=x>", "b"], selected: [0] });
    expect(selection[DISPLAY]()["text/html"]).toContain("&lt;img src=x&gt;");
  });
  test("refuses lists of the wrong length", () => {
    expect(() => latentView({ xy: diagonal(3), names: ["a"] })).toThrow(
      "names must have 3 entries, one per point: current length is 1",
    );
    expect(() => latentView({ xy: diagonal(3), color: [1, 2] })).toThrow("color must have 3 values");
    expect(() => latentView({ xy: diagonal(3), color: "hr" })).toThrow("sources must be a catalogue");
    expect(() => latentView({ xy: { data: new Float64Array(6), shape: [2, 3] as never } })).toThrow(
      /shape must be \(any, 2\)/,
    );
  });
});
