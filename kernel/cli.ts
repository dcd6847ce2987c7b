#!/usr/bin/env node
/*
 * The `photonbook` command, on a Node that runs it: an older one hands over to the Node that set-up has fetched, or
 * refuses. So the program itself loads only after that is known.
 */
import { spawnSync } from "node:child_process";
import { photonbookNode } from "./install/node.ts";
import { findInstallation } from "./install/places.ts";

try {
  const node = photonbookNode(findInstallation().root);
  if (node === process.execPath) {
    const { runProgram } = await import("./program.ts");
    // A reader such as head, that wants no more, is no error
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit();
    });
    await runProgram(process.argv.slice(2));
  } else {
    const { status, error } = spawnSync(node, process.argv.slice(1), { stdio: "inherit" });
    if (error) throw error;
    process.exitCode = status ?? 1;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
