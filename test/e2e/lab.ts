import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { jupyterEnvironment, jupyterPython } from "./environment.ts";

/*
 * JupyterLab with one notebook open, driven as a person does: with the mouse, the keyboard, the menu and the toolbar.
 */

/** Problems that are JupyterLab's own and hurt nobody. */
const HARMLESS = /ResizeObserver|No active debugger session/;

/** A notebook open in JupyterLab in a browser. */
export class Lab {
  readonly page: Page;
  /** Where the notebook is: a folder of its own. */
  readonly folder: string;
  readonly #browser: Browser;
  readonly #server: ChildProcess;
  readonly #problems: string[] = [];

  /** @internal Use `Lab.open`. */
  constructor(parts: { page: Page; folder: string; browser: Browser; server: ChildProcess }) {
    this.page = parts.page;
    this.folder = parts.folder;
    this.#browser = parts.browser;
    this.#server = parts.server;
    this.page.on("pageerror", (error) => this.#problems.push(error.message));
  }

  /**
   * Starts a server and a browser, and opens a notebook.
   *
   * @param notebook Path of a notebook, which is copied into a folder of its own; or the sources of its code cells.
   */
  static async open(notebook: string | readonly string[]): Promise<Lab> {
    const folder = mkdtempSync(join(tmpdir(), "photonbook-lab-"));
    const name = typeof notebook === "string" ? basename(notebook) : "cells.ipynb";
    const text = typeof notebook === "string" ? readFileSync(notebook, "utf8") : JSON.stringify(notebookOf(notebook));
    const { length } = (JSON.parse(text) as { cells: unknown[] }).cells;
    writeFileSync(join(folder, name), text);
    const port = await freePort();
    const server = startServer(folder, port);
    try {
      await reachable(`http://127.0.0.1:${port}/api`, 90);
      const browser = await launchBrowser();
      const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
      const lab = new Lab({ page, folder, browser, server });
      await page.goto(`http://127.0.0.1:${port}/lab/tree/${name}?reset`);
      await lab.cell(length - 1).waitFor({ state: "attached", timeout: 60_000 });
      await lab.idle(60);
      return lab;
    } catch (error) {
      stopServer(server);
      throw error;
    }
  }

  /** What went wrong in the page. */
  get problems(): string[] {
    return this.#problems.filter((problem) => !HARMLESS.test(problem));
  }

  async close(): Promise<void> {
    await this.#browser.close();
    stopServer(this.#server);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The n-th cell. */
  cell(index: number): Locator {
    return this.page.locator(`.jp-Notebook .jp-Cell[data-windowed-list-index="${index}"]`);
  }

  /** The cell that was made last with a text in its source. */
  cellWith(text: string): Locator {
    return this.page.locator(".jp-Notebook .jp-CodeCell", { hasText: text }).last();
  }

  /** What a cell shows below itself. */
  async outputOf(cell: Locator): Promise<string> {
    return (await cell.locator(".jp-Cell-outputWrapper").textContent()) ?? "";
  }

  /** The error of a cell, as it is read on the screen. */
  async errorOf(cell: Locator): Promise<string> {
    return (await this.#stderrOf(cell).first().textContent()) ?? "";
  }

  #stderrOf(cell: Locator): Locator {
    return cell.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]');
  }

  /** The cell's `[n]`, `[*]` or `[ ]`. */
  async promptOf(cell: Locator): Promise<string> {
    return ((await cell.locator(".jp-InputPrompt").first().textContent()) ?? "").trim();
  }

  /** Starts a cell: clicks into it and presses Ctrl+Enter. */
  async start(cell: Locator): Promise<void> {
    const editor = cell.locator(".jp-InputArea-editor");
    await editor.scrollIntoViewIfNeeded();
    await editor.click();
    await this.page.keyboard.press("Control+Enter");
  }

  /** Runs a cell and waits until it has its number; what it says on stderr is an error here. */
  async run(cell: Locator, options: { timeoutMs?: number } = {}): Promise<void> {
    const before = await this.promptOf(cell);
    await this.start(cell);
    await this.finished(cell, { ...options, before });
    if ((await this.#stderrOf(cell).count()) > 0) throw new Error(await this.errorOf(cell));
  }

  /** Waits until a cell has a number; another one than `before`. */
  async finished(cell: Locator, options: { timeoutMs?: number; before?: string } = {}): Promise<void> {
    const { timeoutMs = 60_000, before } = options;
    for (const end = performance.now() + timeoutMs; performance.now() < end; ) {
      const prompt = await this.promptOf(cell);
      if (/\[\d+\]/.test(prompt) && prompt !== before) return;
      await this.page.waitForTimeout(50);
    }
    throw new Error(`Cannot go on: the cell must end within ${timeoutMs / 1000} s: ${await cell.textContent()}`);
  }

  /** Adds a cell below another with the toolbar's + button, types its source, and returns it. */
  async addCell(above: Locator, source: string): Promise<Locator> {
    await above.locator(".jp-InputArea-editor").scrollIntoViewIfNeeded();
    await above.locator(".jp-InputArea-editor").click();
    await this.page.locator('.jp-NotebookPanel-toolbar [data-command="notebook:insert-cell-below"]').click();
    await this.page.locator(".jp-Notebook .jp-Cell.jp-mod-active .jp-InputArea-editor").click();
    await this.page.keyboard.insertText(source);
    return this.cellWith(source.split("\n")[0] as string);
  }

  /** Chooses from the menu bar. */
  async menu(top: string, item: string): Promise<void> {
    await this.page.locator(".lm-MenuBar-itemLabel", { hasText: new RegExp(`^${top}$`) }).click();
    await this.page.locator(".lm-Menu-itemLabel", { hasText: new RegExp(`^${item}$`) }).click();
  }

  /** Presses the toolbar's Stop button. */
  async stop(): Promise<void> {
    await this.page.locator('.jp-NotebookPanel-toolbar [data-command="notebook:interrupt-kernel"]').click();
  }

  /** Waits until the kernel has nothing to do. */
  async idle(seconds: number): Promise<void> {
    await this.page
      .locator("#jp-main-statusbar", { hasText: "(Photonbook) | Idle" })
      .waitFor({ timeout: 1000 * seconds });
  }

  /** Runs one of JupyterLab's commands. */
  async command(id: string, args: Record<string, string> = {}): Promise<void> {
    await this.page.evaluate(
      ([name, given]) => {
        const { jupyterapp } = window as unknown as {
          jupyterapp: { commands: { execute(id: string, args: unknown): Promise<unknown> } };
        };
        return jupyterapp.commands.execute(name, given).then(() => undefined);
      },
      [id, args] as const,
    );
  }

  /** Changes to JupyterLab's light or dark theme. */
  async theme(name: "Light" | "Dark"): Promise<void> {
    await this.command("apputils:change-theme", { theme: `JupyterLab ${name}` });
    await this.page
      .locator(`body[data-jp-theme-light="${name === "Light"}"]`)
      .waitFor({ state: "attached", timeout: 15_000 });
  }
}

/** A notebook of code cells. */
export function notebookOf(sources: readonly string[]): object {
  const kernelspec = { name: "photonbook", display_name: "TypeScript (Photonbook)", language: "typescript" };
  const cells = sources.map((source, i) => ({
    cell_type: "code",
    id: `cell${i}`,
    execution_count: null,
    metadata: {},
    outputs: [],
    source,
  }));
  return { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
}

function startServer(directory: string, port: number): ChildProcess {
  const options = [
    "--no-browser",
    "--allow-root",
    `--port=${port}`,
    "--ServerApp.port_retries=0",
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
  const env = {
    ...jupyterEnvironment(),
    JUPYTERLAB_SETTINGS_DIR: join(directory, ".settings"),
    JUPYTER_CONFIG_DIR: join(directory, ".config"),
  };
  return spawn(jupyterPython(), ["-m", "jupyter", "lab", ...options], {
    cwd: directory,
    detached: true,
    stdio: "ignore",
    env,
  });
}

/** Ends a server with its kernels, which are of its process group. */
export function stopServer(server: ChildProcess): void {
  if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, "SIGTERM");
}

/** Waits until a server answers. */
export async function reachable(url: string, seconds: number): Promise<void> {
  for (let i = 0; i < 4 * seconds; i++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`Cannot reach "${url}": its server must answer within ${seconds} s`);
}

/** A port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
