import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { murmur2 } from "../../kernel/debug/murmur2.ts";
import { TestClient } from "./client.ts";
import { DebugClient } from "./debug-client.ts";

let client: TestClient;
let dap: DebugClient;
const folder = mkdtempSync(join(tmpdir(), "photonbook-debug-"));

beforeAll(async () => {
  client = await TestClient.start({ cwd: folder });
  dap = new DebugClient(client);
});
afterAll(() => client.close());

const send = (code: string) => client.send("execute_request", { code });
const textOf = async (code: string) => {
  const { reply, iopub } = await client.execute(code);
  if (reply.content.status !== "ok") throw new Error(reply.content.traceback.join("\n"));
  return iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"];
};

test("murmur2() gives the hashes that ipykernel gives", () => {
  // ipykernel 7.4.0: murmur2_x86(text, 0xc70f6907)
  const known = {
    "": 3990065800,
    a: 2167009006,
    "const x = 1;\nx": 552911769,
    abcdefgh: 797686234,
    "é🔭ß": 1161608411,
  };
  for (const [text, hash] of Object.entries(known)) expect(murmur2(text, 0xc70f6907)).toBe(hash);
});

describe("before it is attached", () => {
  test("debugInfo tells how cells are named, and that nothing is started", async () => {
    const info = await dap.ask("debugInfo");
    expect(info).toMatchObject({ isStarted: false, hashMethod: "Murmur2", hashSeed: 0xc70f6907, tmpFileSuffix: ".ts" });
    expect(info).toMatchObject({ breakpoints: [], stoppedThreads: [], richRendering: true, copyToGlobals: true });
    const { reply } = await client.request("kernel_info_request", {});
    expect(reply.content.supported_features).toContain("debugger");
  });

  test("inspectVariables shows what cells have declared, and nothing else", async () => {
    await client.execute(
      "const early = { name: 'M31', counts: [1, 2, 3] }; let flux = 2.5; function twice(x: number) { return 2 * x; }",
    );
    const { variables } = await dap.ask("inspectVariables");
    const lines = variables.map(({ name, value }: Record<string, string>) => [name, value]);
    expect(lines).toEqual([
      ["early", "{name: 'M31', counts: Array(3)}"],
      ["flux", "2.5"],
      ["twice", "ƒ twice(x)"],
    ]);
    expect(await dap.below(variables[0].variablesReference)).toMatchObject({
      name: "'M31'",
      counts: "Array(3) [1, 2, 3]",
    });
  });

  test("inspectVariables answers front ends that ask again before they have the answer", async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => dap.ask("inspectVariables")));
    for (const { variables } of answers) {
      expect(variables.map(({ name }: { name: string }) => name)).toEqual(["early", "flux", "twice"]);
    }
    expect(await dap.below(answers.at(-1)!.variables[0].variablesReference)).toMatchObject({ name: "'M31'" });
  });

  test("richInspectVariables gives what a value shows of itself", async () => {
    const shown = "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>rich</b>' }) })";
    await client.execute(
      `const rich = ${shown}; const slow = { [Symbol.for('Jupyter.display')]: async () => ({ 'text/html': '<i>slow</i>' }) };`,
    );
    expect((await dap.ask("richInspectVariables", { variableName: "rich" })).data["text/html"]).toBe("<b>rich</b>");
    expect((await dap.ask("richInspectVariables", { variableName: "slow" })).data["text/html"]).toBe("<i>slow</i>");
  });

  test("what needs it is refused with a reason", async () => {
    const refused = await dap.request("setBreakpoints", { source: { path: "/x.ts" }, breakpoints: [{ line: 1 }] });
    expect(refused).toMatchObject({ success: false, message: "Cannot set breakpoints: the debugger must be attached" });
    expect((await dap.request("next")).message).toContain("the code must be stopped");
    expect((await dap.request("toString")).success).toBe(false);
  });
});

describe("attached", () => {
  beforeAll(() => dap.attach());

  test("stops at a breakpoint in a cell, shows its variables, steps and goes on", async () => {
    const code =
      "let total = 0;\nfor (const n of [1, 2, 3]) {\n  total += n;\n}\nconst done: string = 'total ' + total;\ndone";
    expect(await dap.breakAt(code, 3)).toEqual([3]);
    const id = await send(code);
    const first = await dap.stopped();
    expect(first).toMatchObject({ reason: "breakpoint", stack: [expect.stringMatching(/^Cell \[\d+\]:3$/)] });
    expect(first.path).toBe((await dap.ask("dumpCell", { code })).sourcePath);
    const shown = await dap.variables(first.frame);
    expect(shown.Locals).toEqual({ n: "1" });
    expect(shown.Notebook).toMatchObject({ total: "0", early: "{name: 'M31', counts: Array(3)}" });
    expect(await dap.evaluate("total + n * 10", first.frame)).toBe("10");
    await dap.ask("continue", { threadId: 1 });
    await dap.event("continued");
    expect((await dap.stopped()).stack[0]).toMatch(/:3$/);
    await dap.breakAt(code);
    await dap.ask("next", { threadId: 1 });
    expect((await dap.stopped()).stack[0]).toMatch(/:2$/);
    await dap.ask("continue");
    const { reply, iopub } = await client.answer(id);
    expect(reply.content.status).toBe("ok");
    expect(iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe("'total 6'");
  });

  test("steps line by line through a cell, in order, and ends with it", async () => {
    const code =
      "const a = 1;\nconst b = await Promise.resolve(a + 1);\n\n// a remark\nfunction inner(x: number) {\n  const y = x * 2;\n  return y;\n}\nconst c = inner(b);\nc";
    expect(await dap.breakAt(code, 1)).toEqual([1]);
    const id = await send(code);
    const lines = [(await dap.stopped()).stack[0]];
    for (let step = 0; step < 3; step++) {
      await dap.ask("next");
      lines.push((await dap.stopped()).stack[0]);
    }
    expect(lines.map((line) => line?.replace(/^.*:/, ""))).toEqual(["1", "2", "9", "10"]);
    await dap.ask("next");
    expect((await client.answer(id)).reply.content.status).toBe("ok");
    await dap.event("continued");
    expect((await dap.ask("stackTrace")).stackFrames).toEqual([]);
  });

  test("steps into a function of another cell and out of it", async () => {
    const library =
      "function area(width: number, height: number) {\n  const product = width * height;\n  return product;\n}";
    await client.execute(library);
    const code = "const size = 3;\nconst square = area(size, size);\nsquare";
    await dap.breakAt(code, 2);
    const id = await send(code);
    await dap.stopped();
    await dap.ask("stepIn");
    const inside = await dap.stopped();
    expect(inside.stack).toEqual(["area:2", expect.stringMatching(/^Cell \[\d+\]:2$/)]);
    expect((await dap.variables(inside.frame)).Locals).toMatchObject({ width: "3", height: "3" });
    await dap.ask("stepOut");
    expect((await dap.stopped()).stack).toHaveLength(1);
    await dap.ask("continue");
    await client.answer(id);
    await dap.breakAt(code);
  });

  test("stops in a function of a cell that has run already, and in what a timer calls", async () => {
    const library = "function later(x: number) {\n  return x + 1;\n}";
    await client.execute(library);
    expect(await dap.breakAt(library, 2)).toEqual([2]);
    const id = await send("later(41)");
    expect((await dap.stopped()).stack).toEqual(["later:2", expect.stringMatching(/^Cell/)]);
    await dap.ask("continue");
    await client.answer(id);
    const timer = await send("setTimeout(() => later(1), 50)");
    await client.answer(timer);
    expect((await dap.stopped()).stack[0]).toBe("later:2");
    await dap.ask("continue");
    await dap.breakAt(library);
  });

  test("stops in a local file, with its variables", async () => {
    const path = join(folder, "local.ts");
    writeFileSync(
      path,
      "export interface Shape { side: number }\n\nexport function cube(shape: Shape): number {\n  const { side } = shape;\n  return side ** 3;\n}\n",
    );
    expect(await dap.breakIn(path, 2)).toEqual([4]);
    expect(await dap.breakIn(path, 5)).toEqual([5]);
    const id = await send('import { cube } from "./local.ts";\ncube({ side: 3 })');
    const inside = await dap.stopped();
    expect(inside).toMatchObject({ path, stack: ["cube:5", expect.stringMatching(/:2$/)] });
    expect((await dap.variables(inside.frame)).Locals).toMatchObject({ side: "3", shape: "{side: 3}" });
    expect((await dap.ask("source", { source: { path } })).content).toContain("interface Shape");
    expect((await dap.ask("modules")).modules).toContainEqual(expect.objectContaining({ path }));
    await dap.ask("continue");
    await client.answer(id);
    await dap.breakIn(path);
  });

  test("evaluates TypeScript in a frame: locals, closures and the notebook's names, which it may assign", async () => {
    await client.execute("let scale = 10; class Lens { #f = 5; get focus() { return this.#f; } }");
    const code =
      "function outer(by: number) {\n  const seen = [by];\n  return () => {\n    const scale = 2;\n    return by * scale + seen.length;\n  };\n}\nouter(7)()";
    await dap.breakAt(code, 5);
    const id = await send(code);
    const { frame } = await dap.stopped();
    expect(await dap.evaluate("by * scale", frame)).toBe("14");
    expect(await dap.evaluate("(by as number) satisfies number", frame)).toBe("7");
    expect(await dap.evaluate("new Lens().focus", frame)).toBe("5");
    expect(await dap.evaluate("flux = 4.5", frame)).toBe("4.5");
    expect(await dap.evaluate("by = 100, by", frame)).toBe("100");
    expect((await dap.variables(frame)).Closure).toMatchObject({ by: "100", seen: "Array(1) [7]" });
    const failed = await dap.request("evaluate", { expression: "nothing.there", frameId: frame });
    expect(failed).toMatchObject({ success: false, message: "ReferenceError: nothing is not defined" });
    await dap.ask("continue");
    const { iopub } = await client.answer(id);
    expect(iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe("201");
    await dap.breakAt(code);
    expect(await textOf("flux")).toBe("4.5");
    expect(await dap.evaluate("scale + 1")).toBe("11");
  });

  test("copies a local variable into the notebook, where later cells use it", async () => {
    const code = "function hidden() {\n  const treasure = { gold: 7 };\n  return treasure.gold;\n}\nhidden()";
    await dap.breakAt(code, 3);
    const id = await send(code);
    const { frame } = await dap.stopped();
    const args = { srcVariableName: "treasure", dstVariableName: "treasure", srcFrameId: frame };
    expect((await dap.ask("copyToGlobals", args)).value).toBe("{gold: 7}");
    expect((await dap.variables(frame)).Notebook).toMatchObject({ treasure: "{gold: 7}" });
    await dap.ask("continue");
    await client.answer(id);
    await dap.breakAt(code);
    expect(await textOf("treasure.gold + 1")).toBe("8");
  });

  test("shows large and nested values bounded, in parts that expand", async () => {
    await client.execute(
      "const large = new Float64Array(1_000_000).fill(3); const map = new Map([['a', { deep: [1] }]]);",
    );
    const { variables } = await dap.ask("inspectVariables");
    const find = (name: string) => variables.find((each: { name: string }) => each.name === name);
    expect(find("large").value).toMatch(/^Float64Array\(1000000\) \[3, 3, 3, 3/);
    const below = (await dap.ask("variables", { variablesReference: find("large").variablesReference })).variables;
    expect(below).toHaveLength(101);
    expect(below.at(-1)).toMatchObject({ name: "[100 … 999999]", value: "999900 more elements" });
    const next = await dap.below(below.at(-1).variablesReference);
    expect(Object.keys(next).slice(0, 2)).toEqual(["100", "101"]);
    expect(find("map").value).toBe("Map(1) {'a' => Object}");
    expect(Object.keys(await dap.below(find("map").variablesReference))).toContain("[[Entries]]");
  });

  test("stops where a cell will fail, or where anything is thrown", async () => {
    const caught = "try {\n  throw new Error('minor');\n} catch {}\n'after'";
    const uncaught = "function bad(): number {\n  throw new RangeError('major');\n}\nbad()";
    await dap.ask("setExceptionBreakpoints", { filters: ["uncaught"] });
    expect((await client.execute(caught)).reply.content.status).toBe("ok");
    const failing = await send(uncaught);
    expect(await dap.stopped()).toMatchObject({ reason: "exception", stack: ["bad:2", expect.stringMatching(/:4$/)] });
    await dap.ask("continue");
    expect((await client.answer(failing)).reply.content.ename).toBe("RangeError");
    const awaited = "async function slow() {\n  await null;\n  throw new Error('late');\n}\n";
    expect((await client.execute(`${awaited}try {\n  await slow();\n} catch {}`)).reply.content.status).toBe("ok");
    const late = await send(`${awaited}await slow();`);
    expect((await dap.stopped()).stack[0]).toBe("slow:3");
    await dap.ask("continue");
    expect((await client.answer(late)).reply.content.evalue).toBe("late");
    await dap.ask("setExceptionBreakpoints", { filters: ["caught"] });
    const id = await send(caught);
    expect((await dap.stopped()).reason).toBe("exception");
    await dap.ask("continue");
    await client.answer(id);
    await dap.ask("setExceptionBreakpoints", { filters: [] });
  });

  test("holds a running loop when asked to pause", async () => {
    const id = await send("let spin = true;\nwhile (spin) {\n  flux += 1;\n}");
    await new Promise((resolve) => setTimeout(resolve, 200));
    await dap.ask("pause");
    const { reason, stack, frame } = await dap.stopped();
    expect(reason).toBe("pause");
    expect(stack[0]).toMatch(/:[23]$/);
    await dap.evaluate("spin = false", frame);
    await dap.ask("continue");
    expect((await client.answer(id)).reply.content.status).toBe("ok");
  });

  test.each(["interrupt_request", "SIGINT"])("a held cell is stopped by %s, and says where it was", async (how) => {
    const code = "const held = 1;\nconst after = held + 1;";
    await dap.breakAt(code, 2);
    const id = await send(code);
    await dap.stopped();
    if (how === "SIGINT") client.process.kill("SIGINT");
    else await client.request(how, {}, { channel: "control" });
    const { reply } = await client.answer(id);
    expect(reply.content.ename).toBe("Interrupted");
    expect(reply.content.traceback.join("\n")).toMatch(/Cell \[\d+\].* 2:/);
    await dap.breakAt(code);
    expect(await textOf("held")).toBe("1");
  });

  test("a loop is stopped while the debugger is attached, which goes on working", async () => {
    const id = await send("for (;;) flux;");
    await new Promise((resolve) => setTimeout(resolve, 200));
    await client.request("interrupt_request", {}, { channel: "control" });
    expect((await client.answer(id)).reply.content.ename).toBe("Interrupted");
    const code = "const again = 5;\nagain";
    await dap.breakAt(code, 2);
    const next = await send(code);
    expect((await dap.stopped()).stack[0]).toMatch(/:2$/);
    await dap.ask("continue");
    await client.answer(next);
    await dap.breakAt(code);
  });

  test("answers everything else while a cell is held", async () => {
    const code = "const waiting = 1;\nwaiting";
    await dap.breakAt(code, 2);
    const id = await send(code);
    await dap.stopped();
    expect((await dap.ask("debugInfo")).stoppedThreads).toEqual([1]);
    const { reply } = await client.request("complete_request", { code: "waiting.toF", cursor_pos: 11 });
    expect(reply.content.matches).toContain("toFixed");
    await client.request("kernel_info_request", {});
    await dap.ask("continue");
    await client.answer(id);
  });

  test("disconnects: code goes on, breakpoints are forgotten, and it can be attached again", async () => {
    const code = "const free = 1;\nfree";
    await dap.breakAt(code, 2);
    const id = await send(code);
    await dap.stopped();
    await dap.ask("disconnect", { restart: false, terminateDebuggee: false });
    await dap.event("terminated");
    expect((await client.answer(id)).reply.content.status).toBe("ok");
    expect(await dap.ask("debugInfo")).toMatchObject({ isStarted: false, breakpoints: [], stoppedThreads: [] });
    expect((await client.execute(code)).reply.content.status).toBe("ok");
    // JupyterLab does not wait for an answer before it asks on, and shows no breakpoints where it hears "not started"
    const source = { path: (await dap.ask("dumpCell", { code })).sourcePath };
    const [, , info, set] = await Promise.all([
      dap.ask("initialize", { clientID: "test", linesStartAt1: true }),
      dap.ask("attach"),
      dap.ask("debugInfo"),
      dap.ask("setBreakpoints", { source, breakpoints: [{ line: 1 }], sourceModified: false }),
    ]);
    expect(info).toMatchObject({ isStarted: true });
    expect(set.breakpoints).toMatchObject([{ verified: true, line: 1 }]);
    await dap.ask("disconnect", { restart: false, terminateDebuggee: false });
    await dap.attach();
    await dap.breakAt(code, 1);
    const again = await send(code);
    expect((await dap.stopped()).stack[0]).toMatch(/:1$/);
    await dap.ask("continue");
    await client.answer(again);
  });
});

describe("shutdown", () => {
  test("ends a kernel whose code is held", async () => {
    const other = await TestClient.start();
    const debug = new DebugClient(other);
    await debug.attach();
    const code = "const last = 1;\nlast";
    await debug.breakAt(code, 2);
    await other.send("execute_request", { code });
    await debug.stopped();
    await other.send("shutdown_request", { restart: false }, { channel: "control" });
    await other.until(() => other.exited, 5000);
    expect(other.log).toBe("");
    await other.close();
  });
});
