import { type Fields, numberField, stringField } from "../protocol/message.ts";

type Entry = readonly [session: number, line: number, input: string];

/** What was run in this session, for the history_request of the specification. */
export class History {
  readonly #entries: Entry[] = [];
  readonly #session: number;

  /** @param session The number of this session; earlier ones are negative offsets from it in requests. */
  constructor(session = 1) {
    this.#session = session;
  }

  add(line: number, input: string): void {
    this.#entries.push([this.#session, line, input]);
  }

  /** Answers a request: "tail" (the last n), "range" (of lines) or "search" (glob pattern; `unique` drops repeats). */
  request(content: Fields): readonly unknown[] {
    const entries = this.#select(content);
    return content.output === true ? entries.map(([session, line, input]) => [session, line, [input, null]]) : entries;
  }

  #select(content: Fields): readonly Entry[] {
    switch (stringField(content, "hist_access_type", "tail")) {
      case "range":
        return this.#range(content);
      case "search":
        return this.#search(content);
      default:
        return last(this.#entries, numberField(content, "n", 10));
    }
  }

  #range(content: Fields): readonly Entry[] {
    const asked = numberField(content, "session", 0);
    const session = asked <= 0 ? this.#session + asked : asked;
    const start = numberField(content, "start", 0);
    const stop = numberField(content, "stop", Number.POSITIVE_INFINITY);
    return this.#entries.filter(([number, line]) => number === session && line >= start && line < stop);
  }

  #search(content: Fields): readonly Entry[] {
    const pattern = globExpression(stringField(content, "pattern", "*"));
    let found = this.#entries.filter(([, , input]) => pattern.test(input));
    if (content.unique === true) {
      const newest = new Map(found.map((entry) => [entry[2], entry]));
      found = found.filter((entry) => newest.get(entry[2]) === entry);
    }
    return last(found, numberField(content, "n", found.length));
  }
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
