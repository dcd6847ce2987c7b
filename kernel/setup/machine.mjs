/**
 * What Photonbook needs from the machine, fetched on first use and kept in `.photonbook/`:
 * Node 24, the npm packages, a Python environment with Jupyter, and Chromium for the tests.
 *
 * This file runs before anything is installed, on any Node from 20: plain JavaScript, Node's own modules only.
 * Every step is skipped when what it makes is there and up to date, so all commands can be run again.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const state = join(root, ".photonbook");

/** Says on stderr what set-up is doing, so that stdout stays the command's own. */
function say(text) {
  process.stderr.write(`photonbook set-up: ${text}\n`);
}

/** Runs a program to its end with our terminal, and stops everything where it fails. */
export function run(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, { stdio: "inherit", cwd: root, ...options });
  if (error) throw new Error(`Cannot run "${program}": ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

/** Whether a program runs and exits with 0. */
function works(program, args, options = {}) {
  return spawnSync(program, args, { stdio: "ignore", cwd: root, ...options }).status === 0;
}

/** Runs `make` unless it ran before on the same content of `inputs`. */
function once(name, inputs, product, make) {
  const digest = createHash("sha256");
  for (const input of inputs) digest.update(input);
  const stamp = join(state, `${name}.stamp`);
  const wanted = digest.digest("hex");
  if (existsSync(product) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(stamp, { force: true });
  make();
  mkdirSync(state, { recursive: true });
  writeFileSync(stamp, wanted);
}

function npm(args, options) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith(".js")) run(process.execPath, [cli, ...args], options);
  else run("npm", args, options);
}

/** The Node that runs Photonbook: this one from 24 on, else Node 24 from the npm registry. */
export function node24() {
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  const node = join(state, "node/node_modules/node/bin/node");
  if (!works(node, ["--version"])) {
    say(`this machine's Node is ${process.version}: fetching Node 24 from npm`);
    mkdirSync(join(state, "node"), { recursive: true });
    npm([
      "install",
      "--prefix",
      join(state, "node"),
      "--no-save",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
      "node@24",
    ]);
    if (!works(node, ["--version"])) throw new Error(`Cannot start Node 24: "${node}" does not run`);
  }
  return node;
}

/** The environment of everything we start: Node 24 and the Jupyter environment first on the PATH. */
export function environment() {
  const path = [dirname(node24()), join(state, "venv/bin"), process.env.PATH].join(delimiter);
  return {
    ...process.env,
    PATH: path,
    PHOTONBOOK_PYTHON: join(state, "venv/bin/python"),
    // The package carries its CPU library; its install script would fetch CUDA's from elsewhere.
    ONNXRUNTIME_NODE_INSTALL: "skip",
  };
}

/**
 * Installs the npm packages of a folder's package-lock.json; the project's own by default. `npm ci` is not used: it
 * refuses a lock made where a registry mirror lacks other platforms' optional packages.
 */
export function installPackages(folder = ".") {
  const lock = readFileSync(join(root, folder, "package-lock.json"));
  once(`packages-${folder.replaceAll("/", "-")}`, [lock], join(root, folder, "node_modules/.package-lock.json"), () => {
    say(`installing the npm packages of ${folder}`);
    npm(["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: join(root, folder),
      env: environment(),
    });
  });
}

/** The pip part of environment.yml, one requirement a string. */
function pipRequirements() {
  const lines = readFileSync(join(root, "environment.yml"), "utf8").split("\n");
  const start = lines.findIndex((line) => line.trim() === "- pip:");
  return lines.slice(start + 1).flatMap((line) => line.match(/^ {6}- (\S+)/)?.[1] ?? []);
}

function findPython() {
  for (const python of ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"]) {
    if (works(python, ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"])) return python;
  }
  throw new Error("Cannot set up Jupyter: Python 3.10 or newer must be installed, as python3");
}

/** Makes a Python environment holding `requirements` in `.photonbook/NAME`, and returns its python. */
export function pythonEnvironment(name, requirements) {
  const folder = join(state, name);
  const python = join(folder, "bin/python");
  once(name, requirements, python, () => {
    say(`making the Python environment .photonbook/${name}`);
    rmSync(folder, { recursive: true, force: true });
    const base = findPython();
    if (!works(base, ["-c", "import ensurepip"])) {
      debian(["python3-venv"], "Python's venv module", () => works(base, ["-c", "import ensurepip"]));
    }
    run(base, ["-m", "venv", folder]);
    run(python, ["-m", "pip", "install", "-qq", "--disable-pip-version-check", ...requirements]);
  });
  return python;
}

/** The Python environment with Jupyter. */
export function jupyterEnvironment() {
  return pythonEnvironment("venv", pipRequirements());
}

/** The Python environment of the unit tests: astropy, with the versions of test/requirements.txt. */
export function testPython() {
  return pythonEnvironment("test-python", requirementsOf("test/requirements.txt"));
}

/** The Python environment of the hosts that tests run beside JupyterLab, papermill with our translator. */
export function hostsPython() {
  const requirements = requirementsOf("test/e2e/requirements.txt");
  return pythonEnvironment("hosts", [...requirements, "--editable", join(root, "kernel/papermill")]);
}

/** The requirements of a file of pip's, one a string. */
export function requirementsOf(file) {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  return lines.filter((line) => /^\w/.test(line));
}

/** Installs Debian packages where `present` does not hold, as root; says the command where that cannot be done. */
function debian(packages, what, present) {
  if (present()) return;
  const command = `apt-get install -y ${packages.join(" ")}`;
  if (process.getuid?.() !== 0 || !works("apt-get", ["--version"])) {
    throw new Error(`Cannot find ${what}: install it (on Debian: ${command}) and run this again`);
  }
  say(`installing ${what}: ${command}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-qq"], { env, stdio: ["ignore", "ignore", "inherit"] });
  run("apt-get", ["install", "-y", "-qq", ...packages], { env, stdio: ["ignore", "ignore", "inherit"] });
  if (!present()) throw new Error(`Cannot find ${what} after "${command}"`);
}

/** What only the tests need: a browser to drive, whose GPU in software Vulkan finds, and poppler to look into PDF files. */
export function testTools() {
  debian(["chromium"], "Chromium", () => Boolean(process.env.PHOTONBOOK_CHROMIUM) || works("chromium", ["--version"]));
  const loader = "PATH=$PATH:/sbin ldconfig -p | grep -q libvulkan.so.1";
  debian(["libvulkan1"], "Vulkan's loader", () => process.platform !== "linux" || works("sh", ["-c", loader]));
  debian(["poppler-utils"], "poppler (pdffonts)", () => works("pdffonts", ["-v"]));
}

/** Compiles the TypeScript, the WebAssembly and the widgets into `dist/`. */
export function build() {
  run(node24(), [join(root, "kernel/setup/build.mjs")], { env: environment() });
}

/** Installs kernelspec and labextension into the Jupyter environment. */
export function installKernel() {
  run(node24(), [join(root, "dist/kernel/cli.js"), "install", "--prefix", join(state, "venv")], {
    env: environment(),
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Everything a notebook needs, from nothing. */
export function setUp() {
  node24();
  installPackages();
  jupyterEnvironment();
  build();
  installKernel();
}

/** What `npm run test:dachs` needs: a TAP server and its database. */
export function dachs() {
  debian(["gavodachs2-server", "postgresql"], "GAVO DaCHS", () => works("dachs", ["--version"]));
}

/**
 * What `npm run test:tfjs` needs: tfjs-node with its addon compiled against the TensorFlow of PyPI's wheel, because its
 * own install downloads from a host that many machines cannot reach. Returns the folder of its packages.
 */
export function tfjsNode() {
  const folder = join(state, "tfjs");
  const packages = join(folder, "node_modules");
  const versions = ["@tensorflow/tfjs-node@4.22.0", "node-api-headers@1.9.0"];
  const wheel = "tensorflow-cpu==2.21.0";
  debian(["g++"], "a C++ compiler", () => works("g++", ["--version"]));
  once("tfjs", [...versions, wheel], packages, () => {
    say("compiling tfjs-node against the TensorFlow of PyPI, in .photonbook/tfjs");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const flags = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"];
    npm(["install", "--prefix", folder, ...flags, ...versions]);
    run(findPython(), ["-m", "pip", "install", "-qq", "--no-deps", "--target", join(folder, "wheel"), wheel]);
    const tensorflow = join(folder, "wheel/tensorflow");
    const tfjs = join(packages, "@tensorflow/tfjs-node");
    const addon = join(tfjs, "lib/napi-v8/tfjs_binding.node");
    mkdirSync(dirname(addon), { recursive: true });
    run("g++", [
      ...["-O2", "-fPIC", "-shared", "-std=c++17", "-w", "-DNAPI_VERSION=8"],
      ...[tfjs, join(tensorflow, "include"), join(packages, "node-api-headers/include")].map((path) => `-I${path}`),
      ...["tfjs_backend.cc", "tfjs_binding.cc"].map((file) => join(tfjs, "binding", file)),
      ...["-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2"],
      ...[`-L${tensorflow}`, `-Wl,-rpath,${tensorflow}`, "-o", addon],
    ]);
  });
  return packages;
}
