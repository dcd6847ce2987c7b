import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  connectWidgets,
  packBuffers,
  sameValue,
  unpackBuffers,
  WIDGET_VIEW_TYPE,
  WidgetModel,
  type WidgetState,
} from "../../widgets/protocol/index.ts";
import { FakeHost, type Sent } from "./fake-host.ts";

type Ball = WidgetState;

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost().install();
});
afterEach(() => {
  host.uninstall();
  vi.unstubAllEnvs();
});

function makeBall(state: Ball = { color: "red", size: 3, pixels: Uint8Array.of(1, 2, 3) }) {
  return new WidgetModel<Ball>({
    modelName: "BallModel",
    viewName: "BallView",
    state,
    writable: ["size", "pixels"],
  });
}

describe("packBuffers()", () => {
  test("takes binary values out of objects and puts null into lists, in the order of its paths", () => {
    const whole = Uint8Array.of(9, 9, 1, 2, 9);
    const state = { a: { ar: whole.subarray(2, 4) }, b: [1, Float32Array.of(0.5), [Uint8Array.of(7)]], c: "x" };
    const packed = packBuffers(state);
    expect(packed.state).toEqual({ a: {}, b: [1, null, [null]], c: "x" });
    expect(packed.bufferPaths).toEqual([
      ["a", "ar"],
      ["b", 1],
      ["b", 2, 0],
    ]);
    // Exactly the view's bytes, in memory of their own.
    expect(packed.buffers.map((buffer) => buffer.byteLength)).toEqual([2, 4, 1]);
    expect(packed.buffers[0]?.buffer.byteLength).toBe(2);
    whole[2] = 77;
    expect(packed.buffers[0]).toEqual(Uint8Array.of(1, 2));
    expect(state.b[1]).toBeInstanceOf(Float32Array);
  });
  test("is undone by unpackBuffers()", () => {
    const state = { a: [Uint8Array.of(1), { deep: Uint8Array.of(2, 3) }], n: null, t: true };
    expect(unpackBuffers(packBuffers(state))).toEqual(state);
  });
  test("unpackBuffers() refuses paths that lead nowhere or have no buffer", () => {
    expect(() => unpackBuffers({ state: {}, bufferPaths: [["x", "y"]], buffers: [Uint8Array.of(1)] })).toThrow(
      /lead into the state/,
    );
    expect(() => unpackBuffers({ state: {}, bufferPaths: [["x"]], buffers: [] })).toThrow(/current number is 0/);
  });
  test("sameValue() compares bytes of different kinds of view", () => {
    expect(sameValue(Uint8Array.of(1, 2), new DataView(Uint8Array.of(1, 2).buffer))).toBe(true);
    expect(sameValue({ a: [1, 2] }, { a: [1, 3] })).toBe(false);
    expect(sameValue(Number.NaN, Number.NaN)).toBe(true);
  });
});

describe("WidgetModel", () => {
  test("opens its comm when first shown, once, with version, state and buffers", () => {
    const ball = makeBall();
    expect(host.sent).toEqual([]);
    const bundle = ball.bundle("Ball()");
    ball.bundle("Ball()");
    expect(bundle).toEqual({
      [WIDGET_VIEW_TYPE]: { version_major: 2, version_minor: 0, model_id: ball.id },
      "text/plain": "Ball()",
    });
    expect(host.sent.length).toBe(1);
    expect(host.sent[0]).toMatchObject({
      kind: "open",
      commId: ball.id,
      metadata: { version: "2.1.0" },
      data: {
        state: { _model_name: "BallModel", _model_module: "photonbook", _view_name: "BallView", color: "red", size: 3 },
        buffer_paths: [["pixels"]],
      },
    });
    expect(host.sent[0]?.buffers).toEqual([Uint8Array.of(1, 2, 3)]);
    expect(ball.reference()).toBe(`IPY_MODEL_${ball.id}`);
  });
  test("works as a plain value without a kernel", () => {
    host.uninstall();
    const ball = makeBall();
    const seen: boolean[] = [];
    ball.onChange("size", (fromBrowser) => seen.push(fromBrowser));
    ball.set({ size: 4 });
    expect(ball.get("size")).toBe(4);
    expect(seen).toEqual([false]);
    expect(ball.bundle("Ball()")).toEqual({ "text/plain": "Ball()" });
  });
  test("sends what changed and nothing else; hold() joins changes into one message", () => {
    const ball = makeBall();
    ball.open();
    ball.set({ size: 3, color: "blue" });
    ball.hold(() => {
      ball.set({ size: 5 });
      ball.set({ pixels: Uint8Array.of(4) });
      ball.set({ size: 6 });
    });
    const [first, second, ...rest] = host.messages(ball.id);
    expect(first?.data).toEqual({ method: "update", state: { color: "blue" }, buffer_paths: [] });
    expect(second?.data).toEqual({ method: "update", state: { size: 6 }, buffer_paths: [["pixels"]] });
    expect(second?.buffers).toEqual([Uint8Array.of(4)]);
    expect(rest).toEqual([]);
  });
  test("echoes an update before it applies it, and does not send it back", () => {
    const ball = makeBall();
    ball.open();
    let echoedBefore = false;
    ball.onChange("size", () => {
      echoedBefore = host.messages(ball.id).some(({ data }) => data.method === "echo_update");
    });
    host.fromBrowser(ball.id, { method: "update", state: { size: 8 }, buffer_paths: [["pixels"]] }, [
      Uint8Array.of(5, 6),
    ]);
    expect(ball.get("size")).toBe(8);
    expect(ball.get("pixels")).toEqual(Uint8Array.of(5, 6));
    expect(echoedBefore).toBe(true);
    expect(host.messages(ball.id).map(({ data }) => data)).toEqual([
      { method: "echo_update", state: { size: 8 }, buffer_paths: [["pixels"]] },
    ]);
    expect(host.messages(ball.id)[0]?.buffers).toEqual([Uint8Array.of(5, 6)]);
  });
  test("does not echo when JUPYTER_WIDGETS_ECHO says so", () => {
    vi.stubEnv("JUPYTER_WIDGETS_ECHO", "off");
    const ball = makeBall();
    ball.open();
    host.fromBrowser(ball.id, { method: "update", state: { size: 8 }, buffer_paths: [] });
    expect(host.messages(ball.id)).toEqual([]);
    expect(ball.get("size")).toBe(8);
  });
  test("sends back what a listener made of an update", () => {
    const ball = makeBall();
    ball.open();
    ball.onChange("size", () => ball.set({ size: Math.min(Number(ball.get("size")), 10), color: "green" }));
    host.fromBrowser(ball.id, { method: "update", state: { size: 99 }, buffer_paths: [] });
    const updates = host.messages(ball.id).filter(({ data }) => data.method === "update");
    expect(updates.map(({ data }) => data.state)).toEqual([{ size: 10, color: "green" }]);
  });
  test("keeps keys that the browser may not set, and tells it their value; ignores unknown keys", () => {
    const ball = makeBall();
    ball.open();
    host.fromBrowser(ball.id, { method: "update", state: { color: "black", ghost: 1 }, buffer_paths: [] });
    expect(ball.get("color")).toBe("red");
    expect(ball.get("ghost")).toBeUndefined();
    expect(host.messages(ball.id).at(-1)?.data).toEqual({
      method: "update",
      state: { color: "red" },
      buffer_paths: [],
    });
  });
  test("answers request_state with the whole state", () => {
    const ball = makeBall();
    ball.open();
    host.fromBrowser(ball.id, { method: "request_state" });
    const { data, buffers } = host.messages(ball.id)[0] as Sent;
    expect(data).toMatchObject({
      method: "update",
      state: { color: "red", _view_name: "BallView" },
      buffer_paths: [["pixels"]],
    });
    expect(buffers).toEqual([Uint8Array.of(1, 2, 3)]);
  });
  test("passes custom messages both ways with buffers", () => {
    const ball = makeBall();
    ball.open();
    const heard: unknown[] = [];
    ball.onCustom((content, buffers) => heard.push(content, buffers));
    host.fromBrowser(ball.id, { method: "custom", content: { click: 1 } }, [Uint8Array.of(3)]);
    expect(heard).toEqual([{ click: 1 }, [Uint8Array.of(3)]]);
    ball.send({ flash: true }, [Uint16Array.of(258)]);
    expect(host.messages(ball.id)[0]).toMatchObject({ data: { method: "custom", content: { flash: true } } });
    expect(host.messages(ball.id)[0]?.buffers).toEqual([Uint8Array.of(2, 1)]);
  });
  test("survives a listener that throws, and shows its error", () => {
    const ball = makeBall();
    ball.open();
    ball.onChange("size", () => {
      throw new Error("listener broke");
    });
    host.fromBrowser(ball.id, { method: "update", state: { size: 4 }, buffer_paths: [] });
    expect(ball.get("size")).toBe(4);
    expect(host.errors).toEqual([new Error("listener broke")]);
  });
  test("close() closes the comm and leaves the list of live widgets", () => {
    const ball = makeBall();
    ball.open();
    ball.close();
    expect(host.sent.at(-1)).toMatchObject({ kind: "close", commId: ball.id });
    expect(statesOf(host)).not.toHaveProperty(ball.id);
  });
});

describe("connectWidgets()", () => {
  test("answers request_states with all live widgets, their buffers below id and state", () => {
    const [one, two] = [makeBall(), makeBall({ size: 1 })];
    one.open();
    two.open();
    const { data, buffers } = requestStates(host);
    expect(data.method).toBe("update_states");
    expect(data.states[one.id]).toMatchObject({
      model_name: "BallModel",
      model_module: "photonbook",
      state: { size: 3 },
    });
    expect(data.states[two.id]?.state.size).toBe(1);
    const at = data.buffer_paths.findIndex((path) => path[0] === one.id);
    expect(data.buffer_paths[at]).toEqual([one.id, "state", "pixels"]);
    expect(buffers[at]).toEqual(Uint8Array.of(1, 2, 3));
    one.close();
    two.close();
  });
  test("refuses widgets whose model it does not know, and protocols of another major version", () => {
    connectWidgets(host);
    const state = { _model_module: "unknown", _model_name: "UnknownModel" };
    expect(() => host.openFromBrowser("jupyter.widget", "a", { state }, { version: "2.1.0" })).toThrow(
      'Cannot open widget: its model must be known to the kernel: current value is "unknown/UnknownModel"',
    );
    expect(() => host.openFromBrowser("jupyter.widget", "b", { state }, { version: "1.0.0" })).toThrow(
      'protocol version must be 2.1.0 or compatible: current value is "1.0.0"',
    );
  });
});

function requestStates(from: FakeHost) {
  connectWidgets(from);
  from.openFromBrowser("jupyter.widget.control", "control");
  from.fromBrowser("control", { method: "request_states" });
  const answer = from.messages("control").at(-1);
  if (!answer) throw new Error("no answer");
  return answer;
}

function statesOf(from: FakeHost): Record<string, unknown> {
  return requestStates(from).data.states;
}
