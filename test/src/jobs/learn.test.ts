import { describe, expect, it } from "vitest";
import { DISPLAY } from "../../../src/host/index.ts";
import { learn } from "../../../src/jobs/index.ts";
import { Rng } from "../../../src/random/index.ts";

const rng = new Rng(3);
const N = 240;
const good = { data: Float64Array.from({ length: 2 * N }, () => rng.normal()), shape: [N, 2] as const };
const noise = { data: Float64Array.from({ length: 2 * N }, () => rng.normal()), shape: [N, 2] as const };
const kinds = Array.from({ length: N }, (_, i) => (good.data[2 * i]! > 0.8 ? "rare" : "common"));
const groups = Array.from({ length: N }, (_, i) => Math.floor(i / 2));

describe("learn.classify()", () => {
  it("tells features that know from features that do not, beside the most frequent class", async () => {
    const steps: number[] = [];
    const report = await learn.classify({ good, noise }, kinds, {
      groups,
      seed: 1,
      display: false,
      onProgress: ({ done }) => steps.push(done),
    });
    const share = kinds.filter((kind) => kind === "common").length / N;
    expect(report.score("most frequent class", "accuracy").value).toBeCloseTo(share, 12);
    expect(report.score("most frequent class", "balanced accuracy").value).toBe(0.5);
    expect(report.score("good", "accuracy").value).toBeGreaterThan(0.97);
    // Noise cannot beat the majority by more than its limits.
    expect(report.score("noise", "accuracy").low).toBeLessThan(share);
    expect(report.difference("good", "noise", "macro F1").low).toBeGreaterThan(0.2);
    expect(steps.at(-1)).toBe(10);
    const shown = report[DISPLAY]();
    expect(shown["text/html"]).toContain("95 % limits: bootstrap over 120 groups");
    expect(shown["text/plain"]).toContain("  good: accuracy 0.9");
  });

  it("lets a rare class be found by filling it up in training", async () => {
    const blurred = { ...good, data: good.data.map((value) => value + 1.2 * rng.normal()) };
    const plain = await learn.classify({ blurred }, kinds, { seed: 1, display: false });
    const filled = await learn.classify({ blurred }, kinds, { seed: 1, display: false, oversample: "smote" });
    const recall = (report: typeof plain) => {
      const called = report.answers.find(({ name }) => name === "blurred")!.predicted;
      const rare = kinds.flatMap((kind, row) => (kind === "rare" ? [row] : []));
      return rare.filter((row) => called[row] === "rare").length / rare.length;
    };
    expect(recall(filled)).toBeGreaterThan(recall(plain) + 0.1);
  });

  it("names what does not fit", async () => {
    await expect(learn.classify({ good }, kinds.slice(1), { display: false })).rejects.toThrow(
      `"good" must have ${N - 1} rows, one per target: current number is ${N}`,
    );
    await expect(learn.classify({}, kinds, { display: false })).rejects.toThrow("at least one kind must be given");
  });
});

describe("learn.regress()", () => {
  it("explains what the features hold, and the mean explains nothing", async () => {
    const values = Float64Array.from({ length: N }, (_, i) => good.data[2 * i + 1]!);
    const report = await learn.regress({ good, noise }, values, { groups, seed: 2, display: false });
    expect(report.score("good", "R²").value).toBeGreaterThan(0.95);
    expect(report.score("mean", "R²").value).toBeLessThanOrEqual(0);
    expect(report.score("noise", "R²").high).toBeLessThan(0.1);
    expect(() => report.score("latents", "R²")).toThrow('among mean, good, noise: current value is "latents"');
  });
});

describe("learn.anomalies()", () => {
  it("ranks a row far from all others first", async () => {
    const rows = { data: good.data.slice(), shape: good.shape };
    rows.data.set([9, 9], 2 * 17);
    const scores = await learn.anomalies(rows, { display: false });
    expect(scores.indexOf(Math.max(...scores))).toBe(17);
  });
});
