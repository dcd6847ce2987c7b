import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DISPLAY } from "../../../src/host/index.ts";
import {
  Button,
  Dropdown,
  dlink,
  FileUpload,
  FloatText,
  fixed,
  HBox,
  HTML,
  Image,
  IntSlider,
  IntText,
  interactive,
  jslink,
  Label,
  Layout,
  link,
  Output,
  Text,
  VBox,
  Widget,
} from "../../../widgets/core/index.ts";
import { openWidgets } from "../../../widgets/protocol/index.ts";
import { FakeHost } from "../fake-host.ts";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost().install();
});
afterEach(() => {
  Widget.closeAll();
  host.uninstall();
});

const opens = () => host.sent.filter(({ kind }) => kind === "open").map(({ data }) => data.state._model_name);
/** The user changes something. */
const user = (widget: Widget, state: Record<string, never> | object) =>
  host.fromBrowser(widget.model.id, { method: "update", state: state as never, buffer_paths: [] });
const updates = (widget: Widget) =>
  host.messages(widget.model.id).flatMap(({ data }) => (data.method === "update" ? [data.state] : []));

describe("a core widget", () => {
  test("is opened after the widgets it refers to, when it is shown", () => {
    const box = new HBox([new IntSlider({ style: { handleColor: "red" } })]);
    expect(opens()).toEqual([]);
    box[DISPLAY]();
    expect(opens()).toEqual(["LayoutModel", "LayoutModel", "SliderStyleModel", "IntSliderModel", "HBoxModel"]);
    const slider = host.sent.find(({ data }) => data.state?._model_name === "IntSliderModel");
    expect(slider?.data.state.style).toMatch(/^IPY_MODEL_[0-9a-f]{32}$/);
  });

  test("is checked: wrong values and unknown traits are errors that say what is allowed", () => {
    const slider = new IntSlider();
    expect(() => slider.set({ value: 1.5 })).toThrow(
      "Cannot set value of IntSlider: it must be an integer: current value is 1.5",
    );
    expect(() => slider.set({ value: Number.NaN })).toThrow(TypeError);
    expect(() => new Button({ buttonStyle: "loud" as "" })).toThrow(
      'Cannot set buttonStyle of Button: it must be one of "primary", "success", "info", "warning", "danger", "": current value is "loud"',
    );
    expect(() => new IntSlider({ valeu: 3 } as object)).toThrow(
      /Cannot make IntSlider: its options are .*value.*"valeu"/,
    );
    expect(() => slider.observe(() => {}, "valeu" as "value")).toThrow(/Cannot find trait of IntSlider/);
    expect(slider.value).toBe(0);
  });

  test("tells listeners what was and is, and whether the user did it; unobserve() ends that", () => {
    const slider = new IntSlider({ value: 1 });
    slider.model.open();
    const seen: unknown[] = [];
    const listener = (change: { name: string; old: unknown; new: unknown; fromBrowser: boolean }) =>
      seen.push([change.name, change.old, change.new, change.fromBrowser]);
    slider.observe(listener, "value");
    slider.value = 2;
    user(slider, { value: 3 });
    slider.max = 2;
    expect(seen).toEqual([
      ["value", 1, 2, false],
      ["value", 2, 3, true],
      ["value", 3, 2, false],
    ]);
    slider.unobserve(listener, "value");
    slider.value = 0;
    expect(seen.length).toBe(3);
  });

  test("brings a value of the browser between its bounds, and tells the browser", () => {
    const slider = new IntSlider({ max: 10 });
    slider.model.open();
    user(slider, { value: 99 });
    expect(slider.value).toBe(10);
    expect(updates(slider)).toEqual([{ value: 10 }]);
  });

  test("refuses a wrong value of the browser, shows why, and tells the browser what holds", () => {
    const slider = new IntSlider({ value: 4 });
    slider.model.open();
    user(slider, { value: "much" });
    expect(slider.value).toBe(4);
    expect(updates(slider)).toEqual([{ value: 4 }]);
    expect(String(host.errors[0])).toContain("it must be an integer");
  });

  test("holdSync() sends one message for many changes", () => {
    const slider = new IntSlider();
    slider.model.open();
    slider.holdSync(() => {
      slider.value = 1;
      slider.description = "n";
      slider.value = 2;
    });
    expect(updates(slider)).toEqual([{ value: 2, description: "n" }]);
  });

  test("next() gives the next value; closing ends the wait with an error", async () => {
    const slider = new IntSlider();
    slider.model.open();
    const next = slider.next("value");
    user(slider, { value: 7 });
    expect(await next).toBe(7);
    const never = slider.next("value");
    slider.close();
    await expect(never).rejects.toThrow("Cannot wait for IntSlider: it is closed");
    await expect(slider.next("value")).rejects.toThrow("it is closed");
  });

  test("values() gives values as they come, the newest of those that came meanwhile, until the widget is closed", async () => {
    const slider = new IntSlider();
    const seen: number[] = [];
    const loop = (async () => {
      for await (const value of slider.values("value")) {
        seen.push(value);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    slider.value = 1;
    await vi.waitFor(() => expect(seen).toEqual([1]));
    for (let i = 2; i <= 50; i++) slider.value = i;
    await vi.waitFor(() => expect(seen).toEqual([1, 50]));
    slider.close();
    await loop;
  });

  test("adds and removes CSS classes", () => {
    const label = new Label("x").addClass("a").addClass("b").addClass("a").removeClass("b");
    expect(label.model.get("_dom_classes")).toEqual(["a"]);
  });

  test("closes the layout and style that were made for it, not those that are shared", () => {
    const layout = new Layout({ width: "50%" });
    const [a, b] = [new IntText({ layout }), new IntText({ layout })];
    a.model.open();
    b.model.open();
    a.close();
    expect(layout.closed).toBe(false);
    expect([a.closed, a.style.closed, b.closed]).toEqual([true, true, false]);
    expect(b.layout).toBe(layout);
  });
});

describe("layout", () => {
  test("one border stands for four sides", () => {
    const layout = new Layout({ border: "1px solid" });
    expect([layout.borderTop, layout.borderLeft, layout.border]).toEqual(["1px solid", "1px solid", "1px solid"]);
    layout.borderTop = null;
    expect(layout.border).toBeNull();
    layout.border = null;
    expect(layout.borderLeft).toBeNull();
  });
});

describe("a choice", () => {
  test("keeps options and values in the kernel; the browser has labels and positions", () => {
    const now = new Date(0);
    const menu = new Dropdown({ options: { none: undefined, epoch: now } });
    menu.model.open();
    const state = host.sent.at(-1)?.data.state ?? {};
    expect(state).toMatchObject({ _options_labels: ["none", "epoch"], index: 0 });
    expect(Object.keys(state)).not.toEqual(expect.arrayContaining(["value"]));
    const seen: unknown[] = [];
    menu.observe((change) => seen.push(change.new), "value");
    user(menu, { index: 1 });
    expect(menu.value).toBe(now);
    expect(seen).toEqual([now]);
    user(menu, { index: 5 });
    expect(menu.value).toBe(now);
    expect(updates(menu)).toEqual([{ index: 1 }]);
    user(menu, { _options_labels: ["hacked"] });
    expect(menu.label).toBe("epoch");
  });
});

describe("FileUpload", () => {
  test("takes files with their bytes, and does not echo them", () => {
    const upload = new FileUpload({ accept: ".fits" });
    upload.model.open();
    const value = [{ name: "a.fits", type: "", size: 3, last_modified: 1 }];
    host.fromBrowser(
      upload.model.id,
      { method: "update", state: { value, error: "" }, buffer_paths: [["value", 0, "content"]] },
      [Uint8Array.of(1, 2, 3)],
    );
    expect(upload.value[0]).toEqual({ ...value[0], content: Uint8Array.of(1, 2, 3) });
    const [echo, ...rest] = host.messages(upload.model.id);
    expect(echo?.data).toEqual({ method: "echo_update", state: { error: "" }, buffer_paths: [] });
    expect(rest).toEqual([]);
  });
});

describe("media", () => {
  test("send exactly their bytes", () => {
    const image = new Image({ value: new Uint8Array([9, 1, 2, 9]).subarray(1, 3), format: "gif" });
    image.model.open();
    const sent = host.sent.find(({ data }) => data.state?._model_name === "ImageModel");
    expect(sent?.data.buffer_paths).toEqual([["value"]]);
    expect(sent?.buffers).toEqual([Uint8Array.of(1, 2)]);
  });
});

describe("Button", () => {
  test("tells of clicks, and can be awaited", async () => {
    const button = new Button({ description: "Go" });
    button.model.open();
    let clicks = 0;
    const remove = button.onClick(() => clicks++);
    const next = button.nextClick();
    host.fromBrowser(button.model.id, { method: "custom", content: { event: "click" } });
    await next;
    button.click();
    remove();
    button.click();
    expect(clicks).toBe(2);
  });
});

describe("links", () => {
  test("link() keeps two traits the same, both ways, until unlink()", () => {
    const [a, b] = [new IntSlider({ value: 3 }), new IntText()];
    const made = link([a, "value"], [b, "value"]);
    expect(b.value).toBe(3);
    b.value = 200;
    expect([a.value, b.value]).toEqual([100, 100]);
    made.unlink();
    a.value = 1;
    expect(b.value).toBe(100);
  });
  test("dlink() goes one way, with a transform", () => {
    const [a, b] = [new IntSlider({ value: 3 }), new Label()];
    dlink([a, "value"], [b, "value"], { transform: (n) => `${n} bins` });
    a.value = 4;
    b.value = "x";
    expect([a.value, b.value]).toEqual([4, "x"]);
    a.value = 5;
    expect(b.value).toBe("5 bins");
  });
  test("jslink() is a model of the browser, which names traits as they travel", () => {
    const [a, b] = [new IntSlider(), new IntSlider()];
    const made = jslink([a, "readoutFormat"], [b, "value"]);
    const sent = host.sent.find(({ data }) => data.state?._model_name === "LinkModel");
    expect(sent?.data.state).toMatchObject({
      source: [`IPY_MODEL_${a.model.id}`, "readout_format"],
      target: [`IPY_MODEL_${b.model.id}`, "value"],
    });
    made.unlink();
    expect(made.closed).toBe(true);
  });
});

describe("Output", () => {
  test("takes output only while it runs, and may be nested", () => {
    const [outer, inner] = [new Output(), new Output()];
    const ids: string[] = [];
    outer.run(() => {
      inner.run(() => ids.push(outer.msgId, inner.msgId));
    });
    expect(ids).toEqual(["cell", "cell"]);
    expect([outer.msgId, inner.msgId]).toEqual(["", ""]);
    expect(outer.run(() => 42)).toBe(42);
    expect(() => outer.run(() => JSON.parse("{"))).toThrow(SyntaxError);
  });
  test("keeps what is appended in its state", async () => {
    const output = new Output();
    output.appendText("a\n");
    await output.appendDisplay(new HTML("<b>x</b>"));
    expect(output.outputs[0]).toEqual({ output_type: "stream", name: "stdout", text: "a\n" });
    expect(Object.keys(output.outputs[1]?.data as object)).toContain("application/vnd.jupyter.widget-view+json");
    output.clear();
    expect(output.outputs).toEqual([]);
  });
});

describe("interactive()", () => {
  test("makes controls of values and runs with the newest values when one changes", async () => {
    const calls: unknown[] = [];
    const made = interactive(
      { bins: 10, scale: 0.5, log: true, title: "x", band: ["soft", "hard"], unit: { s: 1, ks: 1000 }, seed: fixed(7) },
      async (values) => {
        calls.push(values);
        await Promise.resolve();
        return values.bins * values.seed;
      },
    );
    expect(Object.values(made.controls).map((control) => control.constructor.name)).toEqual([
      "IntSlider",
      "FloatSlider",
      "Checkbox",
      "Text",
      "Dropdown",
      "Dropdown",
      "Fixed",
    ]);
    expect(made.controls.bins).toMatchObject({ min: -10, max: 30, description: "bins" });
    await made.update();
    expect(calls).toEqual([{ bins: 10, scale: 0.5, log: true, title: "x", band: "soft", unit: 1, seed: 7 }]);
    expect([made.result, host.shown]).toEqual([70, [70]]);
    const bins = made.controls.bins as IntSlider;
    bins.value = 11;
    bins.value = 12;
    bins.value = 13;
    await made.update();
    expect(calls.slice(1)).toMatchObject([{ bins: 11 }, { bins: 13 }]);
  });
  test("takes widgets, shows errors, and refuses what has no control", async () => {
    const made = interactive({ n: new FloatText({ value: 2 }) }, ({ n }) => {
      throw new RangeError(`no ${n.toFixed(1)}`);
    });
    await made.update();
    expect(String(host.errors[0])).toBe("RangeError: no 2.0");
    expect(() => interactive({ n: Number.NaN }, () => {})).toThrow(/Cannot make a control for "n"/);
    made.close();
    expect(made.box.closed).toBe(true);
  });
});

describe("a front end that makes widgets itself", () => {
  test("gets the kernel's side of models that are known, with the state it gives", () => {
    new Text().model.open();
    const state = { _model_module: "@jupyter-widgets/controls", _model_name: "IntSliderModel", value: 12, max: 5 };
    host.openFromBrowser("jupyter.widget", "made-by-browser", { state }, { version: "2.1.0" });
    const made = [...openWidgets()].find(({ id }) => id === "made-by-browser");
    expect(made?.owner).toBeInstanceOf(IntSlider);
    expect(made?.owner).toMatchObject({ value: 5, max: 5 });
    host.fromBrowser("made-by-browser", { method: "request_state" });
    expect(host.messages("made-by-browser").at(-1)?.data.state.value).toBe(5);
  });
});

describe("memory", () => {
  test("closed widgets leave the registry and can be collected", async () => {
    const before = [...openWidgets()].length;
    const refs = Array.from({ length: 50 }, () => {
      const slider = new IntSlider();
      slider.observe(() => slider.value, "value");
      const box = new VBox([slider]);
      box.model.open();
      box.close();
      slider.close();
      return new WeakRef(slider);
    });
    expect([...openWidgets()].length).toBe(before);
    host.comms.clear();
    host.sent.length = 0;
    const gc = await collector();
    await vi.waitFor(() => {
      gc();
      expect(refs.filter((ref) => ref.deref()).length).toBe(0);
    });
  });
});

/** V8's garbage collector, which is hidden unless asked for. */
async function collector(): Promise<() => void> {
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
