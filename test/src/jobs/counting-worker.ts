import { serveJob } from "../../../src/jobs/index.ts";

/** Counts to `total` in steps that take a millisecond, so that a test can stop it on the way. */
serveJob<{ total: number; failAt?: number }, { counted: number; values: Float64Array<ArrayBuffer> }>(
  async ({ total, failAt }, context) => {
    let counted = 0;
    while (counted < total && !context.stopped()) {
      if (counted === failAt) throw new RangeError(`Cannot count past ${failAt}`);
      counted++;
      context.report({ done: counted, total });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return { counted, values: Float64Array.from({ length: 3 }, (_, i) => i + counted) };
  },
  ({ values }) => [values.buffer],
);
