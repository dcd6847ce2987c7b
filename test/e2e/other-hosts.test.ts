import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser, shot } from "./browser.ts";
import { root } from "./environment.ts";
import { freePort, notebookOf, reachable, stopServer } from "./lab.ts";

/* The hosts that users have beside JupyterLab: papermill, the console, Notebook 7 and Voila. */

const prefix = join(root, ".photonbook/hosts");
const python = join(prefix, "bin/python");
const folder = mkdtempSync(join(tmpdir(), "photonbook-hosts-"));

/** A widget of the core, one of ours, and what the kernel makes of a change in the page. */
const LIVE = [
  "const slider = new IntSlider({ value: 3, min: 0, max: 10, description: 'photons' }); slider",
  "const twice = new Label({ value: 'twice 6' });\nslider.observe(() => { twice.value = 'twice ' + 2 * slider.value; }, 'value');\ntwice",
  "latentView({ xy: { data: Float64Array.from({ length: 200 }, (_, i) => Math.sin(i * i)), shape: [100, 2] } })",
];

function run(module: string, args: readonly string[], input?: string): string {
  const { status, stdout, stderr } = spawnSync(python, ["-m", module, ...args], {
    cwd: folder,
    encoding: "utf8",
    timeout: 120_000,
    ...(input === undefined ? {} : { input }),
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

beforeAll(() => {
  if (!existsSync(python)) throw new Error('Cannot test the hosts: their Python must be there: "npm test" makes it');
  execFileSync(process.execPath, [join(root, "dist/kernel/cli.js"), "install", "--prefix", prefix]);
});

describe("papermill", () => {
  const notebook = notebookOf([
    "const nSources: number = 100; // how many\nlet name = 'M31';\nlet cuts: number[] | null = null;",
    "console.log(JSON.stringify([nSources + 1, name, cuts]))",
  ]) as { cells: { metadata: object }[] };
  notebook.cells[0]!.metadata = { tags: ["parameters"] };

  beforeAll(() => writeFileSync(join(folder, "parameters.ipynb"), JSON.stringify(notebook)));

  test.each(["photonbook", "photonbook-javascript"])("passes parameters to a notebook of %s", (kernel) => {
    const name = `M "33" \\ '\n`;
    writeFileSync(join(folder, "given.json"), JSON.stringify({ nSources: 7, name, cuts: [0.5, 2] }));
    run("papermill", ["parameters.ipynb", "out.ipynb", "--parameters_file", "given.json", "--kernel", kernel]);
    const { cells } = JSON.parse(readFileSync(join(folder, "out.ipynb"), "utf8"));
    expect(cells).toHaveLength(3);
    expect(JSON.parse(cells[2].outputs[0].text.join(""))).toEqual([8, name, [0.5, 2]]);
  });

  test("lists a notebook's parameters", () => {
    const help = run("papermill", ["--help-notebook", "parameters.ipynb"]);
    expect(help).toMatch(/nSources: number \(default 100\)\s+how many/);
    expect(help).toContain("cuts: number[] | null (default null)");
  });

  test("refuses an integer that a number cannot hold", () => {
    writeFileSync(join(folder, "given.json"), '{"nSources": 9007199254740993}');
    const args = ["-m", "papermill", "parameters.ipynb", "out.ipynb", "--parameters_file", "given.json"];
    const { status, stderr } = spawnSync(python, args, { cwd: folder, encoding: "utf8" });
    expect(status).not.toBe(0);
    expect(stderr).toContain("Cannot pass an integer to TypeScript");
  });
});

test("jupyter console runs lines, and shows errors", () => {
  const lines = "const a: number = 5;\na * 8\nnoSuchName\n";
  // What a cell prints and its errors share the terminal
  const terminal = ["-c", `"${python}" -m jupyter console --kernel photonbook --simple-prompt 2>&1`];
  const shown = execFileSync("sh", terminal, { cwd: folder, encoding: "utf8", input: lines });
  expect(shown).toContain("Out[2]: 40");
  expect(shown).toContain("Cannot find name 'noSuchName'");
});

describe("in a browser", () => {
  let browser: Browser;
  let server: ChildProcess | undefined;
  beforeAll(async () => {
    browser = await launchBrowser();
    writeFileSync(join(folder, "live.ipynb"), JSON.stringify(notebookOf(LIVE)));
  });
  afterAll(async () => {
    await browser.close();
    if (server) stopServer(server);
  });

  /** Starts a server of the hosts' Python and opens a page of it. */
  async function open(module: string, options: readonly string[], path: string): Promise<Page> {
    if (server) stopServer(server);
    const port = await freePort();
    const env = { ...process.env, JUPYTER_CONFIG_DIR: join(folder, ".config") };
    const args = ["-m", module, "--no-browser", `--port=${port}`, ...options];
    server = spawn(python, args, { cwd: folder, detached: true, stdio: "ignore", env });
    await reachable(`http://127.0.0.1:${port}${path}`, 90);
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    await page.goto(`http://127.0.0.1:${port}${path}`);
    return page;
  }

  /** Drags the slider to its end; the label must follow through the kernel. */
  async function moveSlider(page: Page): Promise<void> {
    const label = page.locator(".widget-label", { hasText: /^twice/ });
    const handle = page.locator(".widget-slider .noUi-handle");
    await handle.waitFor({ timeout: 60_000 });
    // Drawn by the last cell, so the others have run
    await page.locator("canvas").first().waitFor({ timeout: 60_000 });
    await expect.poll(() => label.textContent()).toBe("twice 6");
    await handle.dragTo(page.locator(".widget-slider .widget-readout"));
    await expect.poll(() => label.textContent(), { timeout: 30_000 }).toBe("twice 20");
  }

  test("Notebook 7 runs cells and has live widgets", async () => {
    const options = ["--allow-root", "--IdentityProvider.token=", "--ServerApp.password="];
    const page = await open("notebook", options, "/notebooks/live.ipynb");
    await page.locator(".jp-Notebook .jp-CodeCell").nth(2).waitFor({ timeout: 60_000 });
    // Shown once there is a session: before, "Run All Cells" runs nothing and says nothing
    await page.locator(".jp-NotebookKernelLogo img[src]").waitFor({ timeout: 60_000 });
    await page.locator(".lm-MenuBar-itemLabel", { hasText: /^Run$/ }).click();
    await page.locator(".lm-Menu-itemLabel", { hasText: /^Run All Cells$/ }).click();
    await moveSlider(page);
    await shot(page, "notebook-7");
  });

  test("Voila shows a notebook as a page with live widgets, without its code", async () => {
    const page = await open("voila", ["live.ipynb"], "/");
    await moveSlider(page);
    expect(await page.locator("body").textContent()).not.toContain("new IntSlider");
    await shot(page, "voila");
  });
});
