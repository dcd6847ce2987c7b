import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "./client.ts";

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start();
  await client.execute(`const host = (globalThis as any)[Symbol.for("Jupyter.kernel")];`);
});
afterAll(() => client.close());

const comms = async (target = "") => {
  const content = target === "" ? {} : { target_name: target };
  return (await client.request("comm_info_request", content)).reply.content.comms;
};

describe("a comm that the kernel opens", () => {
  test("reaches the front end with data, metadata and exactly the bytes of its views", async () => {
    const { iopub } = await client.execute(
      `const large = new Uint8Array(1 << 20).map((_, i) => i % 251);
       const opened = host.openComm("target.a", { id: "opened-1", data: { n: 1 }, metadata: { version: "2.1.0" },
         buffers: [large, large.subarray(10, 14), new Float64Array([1, 2, 3]).subarray(1, 2), Buffer.from("xyz").subarray(1)] });`,
    );
    const open = iopub.find(({ type }) => type === "comm_open");
    expect(open?.content).toEqual({ comm_id: "opened-1", target_name: "target.a", data: { n: 1 } });
    const [large, part, float, text] = open!.buffers;
    expect(large).toHaveLength(1 << 20);
    expect(large!.every((byte, index) => byte === index % 251)).toBe(true);
    expect([...part!]).toEqual([10, 11, 12, 13]);
    expect(float).toEqual(Buffer.from(new Float64Array([2]).buffer));
    expect(text?.toString()).toBe("yz");
    expect(await comms()).toEqual({ "opened-1": { target_name: "target.a" } });
    expect(await comms("another")).toEqual({});
  });

  test("receives messages with buffers it owns, each from busy to idle, and answers as their child", async () => {
    await client.execute(
      `opened.onMessage = ({ data, buffers }: any) => {
         buffers[0][0] = 255;
         opened.send({ got: data, sizes: buffers.map((b: Uint8Array) => b.byteLength) }, { buffers });
       };`,
    );
    const bytes = new Uint8Array(1 << 20).fill(7);
    const id = await client.send(
      "comm_msg",
      { comm_id: "opened-1", data: { method: "custom" } },
      { buffers: [bytes, new Uint8Array([1, 2, 3]).subarray(1, 2)] },
    );
    await client.idle(id);
    const answered = client.published.filter(({ parent }) => parent.msg_id === id);
    expect(answered.map(({ type, content }) => content.execution_state ?? type)).toEqual(["busy", "comm_msg", "idle"]);
    const [, answer] = answered;
    expect(answer?.content.data).toEqual({ got: { method: "custom" }, sizes: [1 << 20, 1] });
    expect([answer?.buffers[0]?.[0], answer?.buffers[0]?.[1]]).toEqual([255, 7]);
    expect([...answer!.buffers[1]!]).toEqual([2]);
  });

  test("is served while a cell awaits, and the cell keeps its own output", async () => {
    await client.execute(
      "let heard!: (value: unknown) => void; opened.onMessage = ({ data }: any) => { console.log('comm'); heard(data); };",
    );
    const cell = await client.send("execute_request", {
      code: "console.log('cell'); JSON.stringify(await new Promise((resolve) => { heard = resolve; }))",
    });
    await client.until(() => client.published.find((m) => m.type === "stream" && m.parent.msg_id === cell));
    const message = await client.send("comm_msg", { comm_id: "opened-1", data: { x: 3 } });
    const { stdout, iopub } = await client.answer(cell);
    expect(stdout).toBe("cell\n");
    expect(iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe(`'{"x":3}'`);
    await client.idle(message);
    const printed = client.published.find((m) => m.type === "stream" && m.parent.msg_id === message);
    expect(printed?.content.text).toBe("comm\n");
  });

  test("shows an error of its handler and lives on", async () => {
    await client.execute("opened.onMessage = () => { throw new Error('in the handler'); };");
    const id = await client.send("comm_msg", { comm_id: "opened-1", data: {} });
    await client.idle(id);
    const printed = client.published.find((m) => m.type === "stream" && m.parent.msg_id === id);
    expect(printed?.content).toMatchObject({ name: "stderr" });
    expect(printed?.content.text).toContain("in the handler");
    expect(await comms()).toHaveProperty("opened-1");
  });

  test("leaves comm_info when the kernel closes it, and refuses further messages", async () => {
    const { iopub } = await client.execute("opened.close({ bye: true });");
    expect(iopub.find(({ type }) => type === "comm_close")?.content).toEqual({
      comm_id: "opened-1",
      data: { bye: true },
    });
    expect(await comms()).toEqual({});
    const { reply } = await client.execute("opened.send({});");
    expect(reply.content.evalue).toBe('Cannot send on comm "opened-1": it is closed');
  });
});

describe("a comm that the front end opens", () => {
  test("is closed at once when no one registered its target", async () => {
    const id = await client.send("comm_open", { comm_id: "unknown-1", target_name: "nobody", data: {} });
    await client.idle(id);
    const close = client.published.find(({ type, parent }) => type === "comm_close" && parent.msg_id === id);
    expect(close?.content).toEqual({ comm_id: "unknown-1", data: {} });
    expect(await comms()).toEqual({});
  });

  test("reaches the target's handler, and onClose when it ends", async () => {
    await client.execute(
      `const seen: unknown[] = [];
       host.registerCommTarget("echo", (comm: any, open: any) => {
         seen.push(open.data);
         comm.onMessage = (message: any) => comm.send(message.data);
         comm.onClose = () => seen.push("closed");
       });`,
    );
    await client.idle(await client.send("comm_open", { comm_id: "front-1", target_name: "echo", data: { a: 1 } }));
    expect(await comms("echo")).toEqual({ "front-1": { target_name: "echo" } });
    const message = await client.send("comm_msg", { comm_id: "front-1", data: { b: 2 } });
    await client.idle(message);
    const echo = client.published.find(({ type, parent }) => type === "comm_msg" && parent.msg_id === message);
    expect(echo?.content).toEqual({ comm_id: "front-1", data: { b: 2 } });
    await client.idle(await client.send("comm_close", { comm_id: "front-1", data: {} }));
    expect(await comms()).toEqual({});
    const { iopub } = await client.execute("JSON.stringify(seen)");
    expect(iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe(
      `'[{"a":1},"closed"]'`,
    );
  });

  test("is opened after the cells that wait, one of which registers its target", async () => {
    void client.send("execute_request", { code: "await new Promise((resolve) => setTimeout(resolve, 100));" });
    void client.send("execute_request", { code: `host.registerCommTarget("later", () => {});` });
    await client.idle(await client.send("comm_open", { comm_id: "front-2", target_name: "later", data: {} }));
    expect(await comms("later")).toEqual({ "front-2": { target_name: "later" } });
  });
});
