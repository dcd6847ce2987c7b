import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drawStroke, inkOf, roundedBox, shot } from "./browser.ts";
import { root } from "./environment.ts";
import { Lab } from "./lab.ts";

/*
 * The quickstart as a newcomer goes through it: open it, run all of it, draw a lasso, read the selection in a new
 * cell, look at a light curve, press Stop while a model trains.
 */

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open(join(root, "notebooks/quickstart.ipynb"));
}, 240_000);
afterAll(() => lab?.close(), 30_000);

const latent = () => lab.page.locator(".pb-latent");
const curve = () => lab.page.locator(".pb-curve");
const selected = async () =>
  Number(/([\d,]+) of/.exec((await latent().locator(".pb-status").textContent()) ?? "")?.[1]);

describe("notebooks/quickstart.ipynb in JupyterLab", () => {
  test("runs to its end with Run All, and shows its widgets", async () => {
    await lab.menu("Run", "Run All Cells");
    await lab.finished(lab.cellWith("const truth = await loadTruth"), { timeoutMs: 280_000 });
    expect(
      await lab.page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]').count(),
    ).toBe(0);
    await latent().scrollIntoViewIfNeeded();
    await expect.poll(selected).toBe(12);
    expect(await inkOf(latent().locator("canvas").first())).toBeGreaterThan(1000);
    await expect.poll(() => curve().locator(".pb-status").textContent()).toMatch(/[\d,]+ photons/);
    await latent().scrollIntoViewIfNeeded();
    await shot(lab.page, "quickstart-1-ran");
  });

  test("takes a lasso over the latent view, which a new cell reads", async () => {
    await drawStroke(latent().locator(".pb-stage"), roundedBox([0.5, 0.5], [0.2, 0.25]));
    await expect.poll(selected).not.toBe(12);
    const count = await selected();
    expect(count).toBeGreaterThan(20);
    const cell = await lab.addCell(
      lab.cellWith("lightCurveView(view.selection"),
      "const { size, names } = view.selection;\n[size, 'selected,', names.length, 'names, the first is', names[0]].join(' ')",
    );
    await lab.run(cell);
    const output = await lab.outputOf(cell);
    expect(output).toContain(`${count} selected, ${count} names`);
    const first = /the first is (.*)'/.exec(output)?.[1] ?? "no name";
    // The light curve shows that source; its menu lists them all.
    const menu = curve().locator("select");
    await expect.poll(() => menu.locator("option:checked").textContent(), { timeout: 15_000 }).toBe(first);
    expect(await menu.locator("option").count()).toBe(Math.min(count, 500));
    await expect.poll(() => curve().locator(".pb-place").textContent()).toBe(`1 of ${count}`);
    await expect.poll(() => curve().locator(".pb-status").textContent()).toMatch(/[\d,]+ photons/);
    await latent().scrollIntoViewIfNeeded();
    await shot(lab.page, "quickstart-2-lasso");
  });

  test("shows the light curve of the next source of the lasso", async () => {
    const before = await curve().locator("option:checked").textContent();
    await curve()
      .getByRole("button", { name: /^Next source/ })
      .click();
    await expect.poll(() => curve().locator("option:checked").textContent()).not.toBe(before);
    await expect.poll(() => curve().locator(".pb-status").textContent()).toMatch(/[\d,]+ photons/);
    await curve().scrollIntoViewIfNeeded();
    await shot(lab.page, "quickstart-3-light-curve");
  });

  test("keeps what is learnt when Stop is pressed during ppad.fit", async () => {
    const cell = lab.cellWith("await ppad.fit(");
    await lab.start(cell);
    await expect.poll(() => lab.outputOf(cell), { timeout: 60_000 }).toMatch(/epoch|step/i);
    await lab.stop();
    await lab.finished(cell, { timeoutMs: 30_000 });
    expect(await lab.outputOf(cell)).toMatch(/stopped/);
    await cell.locator(".jp-OutputArea-child").last().scrollIntoViewIfNeeded();
    await shot(lab.page, "quickstart-4-stopped");
    const source =
      "[model.stopped, model.latents.shape, model.rate(model.latent(0), 99, { source: population[0] })[0] > 0]";
    const next = await lab.addCell(cell, `${source}.join(" ")`);
    await lab.run(next);
    expect(await lab.outputOf(next)).toContain("true 1200,8 true");
  });

  test("is as readable in the dark theme", async () => {
    await lab.theme("Dark");
    await latent().scrollIntoViewIfNeeded();
    await shot(lab.page, "quickstart-5-dark-latent");
    await curve().scrollIntoViewIfNeeded();
    await shot(lab.page, "quickstart-6-dark-light-curve");
    expect(lab.problems).toEqual([]);
  });
});
