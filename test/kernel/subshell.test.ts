import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "./client.ts";

/*
 * Subshells (protocol 5.5). JupyterLab sends the messages of all comms of a target over one subshell as soon as a kernel
 * says that it has them, so what matters most is that no order changes.
 */

let client: TestClient;
let subshell: string;

const control = async (type: string, content: object = {}) =>
  (await client.request(type, content, { channel: "control" })).reply.content;
const create = async () => (await control("create_subshell_request")).subshell_id as string;
const inSubshell = (code: string, options: object = {}) =>
  client.send("execute_request", { code, ...options }, { subshell });
const started = (id: string) =>
  client.until(() => client.published.find((m) => m.type === "execute_input" && m.parent.msg_id === id));
/** Resolves when the kernel has read what was sent on the shell channel so far: the control channel may overtake it. */
const arrived = () => client.request("kernel_info_request", {});

beforeAll(async () => {
  client = await TestClient.start();
  await client.execute("let shared = 1; let go!: (value: unknown) => void; let fail = go;");
  subshell = await create();
});
afterAll(() => client.close());

describe("a subshell", () => {
  test("is announced, listed and deleted", async () => {
    const { reply } = await client.request("kernel_info_request", {});
    expect(reply.content.supported_features).toContain("kernel subshells");
    const other = await create();
    expect(other).not.toBe(subshell);
    expect(await control("list_subshell_request")).toEqual({ status: "ok", subshell_id: [subshell, other] });
    expect(await control("delete_subshell_request", { subshell_id: other })).toEqual({ status: "ok" });
    expect((await control("list_subshell_request")).subshell_id).toEqual([subshell]);
    expect(await control("delete_subshell_request", { subshell_id: other })).toMatchObject({ status: "error" });
  });

  test("runs a cell while the main shell's awaits, on the same bindings, with its own output", async () => {
    const main = await client.send("execute_request", { code: "await new Promise((f) => { go = f; }); shared" });
    await started(main);
    const { reply, stdout } = await client.answer(await inSubshell("shared = 42; console.log('beside'); go(0);"));
    expect(reply.content.status).toBe("ok");
    expect(stdout).toBe("beside\n");
    const { iopub, stdout: own } = await client.answer(main);
    expect(iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe("42");
    expect(own).toBe("");
  });

  test("runs its own cells one after another, and aborts its own only", async () => {
    const main = await client.send("execute_request", { code: "await new Promise((f) => { go = f; });" });
    const waiting = await client.send("execute_request", { code: "'kept'" });
    await started(main);
    const failing = await inSubshell("await new Promise((f) => { fail = f; }); throw new Error('once')");
    const aborted = await inSubshell("'never'");
    await arrived();
    await client.answer(await client.send("execute_request", { code: "fail(0)" }, { subshell: await create() }));
    expect((await client.answer(failing)).reply.content.ename).toBe("Error");
    expect((await client.answer(aborted)).reply.content.status).toBe("aborted");
    expect((await client.answer(await inSubshell("go(0)"))).reply.content.status).toBe("ok");
    expect((await client.answer(main)).reply.content.status).toBe("ok");
    expect((await client.answer(waiting)).reply.content.status).toBe("ok");
  });

  test.each(["interrupt_request", "SIGINT"])("is stopped with the main shell by %s, keeping the state", async (how) => {
    const main = await client.send("execute_request", { code: "await new Promise(() => {});" });
    await started(main);
    const beside = await inSubshell("await null; for (;;) shared;");
    await started(beside);
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (how === "SIGINT") client.process.kill("SIGINT");
    else await control(how);
    for (const id of [main, beside]) expect((await client.answer(id)).reply.content.ename).toBe("Interrupted");
    const { iopub } = await client.answer(await inSubshell("shared"));
    expect(iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe("42");
  });

  test("asks the front end that runs its cell for input", async () => {
    const id = await inSubshell("await input('Below? ')", { allow_stdin: true });
    const asked = await client.until(() => client.replies.find(({ type }) => type === "input_request"));
    await client.send("input_reply", { value: "yes" }, { channel: "stdin", parent: asked.header });
    const { iopub } = await client.answer(id);
    expect(iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe("'yes'");
  });

  test("that is deleted lets its cell end and aborts what waits", async () => {
    const id = (await control("create_subshell_request")).subshell_id;
    const send = (code: string) => client.send("execute_request", { code }, { subshell: id });
    const running = await send("await new Promise((f) => { go = f; }); console.log('ended');");
    const waiting = await send("'never'");
    await started(running);
    await arrived();
    await control("delete_subshell_request", { subshell_id: id });
    expect((await client.answer(waiting)).reply.content.status).toBe("aborted");
    await client.execute("go(0)");
    expect((await client.answer(running)).stdout).toBe("ended\n");
  });

  test("that does not exist is an error of the request", async () => {
    const { reply } = await client.request("execute_request", { code: "1" }, { subshell: "no-such-subshell" });
    expect(reply.content.status).toBe("error");
    expect(reply.content.evalue).toContain("Cannot find the subshell");
  });
});

describe("comm messages", () => {
  test("keep their order whichever shells they come over, while a cell awaits", async () => {
    await client.execute(`const seen: number[] = [];
      const comm = (globalThis as any)[Symbol.for("Jupyter.kernel")].openComm("ordered", { id: "ordered" });
      comm.onMessage = ({ data, buffers }: any) => { seen.push(data.n); if (buffers[0][0] !== data.n % 256) throw new Error("bytes"); };`);
    const main = await client.send("execute_request", { code: "await new Promise((f) => { go = f; });" });
    await started(main);
    const shells = [undefined, subshell, await create()];
    let last = "";
    for (let n = 0; n < 1000; n++) {
      const shell = shells[n % 3];
      const options = { buffers: [Uint8Array.of(n % 256)], ...(shell !== undefined && { subshell: shell }) };
      last = await client.send("comm_msg", { comm_id: "ordered", data: { n } }, options);
    }
    await client.idle(last);
    await client.answer(await inSubshell("go(0)"));
    await client.answer(main);
    const { iopub } = await client.execute("[seen.length, seen.every((n, i) => n === i)]");
    expect(iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe("[ 1000, true ]");
  });

  test("for a comm of a cell that waits keep their order too", async () => {
    const first = await client.send("execute_request", { code: "await new Promise((f) => setTimeout(f, 150));" });
    const opening = await client.send("execute_request", {
      code: `const late: number[] = [];
        const lateComm = (globalThis as any)[Symbol.for("Jupyter.kernel")].openComm("late", { id: "late" });
        lateComm.onMessage = ({ data }: any) => late.push(data.n);`,
    });
    let last = "";
    for (let n = 0; n < 20; n++) {
      const options = n % 2 === 0 ? {} : { subshell };
      last = await client.send("comm_msg", { comm_id: "late", data: { n } }, options);
      if (n % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 30));
    }
    for (const id of [first, opening]) await client.answer(id);
    await client.idle(last);
    const { iopub } = await client.execute("late.join()");
    const text = iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"];
    expect(text).toBe(`'${Array.from({ length: 20 }, (_, n) => n).join()}'`);
  });
});

describe("usage_request", () => {
  test("says what the kernel takes of the machine", async () => {
    const { pid, kernel_memory, kernel_cpu, host_virtual_memory } = await control("usage_request");
    expect(pid).toBe(client.process.pid);
    expect(kernel_memory).toBeGreaterThan(30e6);
    expect(kernel_cpu).toBeGreaterThanOrEqual(0);
    expect(host_virtual_memory.total).toBeGreaterThan(kernel_memory);
  });
});
