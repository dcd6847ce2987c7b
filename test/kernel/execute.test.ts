import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answered, TestClient } from "./client.ts";

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start();
});
afterAll(() => client.close());

/** The types of what a cell published, states left out. */
const types = ({ iopub }: Answered) => iopub.map(({ type }) => type).filter((type) => type !== "status");
const result = ({ iopub }: Answered) => iopub.find(({ type }) => type === "execute_result")?.content.data;
const traceback = ({ reply }: Answered): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: tracebacks are coloured.
  reply.content.traceback.join("\n").replaceAll(/\u001b\[[\d;]*m/g, "");

describe("a cell", () => {
  test("publishes busy, input, result and idle in this order, then has a reply with its count", async () => {
    const answered = await client.execute("20 + 22");
    const states = answered.iopub.map(({ type, content }) => (type === "status" ? content.execution_state : type));
    expect(states).toEqual(["busy", "execute_input", "execute_result", "idle"]);
    expect(result(answered)).toEqual({ "text/plain": "42" });
    expect(answered.reply.content).toMatchObject({ status: "ok", payload: [], user_expressions: {} });
    const next = await client.execute("1");
    expect(next.reply.content.execution_count).toBe(answered.reply.content.execution_count + 1);
  });

  test("shows nothing for undefined and null for null", async () => {
    expect(types(await client.execute("undefined"))).toEqual(["execute_input"]);
    expect(types(await client.execute("const unused = 1"))).toEqual(["execute_input"]);
    expect(result(await client.execute("null"))).toEqual({ "text/plain": "null" });
  });

  test("awaits at top level", async () => {
    expect(result(await client.execute("await Promise.resolve('there')"))).toEqual({ "text/plain": "'there'" });
  });

  test("bounds the text of huge values", async () => {
    const shown = result(await client.execute("new Float64Array(5_000_000)"))["text/plain"];
    expect(shown).toContain("Float64Array(5000000)");
    expect(shown.length).toBeLessThan(10_000);
    expect(result(await client.execute("'x'.repeat(5_000_000)"))["text/plain"].length).toBeLessThan(20_000);
  });

  test("shows objects of an array by their own lines, and only the start of arrays inside an object", async () => {
    const rich = "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'thing\\n' + i, 'text/html': '<b>' }) })";
    const shown = result(await client.execute(`Array.from({ length: 1200 }, (_, i) => ${rich})`))["text/plain"];
    expect(shown).toMatch(/^Array\(1,200\) \[\n {2}thing 0\n {2}thing 1\n[\s\S]* {2}thing 9\n {2}… 1,190 more\n\]$/);
    const nested = result(await client.execute("({ samples: { data: new Float64Array(8000) } })"))["text/plain"];
    expect(nested).toContain("... 7988 more items");
  });

  test("does not count, publish or remember when silent", async () => {
    const before = (await client.execute("1")).reply.content.execution_count;
    const silent = await client.execute("console.log('quiet'); 5", { silent: true });
    expect(types(silent)).toEqual([]);
    expect(silent.reply.content.execution_count).toBe(before);
  });

  test("does not count when store_history is off", async () => {
    const before = (await client.execute("1")).reply.content.execution_count;
    const unstored = await client.execute("7", { store_history: false });
    expect(unstored.reply.content.execution_count).toBe(before);
    expect(result(unstored)).toEqual({ "text/plain": "7" });
  });

  test("evaluates user expressions after it ran", async () => {
    await client.execute("let counted = 2");
    const { reply } = await client.execute("counted += 1", {
      user_expressions: { sum: "counted + 40", wrong: "(() => { throw new RangeError('no') })()" },
    });
    expect(reply.content.user_expressions.sum).toMatchObject({ status: "ok", data: { "text/plain": "43" } });
    expect(reply.content.user_expressions.wrong).toMatchObject({ status: "error", ename: "RangeError", evalue: "no" });
  });
});

describe("output", () => {
  test("keeps the order of streams", async () => {
    const { iopub } = await client.execute("console.log('a'); console.error('b'); process.stdout.write('c\\n');");
    const texts = iopub.filter(({ type }) => type === "stream").map(({ content }) => [content.name, content.text]);
    expect(texts).toEqual([
      ["stdout", "a\n"],
      ["stderr", "b\n"],
      ["stdout", "c\n"],
    ]);
  });

  test("of 5,000 lines is complete and in order before idle, in few messages", async () => {
    const { stdout, iopub } = await client.execute("for (let i = 0; i < 5000; i++) console.log('line ' + i);");
    expect(stdout).toBe(Array.from({ length: 5000 }, (_, i) => `line ${i}\n`).join(""));
    expect(iopub.at(-1)?.content).toEqual({ execution_state: "idle" });
    expect(iopub.length).toBeLessThan(50);
  });

  test("of a loop is seen while the loop runs", async () => {
    const id = await client.send("execute_request", {
      code: "console.log('first'); for (const end = Date.now() + 1000; Date.now() < end; );",
    });
    await client.until(() => client.published.find(({ type, parent }) => type === "stream" && parent.msg_id === id));
    expect(client.replies.some(({ parent }) => parent.msg_id === id)).toBe(false);
    await client.answer(id);
  });

  test("of a timer goes to the cell that started it", async () => {
    const first = await client.send("execute_request", { code: "setTimeout(() => console.log('late'), 150);" });
    await client.answer(first);
    await client.execute("console.log('newer'); await new Promise((resolve) => setTimeout(resolve, 300));");
    const late = client.published.find(({ type, content }) => type === "stream" && content.text.includes("late"));
    expect(late?.parent.msg_id).toBe(first);
    expect(late?.content.text).toBe("late\n");
  });

  test("of console.table, dir, group and warn is captured", async () => {
    const { stdout, stderr } = await client.execute(
      "console.table([{ a: 1 }]); console.dir({ b: 2 }); console.group('g'); console.info('in'); console.groupEnd(); console.warn('w');",
    );
    expect(stdout).toContain("│ 0       │ 1 │");
    expect(stdout).toContain("{ b: 2 }\ng\n  in\n");
    expect(stderr).toBe("w\n");
  });
});

describe("display", () => {
  test("uses an object's own bundle, awaiting it before idle", async () => {
    const answered = await client.execute(
      `class Shown { async [Symbol.for("Jupyter.display")]() { await new Promise((r) => setTimeout(r, 20)); return { "text/html": "<b>1</b>" }; } }
       display(new Shown()); new Shown()`,
    );
    const shown = answered.iopub.filter(({ type }) => type === "display_data" || type === "execute_result");
    expect(shown.map(({ content }) => content.data["text/html"])).toEqual(["<b>1</b>", "<b>1</b>"]);
    expect(answered.iopub.at(-1)?.type).toBe("status");
  });

  test("updates what it has shown", async () => {
    const answered = await client.execute(
      `const shown = display({ "text/plain": "one" }); shown.update({ "text/plain": "two" });`,
    );
    const [first, second] = answered.iopub.filter(({ type }) => type.endsWith("display_data"));
    expect([first?.type, second?.type]).toEqual(["display_data", "update_display_data"]);
    expect(second?.content.transient.display_id).toBe(first?.content.transient.display_id);
    expect(second?.content.data).toEqual({ "text/plain": "two" });
  });

  test("shows nothing more when display() is the last expression", async () => {
    expect(types(await client.execute("display(1)"))).toEqual(["execute_input", "display_data"]);
  });

  test("offers vega-lite specifications in their own type", async () => {
    const data = result(
      await client.execute(`({ $schema: "https://vega.github.io/schema/vega-lite/v6.json", mark: "point" })`),
    );
    expect(data["application/vnd.vegalite.v5+json"]).toMatchObject({ mark: "point" });
  });

  test("shows the head of an arquero table, escaped", async () => {
    await client.execute('import * as aq from "arquero";');
    const data = result(await client.execute("aq.table({ name: Array(50).fill('<b>'), rate: Array(50).fill(1 / 3) })"));
    expect(data["text/html"].match(/<tr><td>&lt;b&gt;<\/td><td>0\.333333<\/td><\/tr>/g)).toHaveLength(10);
    expect(data["text/html"]).toContain("50 rows × 2 columns");
    expect(data["text/plain"].split("\n")[0]).toBe("name      rate");
  });

  test("reports an object whose display fails as an error of the cell", async () => {
    const { reply } = await client.execute(
      `({ [Symbol.for("Jupyter.display")]() { throw new Error("cannot draw"); } })`,
    );
    expect(reply.content).toMatchObject({ status: "error", ename: "Error", evalue: "cannot draw" });
  });
});

describe("an error", () => {
  test("is published and replied with the lines of the cells it came through", async () => {
    const defined = await client.execute(
      "function thrower(x: number) {\n  if (x > 0)\n    throw new RangeError('too much');\n}",
    );
    const answered = await client.execute("const before = 1;\n\nthrower(before);");
    expect(types(answered)).toEqual(["execute_input", "error"]);
    const { content } = answered.reply;
    expect(content).toMatchObject({ status: "error", ename: "RangeError", evalue: "too much" });
    expect(traceback(answered)).toContain(`Cell [${defined.reply.content.execution_count}] 3:11 in thrower`);
    expect(traceback(answered)).toContain(" ---> 3 |     throw new RangeError('too much');");
    expect(traceback(answered)).toContain(`Cell [${content.execution_count}] 3:1`);
    expect(traceback(answered)).not.toContain("kernel/engine");
    expect(traceback(answered)).not.toContain("node:");
  });

  test("keeps its lines after an await", async () => {
    const answered = await client.execute(
      "// one\nawait null;\n// three\nnull!.x;".replace("null!.x", "(undefined as any).x"),
    );
    expect(answered.reply.content.ename).toBe("TypeError");
    expect(traceback(answered)).toMatch(/Cell \[\d+\] 4:\d+/);
  });

  test("made behind what is awaited ends at the line that awaits it", async () => {
    const line = (code: string, wanted: string) =>
      client.execute(`// one\n${code}`).then((answered) => {
        expect(answered.reply.content.status).toBe("error");
        const { execution_count: count } = answered.reply.content;
        const places = traceback(answered).match(/^Cell .*$/gm) ?? [];
        expect(places.at(-1)).toBe(`Cell [${count}] ${wanted}`);
      });
    await line('import { readFile } from "node:fs/promises";\nawait readFile("/nope");', "3:1");
    await line('const read = 1; await new Promise((_, no) => setTimeout(no, 5, "late"));', "2:17");
    await line('for (const i of [1]) {\n  await null;\n  throw "text";\n}', "4:3");
    await line('for await (const x of [Promise.reject("later")]) x;', "2:1");
    await line('1;\nawait import("not-" + "there");', "3:1");
    await line("function deeper(n: number): number {\n  return deeper(n + 1) + 1;\n}\ndeeper(0);", "5:1");
  });

  test("thrown in a worker's job shows the worker's frames, then the cell's line", async () => {
    const jobs = resolve(import.meta.dirname, "../../src/jobs/index.ts");
    const answered = await client.execute(
      `import { gmm } from ${JSON.stringify(jobs)};
       const rows = { data: new Float64Array(10), shape: [5, 2] } as const;
       await gmm(rows, { nComponents: 20 });`,
    );
    expect(answered.reply.content.ename).toBe("RangeError");
    const lines = traceback(answered).split("\n");
    const worker = lines.findIndex((text) => text.includes("gmm-worker"));
    const cell = lines.indexOf(`Cell [${answered.reply.content.execution_count}] 3:14`);
    expect(worker).toBeGreaterThan(0);
    expect(cell).toBeGreaterThan(worker);
  });

  test("of a rejected promise is the cell's error, with its cause", async () => {
    const answered = await client.execute(
      "await Promise.reject(new Error('outer', { cause: new TypeError('inner') }));",
    );
    expect(answered.reply.content).toMatchObject({ status: "error", ename: "Error", evalue: "outer" });
    expect(traceback(answered)).toContain("Caused by:\nTypeError: inner");
  });

  test("that quotes its cause is told once, and a cause shows only where it differs", async () => {
    const quoting = await client.execute(
      "await Promise.reject(Object.assign(new Error('no such table', { cause: Object.assign(new Error('no such'), { stack: '' }) })))",
    );
    expect(traceback(quoting)).not.toContain("Caused by");
    const reading =
      "import { readFile } from 'node:fs/promises';\nawait readFile('no.txt').catch((cause) => { throw new Error('Cannot read \"no.txt\": there is none', { cause }); });";
    expect(traceback(await client.execute(reading))).not.toContain("ENOENT");
    const code =
      "function inner() { throw new Error('deep'); }\ntry { inner(); }\ncatch (cause) { throw new Error('outer', { cause }); }";
    const lines = traceback(await client.execute(`function outer() {\n${code}\n}\nouter();`)).split("\n");
    expect(lines.filter((line) => /^Cell .* 6:1/.test(line))).toHaveLength(1);
    expect(lines.slice(lines.indexOf("Caused by:")).join("\n")).toMatch(
      /^Caused by:\nError: deep\nCell \[\d+\] 2:\d+ in inner/,
    );
  });

  test("that is no Error is shown as what it is", async () => {
    expect((await client.execute("throw { code: 5 };")).reply.content).toMatchObject({ evalue: "{ code: 5 }" });
  });

  test("of a type keeps the cell from running and points at its column", async () => {
    const answered = await client.execute("console.log('ran');\nconst wrong: number = 'text';");
    expect(answered.stdout).toBe("");
    expect(answered.reply.content).toMatchObject({ status: "error", ename: "TypeScriptError" });
    expect(answered.reply.content.evalue).toBe("Type 'string' is not assignable to type 'number'.");
    expect(traceback(answered)).toMatch(/Cell \[\d+\] 2:7/);
    expect(traceback(answered)).toContain(" ---> 2 | const wrong: number = 'text';\n        |       ^^^^^");
  });

  test("of syntax is a SyntaxError at its line", async () => {
    const answered = await client.execute("const fine = 1;\nconst = 2;");
    expect(answered.reply.content.ename).toBe("SyntaxError");
    expect(traceback(answered)).toMatch(/Cell \[\d+\] 2:/);
  });

  test("in a timer or an unawaited promise is printed by the cell that caused it, and kills nothing", async () => {
    const { reply, stderr } = await client.execute(
      `setTimeout(() => { throw new Error("in a timer"); }, 10);
       void Promise.reject(new Error("not awaited"));
       await new Promise((resolve) => setTimeout(resolve, 100));`,
    );
    expect(reply.content.status).toBe("ok");
    expect(stderr).toContain("in a timer");
    expect(stderr).toContain("not awaited");
    expect(stderr).toMatch(/Cell .*1:26/);
    expect(result(await client.execute("'alive'"))).toEqual({ "text/plain": "'alive'" });
  });
});

describe("an error that is shown, not thrown", () => {
  test("points into its cell, in results and in what is printed", async () => {
    const { reply, stderr, iopub } = await client.execute(
      "const shown = new Error('shown');\nconsole.error(shown);\nshown",
    );
    const place = `Error: shown\n    at Cell [${reply.content.execution_count}] 1:15`;
    expect(stderr).toBe(`${place}\n`);
    expect(iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe(place);
  });

  test("as an unhandled rejection is printed before idle", async () => {
    const { stderr, reply } = await client.execute("void Promise.reject(new Error('forgotten'));");
    expect(stderr).toContain("Unhandled rejection");
    expect(reply.content.status).toBe("ok");
  });
});

describe("the queue", () => {
  test("aborts what waits behind an error", async () => {
    const codes = ["await new Promise((r) => setTimeout(r, 50)); throw new Error('stop');", "'never'", "'nor this'"];
    const ids = await Promise.all(codes.map((code) => client.send("execute_request", { code })));
    const replies = await Promise.all(ids.map((id) => client.answer(id)));
    expect(replies.map(({ reply }) => reply.content.status)).toEqual(["error", "aborted", "aborted"]);
    expect(types(replies[1]!)).toEqual([]);
    expect(replies[1]!.reply.content).toEqual({ status: "aborted" });
    expect((await client.execute("'next'")).reply.content.status).toBe("ok");
  });

  test("goes on when stop_on_error is off", async () => {
    const first = await client.send("execute_request", { code: "throw new Error('on')", stop_on_error: false });
    const second = await client.send("execute_request", { code: "'ran'" });
    expect((await client.answer(first)).reply.content.status).toBe("error");
    expect((await client.answer(second)).reply.content.status).toBe("ok");
  });
});
