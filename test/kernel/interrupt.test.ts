import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "./client.ts";

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start();
  await client.execute("let kept = 41;");
});
afterAll(() => client.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const stuck = [
  ["a loop", "for (;;);"],
  ["a loop that catches everything", "for (;;) { try { for (;;); } catch { } }"],
  ["a loop after an await", "await null; while (true) { kept; }"],
  ["a loop of microtasks", "for (;;) await null;"],
  ["a pending await", "await new Promise(() => {});"],
  ["a loop in a timer", "setTimeout(() => { for (;;); }, 5); await new Promise(() => {});"],
  ["a loop in a promise's callback", "await Promise.resolve().then(() => { for (;;); });"],
  ["a sleeping Atomics.wait", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);"],
] as const;

describe.each(["interrupt_request", "SIGINT"])("%s", (how) => {
  test.each(stuck)("stops %s and keeps the state", async (_, code) => {
    const id = await client.send("execute_request", { code });
    await client.until(() => client.published.find((m) => m.type === "execute_input" && m.parent.msg_id === id));
    await pause(150);
    const begin = performance.now();
    if (how === "SIGINT") client.process.kill("SIGINT");
    else expect((await client.request(how, {}, { channel: "control" })).reply.content).toEqual({ status: "ok" });
    const { reply, iopub } = await client.answer(id);
    expect(reply.content).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(iopub.filter(({ type }) => type === "error")).toHaveLength(1);
    expect(performance.now() - begin).toBeLessThan(2000);
    const next = await client.execute("kept + 1");
    expect(next.iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe("42");
  });
});

describe("interrupt_request", () => {
  test("says where in which function a loop was stopped", async () => {
    const code = "function spin(n: number) {\n  while (n > 0) {\n    kept;\n  }\n}\n\nspin(3);";
    const id = await client.send("execute_request", { code });
    await client.until(() => client.published.find((m) => m.type === "execute_input" && m.parent.msg_id === id));
    await pause(300);
    await client.request("interrupt_request", {}, { channel: "control" });
    const { reply } = await client.answer(id);
    const places = reply.content.traceback.filter((line: string) => line.includes("Cell"));
    expect(places[0]).toMatch(/ [23]:\d+ in spin$/);
    expect(places[1]).toMatch(/ 7:1$/);
  });

  test("stops a timer's loop between cells", async () => {
    await client.execute("setTimeout(() => { for (;;); }, 20);");
    await pause(100);
    await client.request("interrupt_request", {}, { channel: "control" });
    expect((await client.execute("'free'")).reply.content.status).toBe("ok");
  });

  test("stops a user expression", async () => {
    const id = await client.send("execute_request", {
      code: "kept",
      user_expressions: { stuck: "(() => { for (;;); })()" },
    });
    await client.until(() => client.published.find((m) => m.type === "execute_result" && m.parent.msg_id === id));
    await pause(150);
    await client.request("interrupt_request", {}, { channel: "control" });
    const { reply } = await client.answer(id);
    expect(reply.content.user_expressions.stuck).toMatchObject({ status: "error", ename: "Interrupted" });
  });

  test("does nothing to an idle kernel", async () => {
    await client.request("interrupt_request", {}, { channel: "control" });
    await client.request("interrupt_request", {}, { channel: "control" });
    expect((await client.execute("'idle'")).reply.content.status).toBe("ok");
  });

  test("aborts the cells that wait", async () => {
    const first = await client.send("execute_request", { code: "await new Promise(() => {});" });
    const second = await client.send("execute_request", { code: "'never'" });
    await pause(100);
    await client.request("interrupt_request", {}, { channel: "control" });
    expect((await client.answer(first)).reply.content.status).toBe("error");
    expect((await client.answer(second)).reply.content.status).toBe("aborted");
  });

  test("calls a handler first, whose work may end early; the second stops the cell", async () => {
    const code = (after: string) => `{
      const host = (globalThis as any)[Symbol.for("Jupyter.kernel")];
      const early = new Promise((resolve) => host.onInterrupt(() => ${after}));
      console.log("waiting");
      console.log(await early);
    }`;
    const waiting = (id: string) =>
      client.until(() => client.published.find((m) => m.type === "stream" && m.parent.msg_id === id));
    const first = await client.send("execute_request", { code: code("resolve('what there is')") });
    await waiting(first);
    await client.request("interrupt_request", {}, { channel: "control" });
    const early = await client.answer(first);
    expect(early.reply.content.status).toBe("ok");
    expect(early.stdout).toBe("waiting\nwhat there is\n");

    const second = await client.send("execute_request", { code: code("console.log('asked')") });
    await waiting(second);
    await client.request("interrupt_request", {}, { channel: "control" });
    await pause(100);
    expect(client.replies.some(({ parent }) => parent.msg_id === second)).toBe(false);
    await client.request("interrupt_request", {}, { channel: "control" });
    const stopped = await client.answer(second);
    expect(stopped.reply.content.ename).toBe("Interrupted");
    expect(stopped.stdout).toBe("waiting\nasked\n");
  });

  test("asks a worker's job to end early; it hands over what it has", async () => {
    const jobs = resolve(import.meta.dirname, "../../src/jobs/index.ts");
    const worker = join(mkdtempSync(join(tmpdir(), "photonbook-job-")), "worker.ts");
    writeFileSync(
      worker,
      `import { serveJob } from ${JSON.stringify(pathToFileURL(jobs).href)};
       serveJob<number, number>(async (step, context) => {
         let steps = 0;
         for (; !context.stopped(); steps += step) await new Promise((resolve) => setTimeout(resolve, 5));
         return steps;
       });`,
    );
    const id = await client.send("execute_request", {
      code: `import { runJob } from ${JSON.stringify(jobs)};
             console.log("started");
             const steps = await runJob<number, number>(new URL(${JSON.stringify(pathToFileURL(worker).href)}), 1);
             steps > 0`,
    });
    await client.until(() => client.published.find((m) => m.type === "stream" && m.parent.msg_id === id));
    await pause(500);
    await client.request("interrupt_request", {}, { channel: "control" });
    const { iopub } = await client.answer(id);
    expect(iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe("true");
  });
});
