/** Photons of one source, as event lists and simulators give them. */
export interface PhotonRecord {
  readonly name?: string;
  /** Arrival times, mission seconds. */
  readonly timeSec: Float64Array;
  readonly energyKeV: Float32Array;
  readonly gti: { readonly startSec: Float64Array; readonly stopSec: Float64Array };
  /** Dates of mission times, UTC: `MissionClock` gives them. */
  readonly clock?: { date(timeSec: number, options?: { digits?: number }): string };
}

/** What of a catalogue is used: `Catalog` has it. */
export interface CatalogLike {
  readonly numRows: number;
  readonly columns: readonly { readonly name: string; readonly unit?: string | undefined }[];
  column(name: string): unknown;
  filter(mask: Uint8Array): unknown;
}

/** What the points of a view stand for: rows of a catalogue, or a list of anything. */
export type Sources = CatalogLike | readonly unknown[];

/** Photons of the i-th point; undefined where there are none. */
export type EventLoader = (index: number, name: string) => PhotonRecord | undefined | Promise<PhotonRecord | undefined>;

/** Columns that name a source, best first. */
const NAME_COLUMNS = ["name", "source_name", "iauname", "src_name", "id", "source_id", "obsid"];

/** Names, rows and photons of the points of a view. */
export class PointSources {
  readonly sources: Sources | undefined;
  readonly #names: ArrayLike<unknown> | undefined;
  readonly #events: EventLoader | undefined;

  /**
   * @param options.n Number of points.
   * @param options.sources A catalogue with a row, or a list with an entry, for each point.
   * @param options.names One name a point. Default: a name column of the catalogue, or the entries' `name`.
   * @param options.events Photons: a list with an entry for each point, or a function that loads those of a point.
   *   Default: the entries of `sources` that hold photons.
   * @throws {RangeError} If a list's length is not n.
   */
  constructor(options: {
    n: number;
    sources?: Sources | undefined;
    names?: ArrayLike<unknown> | undefined;
    events?: EventLoader | readonly (PhotonRecord | undefined)[] | undefined;
  }) {
    const { n, sources, events } = options;
    this.sources = sources;
    this.#names = options.names ?? (isCatalog(sources) ? nameColumn(sources) : undefined);
    const list = typeof events === "function" ? undefined : (events ?? (isCatalog(sources) ? undefined : sources));
    checkLength("sources", isCatalog(sources) ? sources.numRows : sources?.length, n);
    checkLength("names", this.#names?.length, n);
    checkLength("events", list?.length, n);
    if (typeof events === "function") this.#events = events;
    else if (list?.some(isPhotonRecord))
      this.#events = (index) => (isPhotonRecord(list[index]) ? list[index] : undefined);
  }

  /** Whether any point can have photons. */
  get hasEvents(): boolean {
    return this.#events !== undefined;
  }

  /** Whether points have names of their own. */
  get hasNames(): boolean {
    return (
      this.#names !== undefined ||
      (!isCatalog(this.sources) && this.sources?.some((entry) => entryName(entry)) === true)
    );
  }

  /** Name of a point; its position where it has none. */
  name(index: number): string {
    const named = this.#names?.[index] ?? (isCatalog(this.sources) ? undefined : entryName(this.sources?.[index]));
    return named === undefined || named === null ? String(index) : String(named).trim();
  }

  /** The rows or entries of some points. */
  rows(indices: ArrayLike<number>, mask: Uint8Array): unknown {
    if (isCatalog(this.sources)) return this.sources.filter(mask);
    const list = this.sources;
    return list ? Array.from(indices, (i) => list[i]) : undefined;
  }

  /** Photons of a point. */
  async events(index: number): Promise<PhotonRecord | undefined> {
    return this.#events?.(index, this.name(index));
  }

  /**
   * A column of the catalogue.
   *
   * @throws {TypeError} If the sources have no columns.
   */
  column(name: string): { values: ArrayLike<unknown>; unit: string } {
    if (!isCatalog(this.sources)) {
      throw new TypeError(
        `Cannot use column "${name}": sources must be a catalogue: current value is ${this.sources ? "a list" : "undefined"}`,
      );
    }
    const unit = this.sources.columns.find((column) => column.name === name)?.unit ?? "";
    return { values: valuesOf(this.sources.column(name)), unit };
  }
}

/** Whether a value holds photons. */
export function isPhotonRecord(value: unknown): value is PhotonRecord {
  const record = value as Partial<PhotonRecord> | null | undefined;
  return record?.timeSec instanceof Float64Array && record.energyKeV !== undefined && record.gti !== undefined;
}

function isCatalog(sources: Sources | undefined): sources is CatalogLike {
  return typeof (sources as Partial<CatalogLike> | undefined)?.column === "function";
}

function nameColumn(catalog: CatalogLike): ArrayLike<unknown> | undefined {
  const found = NAME_COLUMNS.map((wanted) => catalog.columns.find(({ name }) => name.toLowerCase() === wanted)).find(
    Boolean,
  );
  return found && valuesOf(catalog.column(found.name));
}

/** A column's values, whether it is an array or an object that has one as `data` or gives them with `toArray`. */
function valuesOf(column: unknown): ArrayLike<unknown> {
  const holder = column as { data?: ArrayLike<unknown>; toArray?: () => ArrayLike<unknown> };
  if (Array.isArray(column) || ArrayBuffer.isView(column)) return column as unknown as ArrayLike<unknown>;
  return holder.toArray?.() ?? holder.data ?? (column as ArrayLike<unknown>);
}

function entryName(entry: unknown): string | undefined {
  if (typeof entry === "string") return entry;
  const { name } = (entry ?? {}) as { name?: unknown };
  return typeof name === "string" ? name : undefined;
}

function checkLength(what: string, length: number | undefined, n: number): void {
  if (length !== undefined && length !== n) {
    throw new RangeError(
      `Cannot show points: ${what} must have ${n} entries, one per point: current length is ${length}`,
    );
  }
}
