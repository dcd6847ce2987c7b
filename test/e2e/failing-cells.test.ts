import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shot } from "./browser.ts";
import { jupyterEnvironment, jupyterPython, root } from "./environment.ts";
import { Lab, notebookOf } from "./lab.ts";

/*
 * Cells that fail: each says where, leaves the session as it was, and ends what was to run after it. In JupyterLab as
 * a person sees it, and through nbclient as `jupyter execute` and continuous integration do.
 */

/** Ways to fail. `place` is the cell's line that the error must point at, as it stands in the traceback. */
const FAILURES = [
  {
    what: "a type error",
    source: 'const radius = 2;\n\nconst area: number = "large";',
    title: "TypeScriptError: Type 'string' is not assignable to type 'number'. (TS2322)",
    place: /3:7\n[\s\S]*---> 3 \| const area: number = "large";\n +\| +\^+/,
  },
  {
    what: "an exception",
    source: "function load(path: string) {\n  throw new RangeError('no photons in ' + path);\n}\n\nload('a.fits');",
    title: "RangeError: no photons in a.fits",
    place: /2:9 in load\n[\s\S]*---> 2 \| +throw new RangeError[\s\S]*5:1\n[\s\S]*---> 5 \| load\('a\.fits'\);/,
  },
  {
    what: "a rejected promise",
    source:
      "const late = async () => {\n  await new Promise((resolve) => setTimeout(resolve, 20));\n  throw new Error('too late');\n};\nawait late();",
    title: "Error: too late",
    place: /3:9 in late\n[\s\S]*---> 3 \| +throw new Error/,
  },
  {
    what: "an infinite loop",
    source: "let turns = 0;\n\nfor (;;) {\n  turns++;\n}",
    title: "Interrupted: The cell was stopped",
    place: /[34]:\d+\n[\s\S]*---> [34] \| /,
    endless: true,
  },
] as const;

const SOURCES = ["let kept = 41;", ...FAILURES.map(({ source }) => source), "kept += 1;\nkept"];
const LAST = SOURCES.length - 1;

describe("JupyterLab", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open(SOURCES);
    await lab.run(lab.cell(0));
  }, 240_000);
  afterAll(() => lab?.close(), 30_000);

  test.each(FAILURES.map((failure, i) => ({ ...failure, i })))(
    "shows $what at its line and goes on",
    async (failure) => {
      const cell = lab.cell(failure.i + 1);
      await lab.start(cell);
      if ("endless" in failure) {
        await expect.poll(() => lab.promptOf(cell), { timeout: 15_000 }).toBe("[*]:");
        await lab.page.waitForTimeout(700);
        await lab.stop();
      }
      await expect.poll(() => lab.promptOf(cell), { timeout: 30_000 }).toMatch(/\[\d+\]/);
      const error = await lab.errorOf(cell);
      expect(error).toContain(failure.title);
      expect(error).toMatch(failure.place);
      // The session is alive and holds what it held.
      await lab.run(lab.cell(LAST));
      expect(await lab.outputOf(lab.cell(LAST))).toContain(String(42 + failure.i));
    },
  );

  test("keeps what a stopped cell had done", async () => {
    const cell = await lab.addCell(lab.cell(LAST), "turns > 1000");
    await lab.run(cell);
    expect(await lab.outputOf(cell)).toContain("true");
    await shot(lab.page, "failing-cells");
  });

  test("runs no cell after the one that fails", async () => {
    await lab.menu("Kernel", "Restart Kernel and Clear Outputs of All Cells…");
    await lab.page.locator(".jp-Dialog .jp-mod-accept").click();
    await expect.poll(() => lab.promptOf(lab.cell(0)), { timeout: 30_000 }).toBe("[ ]:");
    await lab.idle(60);
    await lab.menu("Run", "Run All Cells");
    await expect.poll(() => lab.promptOf(lab.cell(1)), { timeout: 30_000 }).toBe("[2]:");
    await lab.idle(30);
    expect(await lab.promptOf(lab.cell(0))).toBe("[1]:");
    expect(await lab.errorOf(lab.cell(1))).toContain(FAILURES[0].title);
    for (let i = 2; i <= LAST; i++) expect(await lab.promptOf(lab.cell(i))).toBe("[ ]:");
    // And none of them has run unseen.
    await lab.page.waitForTimeout(500);
    await lab.run(lab.cell(LAST));
    expect(await lab.outputOf(lab.cell(LAST))).toContain("42");
  });
});

describe("nbclient", () => {
  const run = (sources: readonly string[]) => {
    const output = execFileSync(jupyterPython(), [join(root, "test/e2e/execute-cells.py")], {
      input: JSON.stringify(notebookOf(sources)),
      encoding: "utf8",
      env: jupyterEnvironment(),
      stdio: ["pipe", "pipe", "inherit"],
    });
    return JSON.parse(output) as { error: string | null; text: string; counts: (number | null)[]; after: string };
  };

  test.each(FAILURES)("stops at $what, names it, and can go on", (failure) => {
    const { error, text, counts, after } = run([SOURCES[0] as string, failure.source, "kept += 1;"]);
    expect(error).toBe("CellExecutionError");
    expect(text).toContain(failure.source);
    expect(text).toContain(failure.title);
    expect(text).toMatch(failure.place);
    expect(counts).toEqual([1, 2, null]);
    expect(after).toBe("41");
  });

  test("runs cells that do not fail to the end", () => {
    expect(run(["let kept = 41;", "kept += 1;"])).toMatchObject({ error: null, counts: [1, 2], after: "42" });
  });
});
