import { appendFile, mkdir, open } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { type Fields, numberField, stringField } from "../protocol/message.ts";

type Entry = readonly [session: number, line: number, input: string];

/** How much of the file's end is read: some 20,000 cells. */
const READ_BYTES = 1 << 21;

/**
 * Where what was run is kept: the file that `PHOTONBOOK_HISTORY` names, none where it is empty. Default: `history.jsonl`
 * in the user's state folder.
 */
export function historyFile(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const state = env.XDG_STATE_HOME || join(homedir(), ".local/state");
  return (env.PHOTONBOOK_HISTORY ?? join(state, "photonbook/history.jsonl")) || undefined;
}

/**
 * What was run, in this session and, from a file to which every kernel adds its lines, in earlier ones; for the
 * history_request of the specification.
 */
export class History {
  readonly #file: string | undefined;
  readonly #own: { readonly line: number; readonly input: string }[] = [];
  readonly #earlier: Promise<readonly Entry[]>;
  readonly #complain: (error: unknown) => void;
  #written: Promise<void>;

  /**
   * @param file One entry a line, as JSON. Default: none, so that nothing is kept.
   * @param complain Told that the file cannot be written or read; told once.
   */
  constructor(file?: string, complain: (error: unknown) => void = () => {}) {
    this.#file = file;
    let told = false;
    this.#complain = (error) => {
      if (!told) complain(error);
      told = true;
    };
    this.#earlier = file === undefined ? Promise.resolve([]) : readEntries(file).catch((error) => this.#none(error));
    this.#written = this.#earlier.then(() => {});
  }

  /** Adds a cell; the file has it a little later. */
  add(line: number, input: string): void {
    this.#own.push({ line, input });
    const file = this.#file;
    if (file === undefined) return;
    this.#written = this.#written
      .then(async () => {
        await mkdir(dirname(file), { recursive: true });
        await appendFile(file, `${JSON.stringify([await this.#session(), line, input])}\n`, { mode: 0o600 });
      })
      .catch(this.#complain);
  }

  /** Resolves when the file has all. */
  written(): Promise<void> {
    return this.#written;
  }

  /** Answers a request: "tail" (the last n), "range" (of lines) or "search" (glob pattern; `unique` drops repeats). */
  async request(content: Fields): Promise<readonly unknown[]> {
    const session = await this.#session();
    const own = this.#own.map(({ line, input }): Entry => [session, line, input]);
    const entries = select(content, [...(await this.#earlier), ...own], session);
    return content.output === true ? entries.map(([session, line, input]) => [session, line, [input, null]]) : entries;
  }

  /** One more than the last session's; kernels that start before either has run a cell share a number. */
  async #session(): Promise<number> {
    return ((await this.#earlier).at(-1)?.[0] ?? 0) + 1;
  }

  #none(error: unknown): readonly Entry[] {
    if ((error as { code?: string }).code !== "ENOENT") this.#complain(error);
    return [];
  }
}

async function readEntries(file: string): Promise<Entry[]> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  const start = Math.max(0, size - READ_BYTES);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
  const lines = buffer.toString("utf8", 0, bytesRead).split("\n");
  return lines.flatMap((line) => parseEntry(line) ?? []);
}

/** An entry; none where a line is cut, by the limit of what is read or by a kernel that was killed. */
function parseEntry(line: string): [Entry] | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return Array.isArray(entry) && typeof entry[0] === "number" && typeof entry[2] === "string"
      ? [entry as unknown as Entry]
      : undefined;
  } catch {
    return undefined;
  }
}

function select(content: Fields, entries: readonly Entry[], session: number): readonly Entry[] {
  switch (stringField(content, "hist_access_type", "tail")) {
    case "range":
      return range(content, entries, session);
    case "search":
      return search(content, entries);
    default:
      return last(entries, numberField(content, "n", 10));
  }
}

/** Lines of a session: 0 is this one, negative numbers count back from it. */
function range(content: Fields, entries: readonly Entry[], current: number): readonly Entry[] {
  const asked = numberField(content, "session", 0);
  const session = asked <= 0 ? current + asked : asked;
  const start = numberField(content, "start", 0);
  const stop = numberField(content, "stop", Number.POSITIVE_INFINITY);
  return entries.filter(([number, line]) => number === session && line >= start && line < stop);
}

function search(content: Fields, entries: readonly Entry[]): readonly Entry[] {
  const pattern = globExpression(stringField(content, "pattern", "*"));
  let found = entries.filter(([, , input]) => pattern.test(input));
  if (content.unique === true) {
    const newest = new Map(found.map((entry) => [entry[2], entry]));
    found = found.filter((entry) => newest.get(entry[2]) === entry);
  }
  return last(found, numberField(content, "n", found.length));
}

/** A glob (`*` and `?`, as in SQLite) as an expression for whole inputs. */
function globExpression(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^]*")
    .replaceAll("?", "[^]");
  return new RegExp(`^${source}$`);
}

function last(entries: readonly Entry[], count: number): readonly Entry[] {
  return count > 0 ? entries.slice(-count) : [];
}
