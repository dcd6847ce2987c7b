import { afterEach, expect, test } from "vitest";
import type { MimeBundle } from "../../../src/host/index.ts";
import { progressDisplay } from "../../../src/host/index.ts";

const HOST = Symbol.for("Jupyter.kernel");
const scope = globalThis as { [HOST]?: unknown };

afterEach(() => {
  delete scope[HOST];
});

function fakeKernel() {
  const shown: { html: string; text: string; displayId: string | undefined; update: boolean }[] = [];
  scope[HOST] = {
    display: (bundle: MimeBundle, options: { displayId?: string; update?: boolean }) =>
      shown.push({
        html: String(bundle.data["text/html"]),
        text: String(bundle.data["text/plain"]),
        displayId: options.displayId,
        update: options.update ?? false,
      }),
  };
  return shown;
}

test("progressDisplay() shows one output and updates it, at most four times a second", () => {
  const shown = fakeKernel();
  const display = progressDisplay("PPAD fit");
  for (let done = 1; done <= 500; done++)
    display.update({ done, total: 500, message: "epoch", values: { loss: 1 / done } });
  display.finish("done");
  expect(shown.length).toBeGreaterThanOrEqual(2);
  expect(shown.length).toBeLessThan(10);
  expect(shown.map(({ update }) => update)).toEqual([false, ...shown.slice(1).map(() => true)]);
  expect(new Set(shown.map(({ displayId }) => displayId)).size).toBe(1);
  const last = shown.at(-1)!;
  expect(last.text).toMatch(/^PPAD fit: 100 % — epoch \(done after/);
  expect(last.html).toContain("<polyline");
  expect(last.html).not.toContain("NaN");
});

test("progressDisplay() escapes what it is told and survives values that are not finite", () => {
  const shown = fakeKernel();
  const display = progressDisplay("<b>");
  display.update({ done: 1, total: 3, message: "<img>", values: { loss: Number.NaN } });
  display.update({ done: 2, total: 3, message: "<img>", values: { loss: Infinity } });
  display.finish("failed");
  expect(shown.at(-1)!.html).not.toMatch(/<b>|<img>|NaN,|,NaN/);
});

test("progressDisplay() keeps the last picture below its curves", () => {
  const shown = fakeKernel();
  const display = progressDisplay("x");
  display.update({ done: 1, total: 3, picture: "<svg>first</svg>" });
  display.update({ done: 2, total: 3, picture: "<svg>second</svg>" });
  display.update({ done: 3, total: 3 });
  display.finish("done");
  expect(shown.at(-1)!.html).toContain("<svg>second</svg></div>");
  expect(shown.at(-1)!.html).not.toContain("first");
});

test("progressDisplay() does nothing outside a kernel", () => {
  const display = progressDisplay("x");
  expect(() => {
    display.update({ done: 1, total: 2 });
    display.finish("stopped");
  }).not.toThrow();
});
