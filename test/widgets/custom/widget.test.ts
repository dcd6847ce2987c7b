import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Widget } from "../../../widgets/core/index.ts";
import { type CustomWidgetOptions, widget } from "../../../widgets/custom/index.ts";
import { FakeHost } from "../fake-host.ts";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost().install();
});
afterEach(() => {
  Widget.closeAll();
  host.uninstall();
});

interface Loaded {
  readonly default: { readonly [name: string]: (context: object) => unknown };
}
/** The module that a front end would load. */
function esmOf(custom: Widget): Promise<Loaded> {
  custom.model.open();
  const text = String(custom.model.state._esm);
  return import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`) as Promise<Loaded>;
}
const user = (custom: Widget, state: object, buffers: readonly Uint8Array[] = [], paths: readonly string[][] = []) =>
  host.fromBrowser(custom.model.id, { method: "update", state: state as never, buffer_paths: paths }, buffers);

describe("widget()", () => {
  test("has the keys of its state as properties, the same on both sides", () => {
    const counter = widget({ state: { count: 0, label: "photons" }, render() {} });
    counter.model.open();
    const seen = vi.fn();
    counter.observe(({ old, new: now, fromBrowser }) => seen(old, now, fromBrowser), "count");
    counter.count = 41;
    user(counter, { count: 42 });
    expect([counter.count, counter.label]).toEqual([42, "photons"]);
    expect(seen.mock.calls).toEqual([
      [0, 41, false],
      [41, 42, true],
    ]);
    const methods = host.messages(counter.model.id).map(({ data }) => [data.method, data.state]);
    expect(methods).toEqual([
      ["update", { count: 41 }],
      ["echo_update", { count: 42 }],
    ]);
  });

  test("takes nothing from the browser but its state: code and style stay as they are", () => {
    const safe = widget({ state: { a: 1 }, render() {}, css: ".a {}" });
    safe.model.open();
    const { _esm: esm } = safe.model.state;
    user(safe, { _esm: "export default {}", _css: "x", a: 2 });
    expect([safe.model.state._esm === esm, safe.model.state._css, safe.a]).toEqual([true, ".a {}", 2]);
  });

  test("keeps the kind of binary values that come back from the browser, and refuses parts of elements", () => {
    const image = widget({ state: { pixels: Float32Array.of(1, 2) }, render() {} });
    image.model.open();
    user(image, {}, [new Uint8Array(Float32Array.of(3, 4, 5).buffer)], [["pixels"]]);
    expect(image.pixels).toEqual(Float32Array.of(3, 4, 5));
    user(image, {}, [new Uint8Array(6)], [["pixels"]]);
    expect(image.pixels).toEqual(Float32Array.of(3, 4, 5));
    expect(host.errors.map(String)).toEqual([
      "RangeError: Cannot set pixels: it must be whole elements of Float32Array, 4 bytes each: current value has 6 bytes",
    ]);
  });

  test("names the key that a widget has already", () => {
    for (const key of ["close", "observe", "model", "_esm", "_view_name", "layout"]) {
      expect(() => widget({ state: { [key]: 1 }, render() {} })).toThrow(`current value is "${key}"`);
    }
  });
});

describe("the module that widget() sends", () => {
  const draw = ({ model }: { model: { get(name: "n"): number } }) => model.get("n") + 1;
  const cases: { [kind: string]: CustomWidgetOptions<{ n: number }>["render"] } = {
    "a method": { render: ({ model }: Parameters<typeof draw>[0]) => model.get("n") + 1 }.render,
    "an arrow function": draw,
    "a method with a body": {
      render({ model }: Parameters<typeof draw>[0]) {
        return model.get("n") + 1;
      },
    }.render,
    "a function": function named({ model }: Parameters<typeof draw>[0]) {
      return model.get("n") + 1;
    },
    "an asynchronous method": {
      async render({ model }: Parameters<typeof draw>[0]) {
        return (await model.get("n")) + 1;
      },
    }.render,
    "the text of a module": "export default { render: ({ model }) => model.get('n') + 1 };",
  };
  test.each(Object.keys(cases))("runs in the browser as it was written: %s", async (kind) => {
    const made = widget({ state: { n: 2 }, render: cases[kind]! });
    const module = await esmOf(made);
    expect(await module.default.render!({ model: { get: () => 2 } })).toBe(3);
  });

  test("has initialize where it is given", async () => {
    const made = widget({ state: { n: 2 }, render() {}, initialize: () => () => "cleaned" });
    const { default: code } = await esmOf(made);
    expect((code.initialize!({}) as () => string)()).toBe("cleaned");
  });

  test("cannot be made of what has no source, or of a text without exports", () => {
    expect(() => widget({ state: {}, render: draw.bind(null) as never })).toThrow(
      "Cannot make widget: render must be a function with its source",
    );
    expect(() => widget({ state: {}, render: "alert(1)" })).toThrow('it must have "export default { render }"');
  });
});
