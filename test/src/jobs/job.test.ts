import { afterEach, expect, test } from "vitest";
import type { KernelHost } from "../../../src/host/index.ts";
import { type JobProgress, runJob, workerModule } from "../../../src/jobs/index.ts";

const worker = workerModule(import.meta.url, "./counting-worker");
const hosted = globalThis as { [key: symbol]: unknown };
afterEach(() => {
  delete hosted[Symbol.for("Jupyter.kernel")];
});

test("runJob() returns what the worker returned and reports every step", async () => {
  const seen: JobProgress[] = [];
  const { counted, values } = await runJob<object, { counted: number; values: Float64Array }>(
    worker,
    { total: 5 },
    { onProgress: (progress) => seen.push(progress) },
  );
  expect(counted).toBe(5);
  expect([...values]).toEqual([5, 6, 7]);
  expect(seen.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5]);
});

test("runJob() rejects with the worker's error, its class and message kept", async () => {
  await expect(runJob(worker, { total: 5, failAt: 2 })).rejects.toThrow(new RangeError("Cannot count past 2"));
});

test("runJob() continues the stack of the worker's error with its caller's", async () => {
  const callsTheJob = async () => {
    await null;
    return runJob(worker, { total: 5, failAt: 2 });
  };
  const stack = /^RangeError: Cannot count past 2\n {4}at .*counting-worker[\s\S]*\n {4}at .*callsTheJob/;
  await expect(callsTheJob()).rejects.toMatchObject({ stack: expect.stringMatching(stack) });
});

test("runJob() hands over what there is when the signal aborts", async () => {
  const controller = new AbortController();
  const { counted } = await runJob<object, { counted: number }>(
    worker,
    { total: 1e6 },
    { signal: controller.signal, onProgress: ({ done }) => done === 3 && controller.abort() },
  );
  expect(counted).toBeGreaterThanOrEqual(3);
  expect(counted).toBeLessThan(1000);
});

test("runJob() stops when the kernel is interrupted, and takes its handler away afterwards", async () => {
  const stops = new Set<() => void>();
  const host = {
    onInterrupt(stop: () => void) {
      stops.add(stop);
      return () => stops.delete(stop);
    },
  } as unknown as KernelHost;
  hosted[Symbol.for("Jupyter.kernel")] = host;
  const job = runJob<object, { counted: number }>(
    worker,
    { total: 1e6 },
    {
      onProgress: ({ done }) => {
        if (done === 2) for (const stop of stops) stop();
      },
    },
  );
  expect((await job).counted).toBeLessThan(1000);
  expect(stops.size).toBe(0);
});
