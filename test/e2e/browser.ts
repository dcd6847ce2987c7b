import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { screenshots } from "./environment.ts";

/** Starts Chromium without a window. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.PHOTONBOOK_CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    throw new Error(
      `Cannot test in a browser: PHOTONBOOK_CHROMIUM must name Chromium: current value is "${executablePath}": "npm test" installs it`,
    );
  }
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
}

/** Leaves a picture of the page in `out/screenshots/`. */
export async function shot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  // What is painted next frame, and cards that fade.
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

/** A place on a stage, in parts of its width and height. */
export type Place = readonly [x: number, y: number];

/** Draws a closed line with the mouse, freehand, through places of a stage. */
export async function drawStroke(stage: Locator, places: readonly Place[], steps = 4): Promise<void> {
  const page = stage.page();
  await stage.scrollIntoViewIfNeeded();
  const box = await stage.boundingBox();
  if (!box) throw new Error("Cannot draw on a stage: it must be visible");
  const [first, ...rest] = places.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const);
  if (!first) throw new Error("Cannot draw on a stage: places must be given");
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const place of rest) await page.mouse.move(...place, { steps });
  await page.mouse.up();
}

/** A stroke around a box, its corners rounded as a hand does. */
export function roundedBox(centre: Place, radii: Place): Place[] {
  return Array.from({ length: 41 }, (_, step) => {
    const turn = (2 * Math.PI * step) / 40;
    return [centre[0] + radii[0] * Math.cbrt(Math.cos(turn)), centre[1] + radii[1] * Math.cbrt(Math.sin(turn))];
  });
}

/** Number of pixels that are not of the colour of the first. */
export function inkOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((node: HTMLCanvasElement) => {
    const pixels = new Uint32Array(
      node.getContext("2d")?.getImageData(0, 0, node.width, node.height).data.buffer ?? new ArrayBuffer(4),
    );
    return pixels.reduce((count, pixel) => count + (pixel === pixels[0] ? 0 : 1), 0);
  });
}
