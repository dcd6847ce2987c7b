/** `node kernel/setup/run.mjs COMMAND`: what package.json's scripts call. Sets up what the command needs, then runs it. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  build,
  dachs,
  environment,
  installPackages,
  jupyterEnvironment,
  node24,
  pythonEnvironment,
  requirementsOf,
  root,
  run,
  setUp,
  testTools,
  tfjsNode,
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

/**
 * Runs `test/FOLDER/NAME.FOLDER.ts`, or lists the names; `prepare` makes what those need and gives their environment.
 * Without a name it runs `otherwise`.
 */
function runNamed(folder, prepare, otherwise = () => []) {
  const names = readdirSync(join(root, "test", folder)).flatMap(
    (file) => file.match(new RegExp(`^(.+)\\.${folder}\\.ts$`))?.[1] ?? [],
  );
  const [name, ...rest] = args;
  if (name === "--list") {
    process.stdout.write(`${names.join("\n")}\n`);
    return;
  }
  const chosen = name === undefined ? otherwise(names) : names.filter((each) => each === name);
  if (chosen.length === 0) {
    throw new Error(`Cannot run ${folder}: the name must be one of ${names.join(", ")}: current value is "${name}"`);
  }
  const env = prepare();
  for (const each of chosen) run(node24(), [join(root, `test/${folder}/${each}.${folder}.ts`), ...rest], { env });
}

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
  "test:dachs"() {
    installPackages();
    dachs();
    test(["dachs"]);
  },
  "test:tfjs"() {
    installPackages();
    build();
    process.env.NODE_PATH = tfjsNode();
    test(["tfjs"]);
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
    runNamed("bench", () => {
      setUp();
      const python = pythonEnvironment("peers", requirementsOf("test/peers/requirements.txt"));
      installPackages("test/peers");
      return { ...environment(), PHOTONBOOK_PEERS_PYTHON: python };
    });
  },
  soak() {
    const prepare = () => {
      setUp();
      return environment();
    };
    runNamed("soak", prepare, (names) => names);
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
