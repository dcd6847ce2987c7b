import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/*
 * JupyterLab as a person uses it: a notebook is opened and run, a lasso drawn with the mouse, the selection read in
 * the next cell, the light curve looked at. PHOTONBOOK_PYTHON names the Python whose environment has JupyterLab, the
 * kernel and the widgets.
 */

const root = resolve(import.meta.dirname, "../..");
const python = process.env.PHOTONBOOK_PYTHON ?? join(root, ".photonbook/venv/bin/python");
const executablePath = process.env.PHOTONBOOK_CHROMIUM ?? "/usr/bin/chromium";
const screenshots = join(root, "out/screenshots");

/** Two clouds of 300 points; the right one flares a third into its observation. */
const CELLS = [
  `const n = 600;
const xy = { data: new Float32Array(2 * n), shape: [n, 2] as [number, number] };
const labels = new Int32Array(n);
for (let i = 0; i < n; i++) {
  const right = i >= 300 ? 1 : 0;
  const [angle, radius] = [i * 2.399963, Math.sqrt((i % 300) / 300)];
  xy.data[2 * i] = 10 * right + 2.4 * radius * Math.cos(angle);
  xy.data[2 * i + 1] = 2 * radius * Math.sin(angle);
  labels[i] = right;
}
const photons = Array.from({ length: n }, (_, i) => {
  const count = 160 + (i % 7) * 40;
  const spread = (k: number) => ((k * 0.6180339887) % 1);
  const timeSec = Float64Array.from({ length: count }, (_, k) =>
    labels[i] === 1 && k % 2 === 0 ? 13000 - 1800 * Math.log(1 - 0.98 * spread(k / 2)) : 40000 * spread(k)).sort();
  const energyKeV = Float32Array.from({ length: count }, (_, k) => 0.5 + 6.4 * spread(k * 3) ** 2);
  const gti = { startSec: Float64Array.of(0, 26000), stopSec: Float64Array.of(22000, 40000) };
  return { name: \`source \${i}\`, timeSec, energyKeV, gti };
});`,
  `const view = latentView({ xy, color: labels, categories: ["quiet", "flaring"], colorLabel: "class", sources: photons, title: "Latent space" });
view`,
  `const curve = lightCurveView(view.selection);
curve`,
  `({ size: view.selection.size, first: view.selection.names[0], quiet: [...view.selection].filter((i) => labels[i] === 0).length })`,
  `const chosen = await view.selection.next();
\`chosen \${chosen.size}\``,
  `view.selection.set([5, 6, 7]);
view.selection.size`,
];

let server: ChildProcess;
let browser: Browser;
let page: Page;
let folder: string;
const problems: string[] = [];

beforeAll(async () => {
  mkdirSync(screenshots, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), "photonbook-lab-"));
  writeFileSync(join(folder, "lasso.ipynb"), JSON.stringify(notebook(CELLS)));
  const port = 20_000 + (process.pid % 20_000);
  server = startLab(folder, port);
  await reachable(`http://127.0.0.1:${port}/api`, 90);
  browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  page.on("pageerror", (error) => problems.push(error.message));
  await page.goto(`http://127.0.0.1:${port}/lab/tree/lasso.ipynb?reset`);
  await page
    .locator(".jp-Notebook .jp-Cell")
    .nth(CELLS.length - 1)
    .waitFor({ state: "attached", timeout: 60_000 });
  await page.getByText("| Idle", { exact: false }).first().waitFor({ timeout: 60_000 });
}, 240_000);

afterAll(async () => {
  await browser?.close();
  if (server?.pid !== undefined) process.kill(-server.pid, "SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

describe("JupyterLab", () => {
  test("shows the latent view of a cell", async () => {
    await run(0);
    await run(1);
    const stage = cell(1).locator(".pb-latent .pb-stage");
    await stage.waitFor({ timeout: 60_000 });
    await expect.poll(() => cell(1).locator(".pb-status").textContent()).toContain("0 of 600 selected");
    expect(await inkOf(cell(1).locator(".pb-stage canvas").first())).toBeGreaterThan(1000);
    await shot("lab-1-latent");
  });

  test("takes a lasso drawn with the mouse into the kernel, where the next cell reads it", async () => {
    await run(2);
    await cell(2).locator(".pb-curve").waitFor({ timeout: 30_000 });
    await lasso(cell(1).locator(".pb-stage"), [0.78, 0.5], [0.21, 0.49]);
    await expect.poll(() => cell(1).locator(".pb-status").textContent()).toContain("300 of 600 selected");
    await run(3);
    await expect.poll(() => outputOf(3)).toContain("size: 300");
    expect(await outputOf(3)).toContain("source 300");
    expect(await outputOf(3)).toContain("quiet: 0");
    await shot("lab-2-lasso");
  });

  test("shows the light curve of the lassoed source, and of the next", async () => {
    await expect.poll(() => cell(2).locator(".pb-curve select").inputValue()).toBe("300");
    await expect
      .poll(() => cell(2).locator(".pb-status").textContent(), { timeout: 15_000 })
      .toMatch(/\d+ photons · 36 ks good time/);
    expect(await inkOf(cell(2).locator(".pb-stage canvas").first())).toBeGreaterThan(500);
    await cell(2).locator('.pb-chip:has-text("soft")').click();
    await cell(2)
      .getByRole("button", { name: /^Next source/ })
      .click();
    await expect.poll(() => cell(2).locator(".pb-curve select").inputValue()).toBe("301");
    await cell(2).locator(".pb-curve").scrollIntoViewIfNeeded();
    await shot("lab-3-light-curve");
  });

  test("lets a cell wait for a selection while the widget stays alive", async () => {
    await run(4, { wait: false });
    await expect.poll(() => cell(4).locator(".jp-InputPrompt").first().textContent()).toContain("*");
    await lasso(cell(1).locator(".pb-stage"), [0.22, 0.5], [0.21, 0.49]);
    await expect.poll(() => outputOf(4), { timeout: 15_000 }).toContain("chosen 300");
  });

  test("shows what a cell selects", async () => {
    await run(5);
    await expect.poll(() => cell(1).locator(".pb-status").textContent()).toContain("3 of 600 selected");
  });

  test("works by keyboard: Escape clears, Ctrl+Z takes back", async () => {
    const view = cell(1).locator(".pb-latent");
    await view.scrollIntoViewIfNeeded();
    await view.focus();
    await page.keyboard.press("Escape");
    await expect.poll(() => cell(1).locator(".pb-status").textContent()).toContain("0 of 600 selected");
    await page.keyboard.press("Control+z");
    await expect.poll(() => cell(1).locator(".pb-status").textContent()).toContain("3 of 600 selected");
  });

  test("follows JupyterLab's dark theme", async () => {
    await command("apputils:change-theme", { theme: "JupyterLab Dark" });
    const corner = () =>
      cell(1)
        .locator(".pb-stage canvas")
        .first()
        .evaluate((canvas: HTMLCanvasElement) => canvas.getContext("2d")?.getImageData(2, 2, 1, 1).data[0]);
    await expect.poll(corner, { timeout: 15_000 }).toBeLessThan(64);
    await page.mouse.move(5, 500);
    await cell(1).locator(".pb-latent").scrollIntoViewIfNeeded();
    await shot("lab-4-dark");
  });

  test("finds its widgets again after the page is reloaded", async () => {
    await command("docmanager:save", {});
    await page.reload();
    await cell(1).locator(".pb-latent .pb-stage").waitFor({ timeout: 60_000 });
    await expect
      .poll(() => cell(1).locator(".pb-status").textContent(), { timeout: 20_000 })
      .toContain("3 of 600 selected");
  });

  test("leaves no error in the page", () => {
    expect(problems.filter((problem) => !/ResizeObserver|No active debugger session/.test(problem))).toEqual([]);
  });
});

function notebook(sources: readonly string[]) {
  const metadata = {
    kernelspec: { name: "photonbook", display_name: "TypeScript (Photonbook)", language: "typescript" },
  };
  const cells = sources.map((source, i) => ({
    cell_type: "code",
    id: `cell${i}`,
    execution_count: null,
    metadata: {},
    outputs: [],
    source,
  }));
  return { cells, metadata, nbformat: 4, nbformat_minor: 5 };
}

function startLab(directory: string, port: number): ChildProcess {
  const options = [
    "--no-browser",
    "--allow-root",
    `--port=${port}`,
    "--IdentityProvider.token=",
    "--ServerApp.password=",
    "--ServerApp.disable_check_xsrf=True",
    `--ServerApp.root_dir=${directory}`,
    "--LabApp.expose_app_in_browser=True",
  ];
  // No question about news over the notebook.
  const notifications = join(directory, ".settings/@jupyterlab/apputils-extension");
  mkdirSync(notifications, { recursive: true });
  const quiet = { fetchNews: "false", checkForUpdates: false, doNotDisturbMode: true };
  writeFileSync(join(notifications, "notification.jupyterlab-settings"), JSON.stringify(quiet));
  const settings = {
    ...process.env,
    JUPYTERLAB_SETTINGS_DIR: join(directory, ".settings"),
    JUPYTER_CONFIG_DIR: join(directory, ".config"),
  };
  return spawn(python, ["-m", "jupyter", "lab", ...options], {
    cwd: directory,
    detached: true,
    stdio: "ignore",
    env: settings,
  });
}

async function reachable(url: string, seconds: number): Promise<void> {
  for (let i = 0; i < 4 * seconds; i++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`Cannot reach JupyterLab at "${url}" within ${seconds} s: PHOTONBOOK_PYTHON is "${python}"`);
}

/** Runs one of JupyterLab's commands. */
async function command(id: string, args: Record<string, string>): Promise<void> {
  await page.evaluate(
    ([name, given]) => {
      const { jupyterapp } = window as unknown as {
        jupyterapp: { commands: { execute(id: string, args: unknown): Promise<unknown> } };
      };
      return jupyterapp.commands.execute(name, given).then(() => undefined);
    },
    [id, args] as const,
  );
}

function cell(index: number): Locator {
  return page.locator(".jp-Notebook .jp-Cell").nth(index);
}

/** Runs a cell with the keyboard, as Ctrl+Enter does, and waits until it has a number. */
async function run(index: number, options: { wait?: boolean } = {}): Promise<void> {
  await cell(index).locator(".jp-InputArea-editor").scrollIntoViewIfNeeded();
  await cell(index).locator(".jp-InputArea-editor").click();
  await page.keyboard.press("Control+Enter");
  if (options.wait === false) return;
  await expect
    .poll(() => cell(index).locator(".jp-InputPrompt").first().textContent(), { timeout: 60_000 })
    .toMatch(/\[\d+\]/);
  const error = cell(index).locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]');
  if ((await error.count()) > 0) throw new Error((await error.first().textContent()) ?? "stderr");
}

function outputOf(index: number): Promise<string | null> {
  return cell(index).locator(".jp-Cell-outputWrapper").textContent();
}

/** Draws a rounded box with the mouse; places and sizes are parts of the stage. */
async function lasso(stage: Locator, centre: [number, number], radii: [number, number]): Promise<void> {
  await stage.scrollIntoViewIfNeeded();
  const box = await stage.boundingBox();
  if (!box) throw new Error("Cannot draw a lasso: the stage must be visible");
  const at = (turn: number): [number, number] => [
    box.x + box.width * (centre[0] + radii[0] * Math.cbrt(Math.cos(turn))),
    box.y + box.height * (centre[1] + radii[1] * Math.cbrt(Math.sin(turn))),
  ];
  await page.mouse.move(...at(0));
  await page.mouse.down();
  for (let step = 1; step <= 40; step++) await page.mouse.move(...at((2 * Math.PI * step) / 40));
  await page.mouse.up();
}

/** Number of pixels that are not of the colour of the first. */
function inkOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((node: HTMLCanvasElement) => {
    const pixels = new Uint32Array(
      node.getContext("2d")?.getImageData(0, 0, node.width, node.height).data.buffer ?? new ArrayBuffer(4),
    );
    return pixels.reduce((count, pixel) => count + (pixel === pixels[0] ? 0 : 1), 0);
  });
}

async function shot(name: string): Promise<void> {
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}
