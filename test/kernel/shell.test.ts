import { expect, test } from "vitest";
import { type Request, Shell } from "../../kernel/front/shell.ts";

const request = (name: string): Request => ({
  message: { identities: [], header: {}, parentHeader: {}, metadata: {}, content: { name }, buffers: [] } as never,
  parent: "{}",
  reply: () => Promise.resolve(),
});

test("Shell runs one cell at a time, also those that come while a failed one still aborts what waited", async () => {
  const running: string[] = [];
  let most = 0;
  const { promise: aborting, resolve: aborted } = Promise.withResolvers<void>();
  const { promise: emptied, resolve: empty } = Promise.withResolvers<void>();
  const shell: Shell = new Shell(async ({ request: { message } }, { running: current }) => {
    const name = String(message.content.name);
    running.push(name);
    most = Math.max(most, running.length);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running.splice(running.indexOf(name), 1);
    expect(current).toBeDefined();
    shell.running = undefined;
    if (name === "fails") await aborting;
    if (name === "last") empty();
  });
  shell.enqueue(request("fails"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  for (const name of ["first", "second", "last"]) shell.enqueue(request(name));
  aborted();
  await emptied;
  expect(most).toBe(1);
});
