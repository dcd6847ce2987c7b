import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TestClient } from "./client.ts";

let client: TestClient;
const folder = realpathSync(mkdtempSync(join(tmpdir(), "photonbook-notebook-")));
beforeAll(async () => {
  client = await TestClient.start({ cwd: folder });
});
afterAll(() => client.close());

/** What a cell prints; an error is an error of the test. */
async function printed(code: string): Promise<string> {
  const { reply, stdout } = await client.execute(code);
  if (reply.content.status !== "ok") throw new Error(reply.content.traceback.join("\n"));
  return stdout;
}

/** The text of a cell's result. */
async function result(code: string): Promise<string | undefined> {
  const { reply, iopub } = await client.execute(code);
  if (reply.content.status !== "ok") throw new Error(reply.content.traceback.join("\n"));
  return iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"];
}

describe("!command", () => {
  test("prints on the stream it prints on, and says its status", async () => {
    const { reply, stdout, stderr } = await client.execute("!echo out; echo err >&2; exit 3");
    expect(reply.content.status).toBe("ok");
    expect(stdout).toBe("out\n");
    expect(stderr).toBe("err\nThe command ended with status 3\n");
  });

  test("stands between other lines, in their order", async () => {
    expect(await printed('console.log("a")\n!echo b\nconsole.log("c")')).toBe("a\nb\nc\n");
  });

  test("ends with the cell that is stopped", async () => {
    const id = await client.send("execute_request", { code: "!echo started; sleep 60; echo survived" });
    await client.until(() => client.published.find((m) => m.type === "stream" && m.parent.msg_id === id));
    const begin = performance.now();
    await client.request("interrupt_request", {}, { channel: "control" });
    const { reply, stdout } = await client.answer(id);
    expect(reply.content.ename).toBe("Interrupted");
    expect(performance.now() - begin).toBeLessThan(5000);
    expect(stdout).toBe("started\n");
    expect(await printed("!ps -eo args | grep -c '^sleep 6[0]$' || true")).toBe("0\n");
  });
});

describe("%time and %timeit", () => {
  test("give the value of an expression and keep what statements declare", async () => {
    const { stdout, iopub } = await client.execute("%time 6 * 7");
    expect(stdout).toMatch(/^Wall time: [\d.]+ (ns|µs|ms|s)\n$/);
    expect(iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe("42");
    expect(await printed("%time const timed = 5")).toContain("Wall time");
    expect(await result("timed")).toBe("5");
  });

  test("measure what they are given: 20 ms of sleep are 20 ms", async () => {
    const code = "%timeit -n 2 -r 3 await new Promise((done) => setTimeout(done, 20))";
    const [, value, unit] = /^([\d.]+) (\S+) ± .* \(mean ± std. dev. of 3 runs, 2 loops each\)/.exec(
      await printed(code),
    )!;
    expect(unit).toBe("ms");
    expect(Number(value)).toBeGreaterThanOrEqual(19); // Node's timers may end up to 1 ms early.
    expect(Number(value)).toBeLessThan(200);
  });

  test("time whole cells, whose names stay and whose errors point at their lines", async () => {
    const { stdout } = await client.execute(
      "%%time\nawait new Promise((done) => setTimeout(done, 30));\nconst whole = 1",
    );
    expect(stdout).toMatch(/^Wall time: (2[9]|[3-9]\d|\d{3,})(\.\d+)? ms\n$/);
    expect(await result("whole")).toBe("1");
    const failed = await client.execute('%%time\nconst fine = 1;\nthrow new Error("late")');
    expect(failed.reply.content.traceback.join("\n")).toMatch(/Cell .* 3:/);
  });

  test("refuse code with a type error", async () => {
    expect((await client.execute("%time whole.length")).reply.content.ename).toBe("TypeScriptError");
    expect((await client.execute("%%timeit\nwhole.length")).reply.content.ename).toBe("TypeScriptError");
  });
});

describe("%env, %cd, %pwd", () => {
  test("set, read and list the environment, as commands see it", async () => {
    expect(await printed("%env PHOTON=7 keV")).toBe("env: PHOTON=7 keV\n");
    expect(await result("%env PHOTON")).toBe("'7 keV'");
    expect(await printed("!echo $PHOTON")).toBe("7 keV\n");
    const { reply } = await client.execute("%env NO_SUCH_NAME");
    expect(reply.content.evalue).toBe('Cannot read environment variable "NO_SUCH_NAME": it is not set');
  });

  test("change the folder for code and commands", async () => {
    expect(await printed("%cd /")).toBe("/\n");
    expect(await result("%pwd")).toBe("'/'");
    expect(await printed("!pwd")).toBe("/\n");
    expect(await printed(`%cd "${folder}"`)).toBe(`${folder}\n`);
  });
});

describe("%who, %whos, %reset", () => {
  beforeEach(async () => {
    await client.execute("%reset");
  });

  test("list the names of cells with type, shape and value", async () => {
    await client.execute("const rates = new Float64Array(9); class Source {}; let label = 'M51'");
    expect(await printed("%who")).toBe("Source   label   rates\n");
    const [head, ...rows] = (await printed("%whos")).trimEnd().split("\n");
    expect(head).toMatch(/^Name +Type +Shape +Value$/);
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 3))).toEqual([
      ["Source", "class", "[class Source]"],
      ["label", "string", "'M51'"],
      ["rates", "Float64Array", "(9,)"],
    ]);
  });

  test("forget them, for the checker too", async () => {
    await client.execute("const gone = 1");
    expect(await printed("%reset")).toBe("1 names are gone\n");
    expect((await client.execute("gone")).reply.content.evalue).toBe("Cannot find name 'gone'.");
    expect(await result("const gone = 'anew'; gone")).toBe("'anew'");
  });
});

describe("files and formats", () => {
  test("%load puts a file's text in the cell", async () => {
    writeFileSync(join(folder, "script.ts"), "export const a = 1;\n");
    const { reply } = await client.execute("%load script.ts");
    expect(reply.content.payload).toEqual([
      { source: "set_next_input", text: "// %load script.ts\nexport const a = 1;\n", replace: true },
    ]);
  });

  test("%%writefile writes the cell, -a appends it", async () => {
    expect(await printed("%%writefile w.txt\none\n  two")).toBe("Wrote w.txt\n");
    expect(await printed("%%writefile -a w.txt\n%three")).toBe("Appended to w.txt\n");
    expect(readFileSync(join(folder, "w.txt"), "utf8")).toBe("one\n  two\n%three\n");
  });

  test("%%bash runs the cell as a script, and its status stops the cells that wait", async () => {
    expect(await printed('%%bash\nfor i in 1 2; do\n  echo "line $i"\ndone')).toBe("line 1\nline 2\n");
    const { reply } = await client.execute("%%bash\nexit 4");
    expect(reply.content.evalue).toBe("Cannot go on after %%bash: the script ended with status 4");
    expect(await printed("%%script node -\nconsole.log(6 * 7)")).toBe("42\n");
  });

  test.each([
    ["html", "text/html", "<b>x</b>"],
    ["markdown", "text/markdown", "# x"],
    ["latex", "text/latex", "$x$"],
    ["svg", "image/svg+xml", "<svg/>"],
    ["javascript", "application/javascript", "1"],
  ])("%%%%%s shows the cell as %s", async (magic, mimeType, body) => {
    const { iopub } = await client.execute(`%%${magic}\n${body}`);
    expect(iopub.find(({ type }) => type === "display_data")?.content.data).toEqual({ [mimeType]: body });
  });

  test("%install asks npm, whose failure is the cell's", async () => {
    const { reply } = await client.execute("%install ./no-such-package.tgz");
    expect(reply.content.evalue).toMatch(/^Cannot install \.\/no-such-package\.tgz: npm ended with status \d+$/);
    const wrong = await client.execute('import x from "not-there-at-all"');
    expect(wrong.reply.content.evalue).toContain('"%install not-there-at-all"');
  });

  test("an unknown magic is named, at its line", async () => {
    const { reply } = await client.execute("const q = 1;\n%nomagic x");
    expect(reply.content.evalue).toBe("Cannot run %nomagic: the magic must be one that %lsmagic lists");
    expect(reply.content.traceback.join("\n")).toMatch(/ 2:1$/m);
    expect(await printed("%lsmagic")).toContain("%timeit");
  });
});

describe("values", () => {
  test.each([
    ["new Float32Array([1, 2.5, NaN])", "Float32Array(3) min 1, max 2.5, 1 NaN\n[1, 2.5, NaN]"],
    ["new BigInt64Array(2)", "BigInt64Array(2) min 0n, max 0n\n[0n, 0n]"],
    ["new Uint8Array(0)", "Uint8Array(0) []"],
    [
      "Float64Array.from({ length: 100000 }, (_, i) => i)",
      "Float64Array(100000) min 0, max 99999\n[0, 1, 2, 3, …, 99996, 99997, 99998, 99999]",
    ],
    ["({ data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] })", "Float64Array (2, 2) min 1, max 4\n[[1, 2],\n [3, 4]]"],
  ])("%s is shown by type, range and ends", async (code, text) => {
    expect(await result(code)).toBe(text);
  });

  test("bytes of an image are shown as it", async () => {
    const { iopub } = await client.execute("Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)");
    expect(iopub.find(({ type }) => type === "execute_result")?.content.data["image/png"]).toBe("iVBORw0KGgo=");
  });

  test("display has a method for each common type", async () => {
    const { iopub } = await client.execute(
      'display.html("<i>1</i>"); display.vega({ mark: "bar" }); display.png(Uint8Array.of(1)); display.json({ a: 1 });',
    );
    expect(iopub.filter(({ type }) => type === "display_data").map(({ content }) => content.data)).toEqual([
      { "text/html": "<i>1</i>" },
      { "application/vnd.vegalite.v5+json": { mark: "bar" } },
      { "image/png": "AQ==" },
      { "application/json": { a: 1 } },
    ]);
  });

  test("clearOutput takes away what was shown", async () => {
    const { iopub } = await client.execute("display(1); clearOutput({ wait: true }); display(2)");
    const shown = iopub.filter(({ type }) => type !== "status" && type !== "execute_input");
    expect(shown.map(({ type }) => type)).toEqual(["display_data", "clear_output", "display_data"]);
    expect(shown[1]!.content).toEqual({ wait: true });
  });
});
