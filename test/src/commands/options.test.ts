import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { sharedData } from "../../shared-data.ts";
import { photonbook, photonbookError } from "./program.ts";

const root = resolve(import.meta.dirname, "../../..");

it.each([
  [
    ["lc", "x.fits", "--bni", "3"],
    'Cannot run "lc": options must be among --bin, --counts, --blocks, --band, --region, --out, --json: current option is --bni (did you mean --bin?)\n',
  ],
  [["lc", "x.fits", "--bin"], 'Cannot run "lc": --bin must have a value after it\n'],
  [["fits", "x.fits", "--json=1"], 'Cannot run "fits": --json takes no value\n'],
  [["doctor", "--verbose"], 'Cannot run "doctor": it takes no options: current option is --verbose\n'],
  [["export", "no.ipynb", "--out", "x"], /options must be among --output, --python: current option is --out/],
  [["export", "no.ipynb"], /^Cannot export ".*no.ipynb": there is no such file/],
  [["export", "package.json", "--python", "no-python"], /"no-python" must be a Python that has nbconvert/],
])("photonbook %j says what is wrong with its options", (args, message) => {
  expect(photonbookError(...args)).toEqual(message instanceof RegExp ? expect.stringMatching(message) : message);
});

it("photonbook ends quietly when its reader wants no more", () => {
  const events = sharedData("events/chandra_23022_xrt200515/acisf23022_000N027_r0122_regevt3.fits.gz");
  const command = `"${process.execPath}" kernel/cli.ts lc "${events}" --bin 0.1 --json | head -c 10`;
  const { stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8", cwd: root });
  expect([stdout.length, stderr]).toEqual([10, ""]);
});

it("photonbook lc --help shows the help of lc alone", () => {
  expect(photonbook("lc", "--help")).toMatch(/^usage: photonbook COMMAND\n\n {2}lc EVENTS(?!.*convert IN)/s);
});
