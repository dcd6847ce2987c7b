import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shot } from "./browser.ts";
import { Lab } from "./lab.ts";

/*
 * JupyterLab's debugger panel, used with the mouse: the bug button, a click beside a line, the buttons to step and go on.
 */

const CELLS = [
  'const names = ["M31", "Cyg X-1"];\nlet photons = 0;',
  `function count(n: number): number {
  const twice = n * 2;
  photons += twice;
  return photons;
}
const result = count(21);
result`,
];

let lab: Lab;
const cell = (index: number) => lab.cell(index);
const panel = (name: string) => lab.page.locator(`.jp-Debugger${name}`);
const textOf = async (name: string) => (await panel(name).textContent()) ?? "";
const variables = () => textOf("Variables");
const press = (command: string) =>
  lab.page.locator(`.jp-DebuggerSidebar [data-command="debugger:${command}"]`).click({ timeout: 10_000 });

/** The line that is marked as the current one, of any cell. */
const currentLine = () => lab.page.locator(".jp-DebuggerEditor-highlight");

beforeAll(async () => {
  lab = await Lab.open(CELLS);
  await lab.run(cell(0));
}, 240_000);
afterAll(() => lab?.close(), 30_000);

describe("JupyterLab's debugger", () => {
  test("shows the variables of the notebook as soon as it is switched on", async () => {
    await lab.page.locator(".jp-DebuggerBugButton").click();
    await expect.poll(variables, { timeout: 15_000 }).toMatch(/names\s*:?\s*Array\(2\) \['M31', 'Cyg X-1'\]/);
    expect(await variables()).toMatch(/photons\s*:?\s*0/);
  });

  test("takes a breakpoint with a click beside a line, and stops there", async () => {
    const gutter = cell(1).locator(".cm-breakpoint-gutter .cm-gutterElement");
    // The first element only keeps the width.
    await gutter.nth(3).click();
    await expect.poll(() => textOf("Breakpoints")).toMatch(/\.ts\s*3/);
    await lab.start(cell(1));
    await expect.poll(() => panel("Callstack-body").locator("li").count(), { timeout: 15_000 }).toBe(2);
    await expect.poll(() => currentLine().textContent()).toBe("  photons += twice;");
    await expect.poll(variables).toMatch(/n\s*:?\s*21\s*twice\s*:?\s*42/);
    await shot(lab.page, "lab-debugger-stopped");
  });

  test("steps to the next line", async () => {
    await press("next");
    await expect.poll(() => currentLine().textContent()).toBe("  return photons;");
    await panel("Variables-toolbar").locator("select").selectOption({ label: "Notebook" });
    await expect.poll(variables).toMatch(/photons\s*:?\s*42/);
    await shot(lab.page, "lab-debugger-stepped");
  });

  test("steps out, to the line after the call", async () => {
    await press("stepOut");
    await expect.poll(() => currentLine().textContent()).toBe("result");
    await expect.poll(() => panel("Callstack-body").locator("li").count()).toBe(1);
  });

  test("goes on to the end of the cell", async () => {
    await press("continue");
    await lab.finished(cell(1));
    expect(await lab.outputOf(cell(1))).toContain("42");
    await expect.poll(() => currentLine().count()).toBe(0);
    await shot(lab.page, "lab-debugger-done");
  });

  test("lets the Stop button end a cell that is held", async () => {
    const before = await lab.promptOf(cell(1));
    await lab.start(cell(1));
    await expect.poll(() => currentLine().textContent(), { timeout: 15_000 }).toBe("  photons += twice;");
    await lab.stop();
    await lab.finished(cell(1), { before });
    expect(await lab.errorOf(cell(1))).toContain("Interrupted");
    await expect.poll(() => currentLine().count()).toBe(0);
  });

  test("finds its breakpoints again after the kernel is restarted", async () => {
    const before = await textOf("Breakpoints");
    await lab.page.locator('.jp-NotebookPanel-toolbar [data-command="notebook:restart-kernel"]').click();
    await lab.page.locator(".jp-Dialog .jp-mod-accept").click();
    // The path of a cell is another one in the new process.
    await expect.poll(() => textOf("Breakpoints"), { timeout: 30_000 }).not.toBe(before);
    await expect.poll(() => textOf("Breakpoints"), { timeout: 15_000 }).toMatch(/\.ts\s*3/);
    await lab.idle(30);
    await lab.start(cell(0));
    await expect.poll(variables, { timeout: 15_000 }).toMatch(/names/);
    await lab.start(cell(1));
    await expect.poll(() => currentLine().textContent(), { timeout: 15_000 }).toBe("  photons += twice;");
    await press("continue");
    await lab.finished(cell(1));
  });

  test("leaves no error in the page", () => {
    expect(lab.problems).toEqual([]);
  });
});
