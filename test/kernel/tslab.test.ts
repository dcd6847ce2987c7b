import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answered, TestClient } from "./client.ts";

/*
 * tslab's public notebooks run unchanged: the code of the cells of github.com/yunabe/tslab-examples (notebooks
 * getting_started and basics; errors; getting_started_javascript and javascript) and of tslab's docs/advanced.md, both
 * under the Apache licence 2.0. What stands in several notebooks stands in tslab/*.cells once. tslab's README has no cells.
 * Of the other two, tensorflow trains on digits that it fetches, with an addon that `npm run test:tfjs` compiles, and
 * plotting needs tslab-plotly, which has left the registry.
 */
const IMAGE = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "photonbook-tslab-"));
  mkdirSync(join(folder, "images"));
  writeFileSync(join(folder, "images/nodejs-new-pantone-black.jpg"), IMAGE);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the cells of a file in a fresh kernel. */
async function runNotebook(name: string, language: string): Promise<Answered[]> {
  const cells = readFileSync(join(import.meta.dirname, `tslab/${name}.cells`), "utf8").split("\n// ---\n");
  const client = await TestClient.start({ cwd: folder, args: ["--language", language] });
  try {
    const answers: Answered[] = [];
    for (const cell of cells) answers.push(await client.execute(cell));
    return answers;
  } finally {
    await client.close();
  }
}

const shown = ({ iopub }: Answered) =>
  iopub.filter(({ type }) => /display_data|execute_result/.test(type)).map(({ content }) => content.data);
const result = (answer: Answered) => shown(answer).at(-1)?.["text/plain"];
const problems = (answers: readonly Answered[]) =>
  answers.flatMap(({ reply }) => (reply.content.status === "ok" ? [] : [reply.content.evalue]));

describe("a notebook written for tslab", () => {
  test("shows what it shows there: getting_started", async () => {
    const answers = await runNotebook("getting-started", "typescript");
    expect(problems(answers)).toEqual([]);
    const [hello, , fib, message, slept, sleep, , html, jpeg, progress, es2015, es2017, esNext, advanced] = answers;
    expect(hello!.stdout).toBe(`Hello, tslab!\nNode.js: ${process.version}\n`);
    expect(fib!.stdout).toMatch(/^naiveFib\(40\) = 165580141 \(took \d+ms\)\n$/);
    expect(message!.stdout).toBe("Hello, tslab!\n");
    expect(result(slept!)).toMatch(/^'Slept \d+\[ms\]'$/);
    expect(result(sleep!)).toBe("Promise { <pending> }");
    expect(shown(html!)[0]["text/html"]).toContain("<b>Type</b>Script");
    expect(shown(jpeg!)).toEqual([{ "image/jpeg": Buffer.from(IMAGE).toString("base64") }]);
    expect(shown(progress!)).toHaveLength(100);
    expect(result(progress!)).toBe("progress: 100%");
    expect(es2015!.stdout).toBe("{ abc: 123, klm: 'hello' }\n{ x: 1, y: 2, z: 3 }\narray = [ 0, 4, 16, 36, 64 ]\n");
    expect(result(es2017!)).toMatch(/^'Slept \d+\[ms\]'$/);
    expect(esNext!.stdout).toBe("obj?.x?.z == undefined\nx ?? y ?? z == 0\n");
    expect(shown(advanced!)).toEqual([{ "text/html": "Hello <b>tslab!</b>" }]);
  });

  test("is stopped by the types that stop it there: errors", async () => {
    const answers = await runNotebook("errors", "typescript");
    expect(answers.map(({ reply }) => reply.content.ename)).toEqual(["TypeScriptError", "TypeScriptError"]);
    const traceback = (answer: Answered) => answer.reply.content.traceback.join("\n");
    expect(traceback(answers[0]!)).toContain("1:5");
    expect(traceback(answers[1]!)).toContain("2:1");
    for (const answer of answers) expect(traceback(answer)).toContain("is not assignable to type 'number'");
  });

  test("runs in JavaScript, where no type stops a cell: getting_started_javascript", async () => {
    const answers = await runNotebook("javascript", "javascript");
    expect(problems(answers)).toEqual([]);
    const [fib, now, hello, html, es2015, x, again] = answers;
    expect(fib!.stdout).toMatch(/^naiveFib\(40\) = 165580141 /);
    expect(now!.stdout).toMatch(/^\d+hello\n$/);
    expect(hello!.stdout).toBe("Hello, tslab in JavaScript\n");
    expect(shown(html!)[0]["text/html"]).toContain("<b>Java</b>Script");
    expect(es2015!.stdout).toContain("array = [ 0, 4, 16, 36, 64 ]\n");
    expect([x!.stdout, again!.stdout]).toEqual(["123 hello\n", "123 hello\n"]);
  });
});
