/** `node kernel/setup/run.mjs COMMAND`: what package.json's scripts call. Sets up what the command needs, then runs it. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  build,
  environment,
  installPackages,
  jupyterEnvironment,
  node24,
  pythonEnvironment,
  root,
  run,
  setUp,
  testTools,
} from "./machine.mjs";

const [command, ...args] = process.argv.slice(2);
const program = (name) => ({ vitest: "vitest/vitest.mjs", biome: "@biomejs/biome/bin/biome" })[name];
const tool = (name, toolArgs, options = {}) =>
  run(node24(), [join(root, "node_modules", program(name)), ...toolArgs], { env: environment(), ...options });

/** Runs vitest, then closes with one line that says how many tests passed and failed. */
function test(projects) {
  const report = join(root, "out/test-report.json");
  rmSync(report, { force: true });
  process.on("exit", () => {
    if (!existsSync(report)) return;
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
    process.stdout.write(`\n${numPassedTests} passed, ${numFailedTests} failed\n`);
  });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  tool("vitest", ["run", ...reporters, ...projects.flatMap((name) => ["--project", name]), ...args]);
}

const benchFiles = () =>
  readdirSync(join(root, "test/bench")).flatMap((file) => file.match(/^(.+)\.bench\.ts$/)?.[1] ?? []);

const commands = {
  setup: setUp,
  build() {
    installPackages();
    build();
  },
  demo() {
    setUp();
    run(jupyterEnvironment(), [join(root, "kernel/setup/execute.py"), ...args], { env: environment() });
  },
  start() {
    setUp();
    const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : []; // JupyterLab refuses to start otherwise
    const lab = ["-m", "jupyter", "lab", ...asRoot, "--notebook-dir", join(root, "notebooks")];
    run(jupyterEnvironment(), [...lab, ...args], { env: environment() });
  },
  test() {
    setUp();
    testTools();
    test(["unit", "kernel", "e2e"]);
  },
  "test:fast"() {
    installPackages();
    build();
    testTools();
    test(["unit"]);
  },
  check() {
    installPackages();
    tool("biome", ["ci", "--error-on-warnings", "."]);
    run(node24(), [join(root, "node_modules/typescript/lib/tsc.js"), "-b"]);
    tool("vitest", ["run", "--project", "unit", "test/architecture.test.ts", "test/documentation.test.ts"]);
  },
  format() {
    installPackages();
    tool("biome", ["check", "--write", "."]);
  },
  bench() {
    const [name] = args;
    const names = benchFiles();
    if (name === "--list") {
      process.stdout.write(`${names.join("\n")}\n`);
      return;
    }
    if (!names.includes(name)) {
      throw new Error(
        `Cannot run the benchmark: the name must be one of ${names.join(", ")}: current value is "${name}"`,
      );
    }
    setUp();
    const requirements = readFileSync(join(root, "test/peers/requirements.txt"), "utf8");
    const python = pythonEnvironment(
      "peers",
      requirements.split("\n").filter((line) => /^\w/.test(line)),
    );
    installPackages("test/peers");
    run(node24(), [join(root, `test/bench/${name}.bench.ts`), ...args.slice(1)], {
      env: { ...environment(), PHOTONBOOK_PEERS_PYTHON: python },
    });
  },
};

const action = commands[command];
try {
  if (!action) {
    throw new Error(`Cannot run "${command}": the command must be one of ${Object.keys(commands).join(", ")}`);
  }
  action();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
