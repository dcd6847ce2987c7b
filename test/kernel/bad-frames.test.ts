import { expect, test } from "vitest";
import { sendBadFrames } from "./bad-frames.ts";
import { TestClient } from "./client.ts";

test("500 frame lists that are noise, cut short, forged or absurd kill nothing and run nothing", async () => {
  const client = await TestClient.start();
  await client.execute("const kept = 42;");
  expect(await sendBadFrames(client, 500, 1)).toBe(500);
  const { iopub } = await client.execute("[kept, (globalThis as any).forged]");
  expect(iopub.find(({ type }) => type === "execute_result")?.content.data["text/plain"]).toBe("[ 42, undefined ]");
  expect(client.exited).toBe(false);
  await client.close();
});
