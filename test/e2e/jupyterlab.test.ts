import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drawStroke, inkOf, roundedBox, shot } from "./browser.ts";
import { Lab } from "./lab.ts";

/*
 * JupyterLab as a person uses it: a notebook is opened and run, a lasso drawn with the mouse, the selection read in
 * the next cell, the light curve looked at.
 */

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

let lab: Lab;
const cell = (index: number) => lab.cell(index);

beforeAll(async () => {
  lab = await Lab.open(CELLS);
}, 240_000);
afterAll(() => lab?.close(), 30_000);

describe("JupyterLab", () => {
  test("shows the latent view of a cell", async () => {
    await lab.run(cell(0));
    await lab.run(cell(1));
    const stage = cell(1).locator(".pb-latent .pb-stage");
    await stage.waitFor({ timeout: 60_000 });
    await expect.poll(() => cell(1).locator(".pb-status").textContent()).toContain("0 of 600 selected");
    expect(await inkOf(cell(1).locator(".pb-stage canvas").first())).toBeGreaterThan(1000);
    await shot(lab.page, "lab-1-latent");
  });

  test("takes a lasso drawn with the mouse into the kernel, where the next cell reads it", async () => {
    await lab.run(cell(2));
    await cell(2).locator(".pb-curve").waitFor({ timeout: 30_000 });
    await drawStroke(cell(1).locator(".pb-stage"), roundedBox([0.78, 0.5], [0.21, 0.49]));
    await expect.poll(() => cell(1).locator(".pb-status").textContent()).toContain("300 of 600 selected");
    await lab.run(cell(3));
    await expect.poll(() => lab.outputOf(cell(3))).toContain("size: 300");
    expect(await lab.outputOf(cell(3))).toContain("source 300");
    expect(await lab.outputOf(cell(3))).toContain("quiet: 0");
    await shot(lab.page, "lab-2-lasso");
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
    await shot(lab.page, "lab-3-light-curve");
  });

  test("lets a cell wait for a selection while the widget stays alive", async () => {
    await lab.start(cell(4));
    await expect.poll(() => cell(4).locator(".jp-InputPrompt").first().textContent()).toContain("*");
    await drawStroke(cell(1).locator(".pb-stage"), roundedBox([0.22, 0.5], [0.21, 0.49]));
    await expect.poll(() => lab.outputOf(cell(4)), { timeout: 15_000 }).toContain("chosen 300");
  });

  test("shows what a cell selects", async () => {
    await lab.run(cell(5));
    await expect.poll(() => cell(1).locator(".pb-status").textContent()).toContain("3 of 600 selected");
  });

  test("says beside each class how many of it are selected", async () => {
    await expect.poll(() => cell(1).locator(".pb-category", { hasText: "quiet" }).textContent()).toBe("quiet3/300");
    expect(await cell(1).locator(".pb-category", { hasText: "flaring" }).textContent()).toBe("flaring0/300");
  });

  test("works by keyboard: Escape clears, Ctrl+Z takes back, Ctrl+Shift+Z redoes, Ctrl+A and I select", async () => {
    const view = cell(1).locator(".pb-latent");
    await view.scrollIntoViewIfNeeded();
    await view.focus();
    await lab.page.keyboard.press("Escape");
    await expect.poll(() => cell(1).locator(".pb-status").textContent()).toContain("0 of 600 selected");
    for (const [key, selected] of [
      ["Control+z", 3],
      ["Control+Shift+Z", 0],
      ["Control+z", 3],
      ["Control+a", 600],
      ["i", 0],
      ["Control+z", 600],
      ["Control+z", 3],
    ] as const) {
      await lab.page.keyboard.press(key);
      await expect.poll(() => cell(1).locator(".pb-status").textContent()).toMatch(new RegExp(`^${selected} of 600`));
    }
  });

  test("light curves say what their time counts from, and are moved along time by keyboard and mouse", async () => {
    const view = cell(2).locator(".pb-curve");
    const canvas = view.locator("canvas");
    // These photons have no clock, and begin at mission second 0.
    await expect.poll(() => canvas.getAttribute("aria-label")).toMatch(/time since start$/);
    const picture = () => canvas.evaluate((node: HTMLCanvasElement) => node.toDataURL());
    await view.scrollIntoViewIfNeeded();
    await view.focus();
    for (const key of ["+", "+", "Shift+ArrowRight", "Shift+ArrowLeft"]) {
      const before = await picture();
      await lab.page.keyboard.press(key);
      await expect.poll(picture).not.toBe(before);
    }
    const before = await picture();
    const box = (await canvas.boundingBox())!;
    await lab.page.keyboard.down("Shift");
    await lab.page.mouse.move(box.x + 500, box.y + 100);
    await lab.page.mouse.down();
    await lab.page.mouse.move(box.x + 350, box.y + 100, { steps: 4 });
    await lab.page.mouse.up();
    await lab.page.keyboard.up("Shift");
    await lab.page.mouse.move(5, 500);
    await expect.poll(picture).not.toBe(before);
    expect(await cell(2).locator(".pb-curve select").inputValue()).toBe("5");
  });

  test("follows JupyterLab's dark theme", async () => {
    await lab.theme("Dark");
    const corner = () =>
      cell(1)
        .locator(".pb-stage canvas")
        .first()
        .evaluate((canvas: HTMLCanvasElement) => canvas.getContext("2d")?.getImageData(2, 2, 1, 1).data[0]);
    await expect.poll(corner, { timeout: 15_000 }).toBeLessThan(64);
    await lab.page.mouse.move(5, 500);
    await cell(1).locator(".pb-latent").scrollIntoViewIfNeeded();
    await shot(lab.page, "lab-4-dark");
  });

  test("finds its widgets again after the page is reloaded", async () => {
    await lab.command("docmanager:save");
    await lab.page.reload();
    await cell(1).locator(".pb-latent .pb-stage").waitFor({ timeout: 60_000 });
    await expect
      .poll(() => cell(1).locator(".pb-status").textContent(), { timeout: 20_000 })
      .toContain("3 of 600 selected");
  });

  test("leaves no error in the page", () => {
    expect(lab.problems).toEqual([]);
  });
});
