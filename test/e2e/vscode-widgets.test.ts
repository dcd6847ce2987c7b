import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DISPLAY } from "../../src/host/index.ts";
import {
  Checkbox,
  Dropdown,
  FloatProgress,
  HBox,
  HTML,
  IntSlider,
  Label,
  TagsInput,
  Text,
} from "../../widgets/core/index.ts";
import { widget } from "../../widgets/custom/index.ts";
import { offlineHtml, readOfflineAssets } from "../../widgets/export/index.ts";
import { latentView } from "../../widgets/latent/index.ts";
import { FakeHost, savedState } from "../widgets/fake-host.ts";
import { launchBrowser, shot } from "./browser.ts";

/*
 * VS Code without VS Code: its widget host is ipywidgets 7's HTML manager, into which RequireJS loads the modules of
 * other packages. The same manager (npm's html-manager 0.20.6), RequireJS and our built module in Chromium.
 */

const MANAGER = "@jupyter-widgets/html-manager@0.20.6";
const VIEW = "application/vnd.jupyter.widget-view+json";

let browser: Browser;
let folder: string;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  process.env.PHOTONBOOK_IPYWIDGETS = "7";
  folder = mkdtempSync(join(tmpdir(), "photonbook-vscode-"));
  execFileSync("npm", ["pack", MANAGER, "--silent", "--pack-destination", folder], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
  execFileSync("tar", ["-xzf", archive, "package/dist/embed-amd.js"], { cwd: folder });
  writeFileSync(join(folder, "page.html"), await pageWithWidgets(join(folder, "package/dist/embed-amd.js")));
  browser = await launchBrowser();
  page = await (await browser.newContext({ offline: true, viewport: { width: 900, height: 760 } })).newPage();
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.goto(`file://${join(folder, "page.html")}`);
}, 120_000);

afterAll(async () => {
  delete process.env.PHOTONBOOK_IPYWIDGETS;
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("VS Code's widget host", () => {
  test("shows core widgets, also those whose styles it does not know", async () => {
    await page.locator(".widget-slider", { hasText: "bins" }).waitFor({ timeout: 20_000 });
    for (const kind of ["dropdown", "checkbox", "text", "label", "html"]) {
      expect(await page.locator(`.widget-${kind}`).count(), kind).toBeGreaterThan(0);
    }
    expect(await page.locator(".widget-slider .widget-readout").textContent()).toBe("7");
  });

  test("shows Photonbook's views and widgets of one's own, loaded by RequireJS", async () => {
    await page.locator(".pb-latent .pb-status", { hasText: "selected" }).waitFor({ timeout: 20_000 });
    await expect.poll(() => page.locator("button", { hasText: "clicked 3 times" }).count()).toBe(1);
    await shot(page, "vscode-widgets");
  });

  test("leaves no error in the page", () => {
    expect(problems).toEqual([]);
  });

  test("is not sent what it cannot show: the kernel says so", () => {
    expect(() => new TagsInput()).toThrow(/Cannot make TagsInput: VS Code has the widgets of ipywidgets 7/);
  });
});

async function pageWithWidgets(manager: string): Promise<string> {
  const host = new FakeHost().install();
  try {
    const n = 200;
    const data = Float32Array.from({ length: 2 * n }, (_, i) => Math.sin(i * i));
    const view = latentView({ xy: { data, shape: [n, 2] }, title: "Latent space", height: 300 });
    const box = new HBox({
      children: [
        new IntSlider({ value: 7, description: "bins" }),
        new Dropdown({ options: ["a", "b"], description: "kind" }),
        new Checkbox({ value: true, description: "log" }),
        new FloatProgress({ value: 30 }),
        new Text({ value: "name" }),
        new Label({ value: "label" }),
        new HTML({ value: "<b>html</b>" }),
      ],
    });
    const counter = widget({
      state: { clicks: 3 },
      render({ model, el }) {
        const button = document.createElement("button");
        button.textContent = `clicked ${model.get("clicks")} times`;
        el.append(button);
      },
    });
    const bundles = [view[DISPLAY](), box[DISPLAY](), counter[DISPLAY]()];
    const scripts = bundles.map(
      (bundle) => `<div><script type="${VIEW}">${JSON.stringify(bundle[VIEW])}</script></div>`,
    );
    const html = `<!DOCTYPE html><html><head><title>VS Code</title></head><body>${scripts.join("")}</body></html>`;
    const assets = { ...(await readOfflineAssets()), htmlManager: readFileSync(manager, "utf8") };
    return offlineHtml({ html, assets, widgetState: savedState(host) });
  } finally {
    host.uninstall();
  }
}
