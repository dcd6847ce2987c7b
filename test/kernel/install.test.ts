import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { photonbookNode } from "../../kernel/install/node.ts";
import { systemDataDir, userDataDir } from "../../kernel/install/places.ts";

const cli = resolve(import.meta.dirname, "../../kernel/cli.ts");

/** Runs the `photonbook` command. */
function photonbook(args: string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [cli, ...args], {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "", ...env },
  });
}

const newFolder = () => mkdtempSync(join(tmpdir(), "photonbook-install-"));

describe("photonbook install", () => {
  test("writes a kernelspec with absolute paths, message interrupts and logos", () => {
    const prefix = newFolder();
    const { status, stdout } = photonbook(["install", "--prefix", prefix]);
    const folder = join(prefix, "share/jupyter/kernels/photonbook");
    expect(stdout).toContain(`Kernel installed in ${folder}`);
    expect(status).toBe(0);
    const { argv, interrupt_mode, language, display_name } = JSON.parse(
      readFileSync(join(folder, "kernel.json"), "utf8"),
    );
    expect([interrupt_mode, language, display_name]).toEqual(["message", "typescript", "TypeScript (Photonbook)"]);
    expect(argv[0]).toBe(process.execPath);
    expect(argv).toContain("--no-force-async-hooks-checks");
    expect(argv).toContain("{connection_file}");
    expect(argv.filter((part: string) => /\.[jt]s$/.test(part)).every(isAbsolute)).toBe(true);
    for (const logo of ["logo-svg.svg", "logo-32x32.png", "logo-64x64.png"]) {
      expect(existsSync(join(folder, logo))).toBe(true);
    }
  });

  test("takes no Node that cannot run it", () => {
    const old = { version: "20.20.2", path: "/usr/bin/node" };
    const root = newFolder();
    expect(photonbookNode(root, { version: "24.0.0", path: "/opt/node" })).toBe("/opt/node");
    const home = process.env.HOME;
    process.env.HOME = newFolder();
    try {
      expect(() => photonbookNode(root, old)).toThrow(
        /Cannot run photonbook: Node must be 24 or newer: current version is 20\.20\.2 at \/usr/,
      );
      const fetched = join(root, ".photonbook/node/node_modules/node/bin/node");
      mkdirSync(dirname(fetched), { recursive: true });
      writeFileSync(fetched, "");
      expect(photonbookNode(root, old)).toBe(fetched);
    } finally {
      process.env.HOME = home;
    }
  });

  test("writes a second one for plain JavaScript", () => {
    const prefix = newFolder();
    photonbook(["install", "--prefix", prefix]);
    const file = join(prefix, "share/jupyter/kernels/photonbook-javascript/kernel.json");
    const { argv, ...spec } = JSON.parse(readFileSync(file, "utf8"));
    expect(spec).toMatchObject({ language: "javascript", display_name: "JavaScript (Photonbook)" });
    expect(argv.slice(-2)).toEqual(["--language", "javascript"]);
  });

  test("goes to JUPYTER_DATA_DIR for the user", () => {
    const folder = newFolder();
    photonbook(["install", "--user"], { JUPYTER_DATA_DIR: folder });
    expect(existsSync(join(folder, "kernels/photonbook/kernel.json"))).toBe(true);
  });

  test("goes to the active environment with --sys-prefix, or to the one named", () => {
    const [active, named] = [newFolder(), newFolder()];
    photonbook(["install", "--sys-prefix"], { VIRTUAL_ENV: active });
    photonbook(["install", "--sys-prefix", named], { VIRTUAL_ENV: active });
    for (const folder of [active, named]) {
      expect(existsSync(join(folder, "share/jupyter/kernels/photonbook/kernel.json"))).toBe(true);
    }
  });

  test("refuses two places and stray arguments", () => {
    const two = photonbook(["install", "--user", "--prefix", "/nowhere"]);
    expect(two.stderr).toContain("Cannot install: one place must be chosen");
    expect(two.status).toBe(1);
    expect(photonbook(["install", "--user", "somewhere"]).stderr).toContain("only --sys-prefix takes a folder");
  });
});

describe("photonbook doctor", () => {
  test("prints a line per check and the command that mends what is missing", () => {
    const folder = newFolder();
    const env = { JUPYTER_DATA_DIR: folder, JUPYTER_PATH: "", VIRTUAL_ENV: folder, PATH: "" };
    const before = photonbook(["doctor"], env);
    expect(before.stdout).toMatch(/^ok +Node: 24\./m);
    expect(before.stdout).toMatch(/^ok +ZeroMQ: libzmq 4/m);
    expect(before.stdout).toMatch(/^ok +TypeScript language server: checked a cell in \d+ ms$/m);
    expect(before.stdout).toMatch(/^MISSING +Kernelspec photonbook: .*; run: photonbook install$/m);
    expect(before.stdout).toMatch(/^MISSING +jupyterlab_widgets: .*; run: pip install jupyterlab_widgets$/m);
    expect(before.stdout).toMatch(/^optional +Chromium: /m);
    expect(before.status).toBe(1);
    photonbook(["install"], env);
    expect(photonbook(["doctor"], env).stdout).toMatch(/^ok +Kernelspec photonbook-javascript: /m);
    rmSync(folder, { recursive: true });
  });
});

describe("photonbook", () => {
  test("hands over to the Node that was fetched where the running one is too old", () => {
    const home = newFolder();
    const fetched = join(home, ".photonbook/node_modules/node/bin/node");
    mkdirSync(dirname(fetched), { recursive: true });
    symlinkSync(process.execPath, fetched);
    const old =
      'Object.defineProperty(process.versions, "node", { value: "20.20.2" }); process.execPath = "/old/node";';
    const asked = ["--import", `data:text/javascript,${old}`, cli, "doctor"];
    const { stdout, stderr } = spawnSync(process.execPath, asked, {
      encoding: "utf8",
      env: { ...process.env, NODE_OPTIONS: "", HOME: home },
    });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^ok +Node: 2[4-9]\./m);
    expect(stdout).toMatch(/^ok +TypeScript language server: /m);
  });

  test("explains itself, and fails on an unknown command", () => {
    expect(photonbook(["--help"]).stdout).toContain("usage: photonbook COMMAND");
    const wrong = photonbook(["instal"]);
    expect(wrong.stderr).toContain('Cannot run "instal"');
    expect(wrong.status).toBe(1);
  });
});

test("systemDataDir() is where Jupyter looks for every user", () => {
  expect(systemDataDir({}, "linux")).toBe("/usr/local/share/jupyter");
  expect(systemDataDir({ PROGRAMDATA: "/all" }, "win32")).toBe("/all/jupyter");
});

test("userDataDir() follows Jupyter's rules on each platform", () => {
  expect(userDataDir({}, "linux")).toBe(join(homedir(), ".local/share/jupyter"));
  expect(userDataDir({ XDG_DATA_HOME: "/x" }, "linux")).toBe("/x/jupyter");
  expect(userDataDir({}, "darwin")).toBe(join(homedir(), "Library/Jupyter"));
  expect(userDataDir({ APPDATA: "/roaming" }, "win32")).toBe("/roaming/jupyter");
  expect(userDataDir({ JUPYTER_DATA_DIR: "/data" }, "win32")).toBe("/data");
});
