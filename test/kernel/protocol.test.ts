import { appendFileSync, existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "./client.ts";

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start();
});
afterAll(() => client.close());

describe("kernel_info_request", () => {
  test("is answered on shell and on control", async () => {
    for (const channel of ["shell", "control"] as const) {
      const { reply } = await client.request("kernel_info_request", {}, { channel });
      expect(reply.content).toMatchObject({ status: "ok", protocol_version: "5.5", implementation: "photonbook" });
      expect(reply.content.language_info).toMatchObject({ name: "typescript", file_extension: ".ts" });
    }
  });

  test("is answered while a cell keeps the main thread", async () => {
    const id = await client.send("execute_request", {
      code: "for (const end = Date.now() + 800; Date.now() < end; );",
    });
    await client.until(() => client.published.find((m) => m.type === "execute_input" && m.parent.msg_id === id));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const begin = performance.now();
    await client.request("kernel_info_request", {});
    await client.heartbeat.send("ping");
    expect((await client.heartbeat.receive()).toString()).toBe("ping");
    expect(performance.now() - begin).toBeLessThan(400);
    await client.answer(id);
  });
});

describe("a frame list that is no message of ours", () => {
  test("is dropped and kills nothing", async () => {
    const { shell } = client.sockets;
    const header = JSON.stringify({
      msg_id: "forged",
      msg_type: "execute_request",
      session: "s",
      username: "u",
      date: "",
      version: "5.5",
    });
    const content = JSON.stringify({ code: "globalThis.forged = true" });
    const forged = ["<IDS|MSG>", "0".repeat(64), header, "{}", "{}", content];
    const notJson = ["{", "{}", "{}", "{}"];
    const array = ["[]", "{}", "{}", "{}"];
    const noId = ["{}", "{}", "{}", "{}"];
    const bad: string[][] = [
      [""],
      ["no delimiter"],
      ["<IDS|MSG>"],
      ["<IDS|MSG>", client.sign([])],
      forged,
      ["<IDS|MSG>", "", header, "{}", "{}", content],
      ...[notJson, array, noId].map((json) => ["<IDS|MSG>", client.sign(json), ...json]),
    ];
    for (const frames of bad) await shell.send(frames);
    for (let i = 0; i < 200; i++) await shell.send([Buffer.from([i, 255, 0, i * 7]), "<IDS|MSG>", Buffer.alloc(i)]);
    const { iopub } = await client.execute("(globalThis as any).forged");
    expect(iopub.some(({ type }) => type === "execute_result")).toBe(false);
    expect(client.published.some(({ parent }) => parent.msg_id === "forged")).toBe(false);
  });

  test.each(["what_request", "toString", "__proto__"])("of the unknown type %s gets busy and idle", async (type) => {
    const id = await client.send(type, {});
    await client.idle(id);
    expect(client.replies.some(({ parent }) => parent.msg_id === id)).toBe(false);
  });

  test("with content of wrong types is answered all the same", async () => {
    const { reply } = await client.request("complete_request", { code: 5, cursor_pos: "x" });
    expect(reply.content.status).toBe("ok");
    expect((await client.request("history_request", { n: "many" })).reply.content.status).toBe("ok");
    expect((await client.request("execute_request", { code: null })).reply.content.status).toBe("ok");
  });
});

describe("history_request", () => {
  const history = async (content: object) => (await client.request("history_request", content)).reply.content.history;
  let first: number;

  beforeAll(async () => {
    first = (await client.execute("1 + 101")).reply.content.execution_count;
    await client.execute("2 + 102");
    await client.execute("1 + 101");
  });

  test("gives the tail", async () => {
    expect(await history({ hist_access_type: "tail", n: 2, output: false, raw: true })).toEqual([
      [1, first + 1, "2 + 102"],
      [1, first + 2, "1 + 101"],
    ]);
  });

  test("gives a range of lines", async () => {
    const range = { hist_access_type: "range", session: 0, start: first, stop: first + 2, output: true };
    expect(await history(range)).toEqual([
      [1, first, ["1 + 101", null]],
      [1, first + 1, ["2 + 102", null]],
    ]);
  });

  test("finds by pattern, once each if asked", async () => {
    expect(await history({ hist_access_type: "search", pattern: "*101", n: 10 })).toHaveLength(2);
    expect(await history({ hist_access_type: "search", pattern: "?*101", n: 10, unique: true })).toEqual([
      [1, first + 2, "1 + 101"],
    ]);
    expect(await history({ hist_access_type: "search", pattern: "101", n: 10 })).toEqual([]);
  });

  test("has earlier sessions, also of a kernel that was killed, and says so where the file cannot be written", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "photonbook-history-")), "state/history.jsonl");
    const ask = async (kernel: TestClient, content: object) =>
      (await kernel.request("history_request", content)).reply.content.history;
    const one = await TestClient.start({ env: { PHOTONBOOK_HISTORY: file } });
    await one.execute('const first = "π\\n";');
    await one.execute("first");
    await one.execute("hidden", { store_history: false });
    await one.until(() => existsSync(file) && readFileSync(file, "utf8").split("\n").length === 3);
    await one.close();
    appendFileSync(file, '[1,3,"cut of');
    appendFileSync(file, "\n");
    const two = await TestClient.start({ env: { PHOTONBOOK_HISTORY: file } });
    await two.execute("2 + 2");
    expect(await ask(two, { hist_access_type: "tail", n: 2 })).toEqual([
      [1, 2, "first"],
      [2, 1, "2 + 2"],
    ]);
    expect(await ask(two, { hist_access_type: "range", session: -1, start: 1, stop: 2 })).toEqual([
      [1, 1, 'const first = "π\\n";'],
    ]);
    expect(await ask(two, { hist_access_type: "search", pattern: "*first*" })).toHaveLength(2);
    await two.request("shutdown_request", { restart: false }, { channel: "control" });
    await two.until(() => two.exited);
    expect(readFileSync(file, "utf8").trimEnd().split("\n").at(-1)).toBe('[2,1,"2 + 2"]');
    await two.close();
    const three = await TestClient.start({ env: { PHOTONBOOK_HISTORY: join(file, "below-a-file") } });
    await three.execute("3");
    expect(await ask(three, { hist_access_type: "tail", n: 5 })).toEqual([[1, 1, "3"]]);
    await three.until(() => three.log.includes("The history is not kept"));
    await three.close();
  });
});

describe("is_complete_request", () => {
  test.each([
    ["1 + 1", "complete"],
    ["function f() {", "incomplete"],
    ["const = 1;", "invalid"],
  ])("calls %j %s", async (code, status) => {
    expect((await client.request("is_complete_request", { code })).reply.content.status).toBe(status);
  });
});

describe("complete_request", () => {
  test("counts the cursor in code points", async () => {
    await client.execute("const astronomy = { telescope: 'Chandra', exposure: 3 };");
    const code = "'🔭🔭'; astronomy.tele";
    const cursor_pos = [...code].length;
    const { content } = (await client.request("complete_request", { code, cursor_pos })).reply;
    expect(content.matches).toContain("telescope");
    expect(content.cursor_start).toBe(cursor_pos - "tele".length);
    expect(content.cursor_end).toBe(cursor_pos);
  });
});

describe("inspect_request", () => {
  test("finds what a name is", async () => {
    await client.execute("/** Adds one. */\nfunction addOne(x: number) { return x + 1; }");
    const { content } = (await client.request("inspect_request", { code: "addOne(3)", cursor_pos: 3, detail_level: 0 }))
      .reply;
    expect(content.found).toBe(true);
    expect(content.data["text/plain"]).toContain("addOne(x: number): number");
    expect(content.data["text/plain"]).toContain("Adds one.");
  });

  test("says when there is nothing", async () => {
    const { content } = (await client.request("inspect_request", { code: "   ", cursor_pos: 1 })).reply;
    expect(content).toMatchObject({ status: "ok", found: false });
  });
});

describe("input()", () => {
  test("asks the front end that runs the cell", async () => {
    const id = await client.send("execute_request", { code: "await input('Name? ')", allow_stdin: true });
    const asked = await client.until(() => client.replies.find(({ type }) => type === "input_request"));
    expect(asked.content).toEqual({ prompt: "Name? ", password: false });
    await client.send("input_reply", { status: "ok", value: "Ada" }, { channel: "stdin", parent: asked.header });
    const { iopub } = await client.answer(id);
    expect(iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe("'Ada'");
  });

  /** Runs a cell, answering what it asks; gives its result and what was asked. */
  async function answering(code: string, ...answers: string[]) {
    const id = await client.send("execute_request", { code, allow_stdin: true });
    const before = client.replies.filter(({ type }) => type === "input_request").length;
    const asked: unknown[] = [];
    for (const [at, value] of answers.entries()) {
      const question = await client.until(
        () => client.replies.filter(({ type }) => type === "input_request")[before + at],
      );
      asked.push(question.content);
      await client.send("input_reply", { status: "ok", value }, { channel: "stdin", parent: question.header });
    }
    const { iopub } = await client.answer(id);
    return { asked, text: iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"] };
  }

  test("hides a password", async () => {
    const { asked, text } = await answering("await input('Key? ', { password: true })", "s3cret");
    expect(asked).toEqual([{ prompt: "Key? ", password: true }]);
    expect(text).toBe("'s3cret'");
  });

  test("has a form that holds the thread: code without await gets its answers in turn", async () => {
    const code = "const ask = () => [inputSync('a '), inputSync('b ', { password: true })].join(); ask()";
    const { asked, text } = await answering(code, "1", "2");
    expect(asked).toEqual([
      { prompt: "a ", password: false },
      { prompt: "b ", password: true },
    ]);
    expect(text).toBe("'1,2'");
  });

  test("prompt, confirm and alert ask as in browsers", async () => {
    const code = "[prompt('name', 'Ada'), prompt('empty'), confirm('sure?'), confirm('really?'), alert('read')]";
    const { asked, text } = await answering(code, "", "", "yes", "n", "");
    expect(asked.map((question) => (question as { prompt: string }).prompt)).toEqual([
      "name [Ada] ",
      "empty ",
      "sure? [y/N] ",
      "really? [y/N] ",
      "read [Enter] ",
    ]);
    expect(text).toBe("[ 'Ada', null, true, false, undefined ]");
  });

  test.each(["await input('?')", "inputSync('?')"])("%s is stopped by an interrupt", async (code) => {
    const before = client.replies.filter(({ type }) => type === "input_request").length;
    const id = await client.send("execute_request", { code, allow_stdin: true });
    await client.until(() => client.replies.filter(({ type }) => type === "input_request")[before]);
    await client.request("interrupt_request", {}, { channel: "control" });
    expect((await client.answer(id)).reply.content.ename).toBe("Interrupted");
    expect((await answering("inputSync('again ')", "yes")).text).toBe("'yes'");
  });

  test.each(["await input('?')", "inputSync('?')"])(
    "%s is an error where the front end does not allow it",
    async (code) => {
      const { reply } = await client.execute(code, { allow_stdin: false });
      expect(reply.content.evalue).toContain("Cannot ask for input");
    },
  );
});

describe("shutdown_request", () => {
  test.each(["'idle'", "for (;;);"])("ends a kernel that runs %s", async (code) => {
    const other = await TestClient.start();
    const id = await other.send("execute_request", { code });
    await other.until(() => other.published.find((m) => m.type === "execute_input" && m.parent.msg_id === id));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const shutdown = await other.send("shutdown_request", { restart: true }, { channel: "control" });
    const reply = await other.until(() => other.replies.find(({ parent }) => parent.msg_id === shutdown));
    expect(reply.content).toEqual({ status: "ok", restart: true });
    await other.until(() => other.exited, 5000);
    expect(other.log).toBe("");
    await other.close();
  });
});
