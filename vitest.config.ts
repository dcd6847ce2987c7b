import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    env: { PHOTONBOOK_HISTORY: "" }, // what tests run is nobody's history
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/*.test.ts", "test/src/**/*.test.ts", "test/widgets/**/*.test.ts"],
          globalSetup: ["test/set-up.ts"],
          testTimeout: 60_000,
          expect: { requireAssertions: true },
        },
      },
      {
        test: {
          name: "kernel",
          include: ["test/kernel/**/*.test.ts"],
          testTimeout: 120_000,
          fileParallelism: false,
          expect: { requireAssertions: true },
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/e2e/set-up.ts"],
          testTimeout: 900_000,
          fileParallelism: false,
          // A page that is shown on a busy machine takes longer than the second that is the default.
          expect: { requireAssertions: true, poll: { timeout: 15_000 } },
        },
      },
      {
        test: {
          name: "dachs",
          include: ["test/dachs/**/*.test.ts"],
          globalSetup: ["test/dachs/set-up.ts"],
          testTimeout: 60_000,
          expect: { requireAssertions: true },
        },
      },
      {
        test: {
          name: "tfjs",
          include: ["test/tfjs/**/*.test.ts"],
          testTimeout: 120_000,
          expect: { requireAssertions: true },
        },
      },
    ],
  },
});
