/**
 * The data layer beside astropy, fitsio, DuckDB in Python and numpy: the tasks of test/bench/data/tasks.ts, each run in
 * a process of its own, ours and the peers' in turns, on files in the page cache. Both sides must come to the same
 * number. Prints the figures; where all tasks are run, writes them to test/bench/tables/data.md.
 *
 * `npm run bench -- data TASK …` runs some of the tasks.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { inputFile } from "./data/files.ts";
import { FILTER, MATCH_ARCSEC, TASKS, type Task, WIDE_COLUMNS } from "./data/tasks.ts";

interface Run {
  /** Seconds of the first run of a process. */
  readonly first: number;
  /** Seconds of the best later one. */
  readonly again: number | null;
  readonly peakMB: number;
  readonly check: number;
}

const ROUNDS = 3;
const root = resolve(import.meta.dirname, "../..");
const python = process.env.PHOTONBOOK_PEERS_PYTHON ?? "python3";
const peerOptions = JSON.stringify({ columns: WIDE_COLUMNS, matchArcsec: MATCH_ARCSEC, filter: FILTER });

/** As notebooks get it from the kernelspec. */
const kernelspec = join(root, ".photonbook/venv/share/jupyter/kernels/photonbook/kernel.json");
const { env: kernelEnv = {} } = JSON.parse(readFileSync(kernelspec, "utf8")) as { env?: Record<string, string> };

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Run {
  const options = { encoding: "utf8", env: { ...process.env, ...env }, maxBuffer: 2 ** 26 } as const;
  return JSON.parse(execFileSync(program, args, options)) as Run;
}

const runOurs = ({ name, repeats }: Task, path: string) =>
  run(process.execPath, [join(root, "test/bench/data/ours.ts"), name, path, String(repeats)], kernelEnv);
const runPeer = ({ name, repeats }: Task, path: string, peer: string) =>
  run(python, [join(root, "test/peers/data_peer.py"), name, peer, path, String(repeats), peerOptions], {});

function checkSame({ name }: Task, peer: string, ours: Run, theirs: Run): void {
  if (Math.abs(ours.check - theirs.check) <= 1e-9 * Math.abs(theirs.check)) return;
  throw new Error(`data: ${name} must come to the same as ${peer}: ours is ${ours.check}, theirs ${theirs.check}`);
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

/** Prints a task's figures and gives its rows of the table. */
function measure(task: Task, path: string): string[] {
  const rounds = task.repeats > 1 ? ROUNDS : 1;
  const ours: Run[] = [];
  const theirs = new Map<string, Run[]>(task.peers.map((peer) => [peer, []]));
  for (let round = 0; round < rounds; round++) {
    const mine = runOurs(task, path);
    ours.push(mine);
    for (const peer of task.peers) {
      const other = runPeer(task, path, peer);
      checkSame(task, peer, mine, other);
      theirs.get(peer)?.push(other);
    }
  }
  return ["first", "again"].flatMap((which) => {
    const seconds = (runs: readonly Run[]) =>
      median(runs.map((each) => (which === "first" ? each.first : each.again) ?? 0));
    if (which === "again" && task.repeats === 1) return [];
    return Array.from(theirs, ([peer, runs]) => {
      const [a, b] = [seconds(ours), seconds(runs)];
      const [ourMB, peerMB] = [ours, runs].map((each) => median(each.map(({ peakMB }) => peakMB)).toFixed(0));
      const ratio = (a / b).toFixed(2);
      console.log(
        `bench data figure=${task.name}-${which} ours=${a.toFixed(3)} peer=${b.toFixed(3)} peer_name=${peer} unit=s ratio=${ratio} ours_peak_mb=${ourMB} peer_peak_mb=${peerMB}`,
      );
      return `| ${[task.about, which, peer, a.toFixed(3), b.toFixed(3), ratio, ourMB, peerMB].join(" | ")} |`;
    });
  });
}

const chosen = process.argv.length > 2 ? TASKS.filter(({ name }) => process.argv.includes(name)) : TASKS;
const folder = mkdtempSync(join(tmpdir(), "photonbook-data-"));
const rows: string[] = [];
try {
  for (const task of chosen) {
    const path = await inputFile(folder, task.file);
    rows.push(...measure(task, path));
    if (!chosen.slice(chosen.indexOf(task) + 1).some(({ file }) => file === task.file)) rmSync(path);
  }
} finally {
  rmSync(folder, { recursive: true });
}

const table = [
  "# The data layer beside its peers",
  "",
  `Written by \`npm run bench -- data\` on ${availableParallelism()} cores. Seconds: medians of ${ROUNDS} processes of each side, run in turns, on`,
  "files in the page cache; *first* is the first run of a process (imports not counted, just-in-time compilation in ours),",
  "*again* the best later one of the same process. Peak memory is the whole process's, MB. Every value is read into native",
  "contiguous arrays on both sides, and both come to the same sums. astropy maps its files into memory.",
  "",
  "Where ours is slower: a second reading of all events, since numpy asks for huge pages and typed arrays do not. They are",
  "dear to get and cheap to have: without them (NUMPY_MADVISE_HUGEPAGE=0) astropy's first reading takes half as long and its",
  "second nearly as long as ours; with them (GLIBC_TUNABLES=glibc.malloc.hugetlb=1) both of ours take as long as astropy's.",
  "A first SQL query, which loads the reader of the file's units (50 ms); later ones are even with DuckDB in Python (0.9 to 1.1",
  "from run to run), though 150,000 names become texts of JavaScript's. DuckDB is a new one for each query on both sides.",
  "",
  "| task | run | peer | ours [s] | peer [s] | ratio | our peak [MB] | peer's peak [MB] |",
  "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |",
  ...rows,
  "",
].join("\n");
if (chosen.length === TASKS.length) writeFileSync(resolve(import.meta.dirname, "tables/data.md"), table);
