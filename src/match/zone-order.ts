import { type SkyPositions, turnOf } from "./sphere.ts";

/** Zones of equal height in declination. */
export interface Zones {
  readonly lowDeg: number;
  readonly heightDeg: number;
  readonly count: number;
}

/** Positions sorted by zone and, within a zone, by right ascension. */
export interface ZoneOrder {
  /** Row that each sorted place came from, shape (n,). */
  readonly rows: Uint32Array;
  /** First sorted place of each zone, shape (count + 1,). */
  readonly zoneStart: Uint32Array;
  /** Right ascension in [0, 360), deg, in sorted order. */
  readonly raDeg: Float64Array;
}

/** About as many zones as a zone has members, over the declinations that occur. */
export function chooseZones(decDeg: ArrayLike<number>): Zones {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < decDeg.length; i++) {
    if (decDeg[i]! < low) low = decDeg[i]!;
    if (decDeg[i]! > high) high = decDeg[i]!;
  }
  if (decDeg.length === 0) return { lowDeg: 0, heightDeg: 1, count: 1 };
  const count = Math.max(1, Math.min(65_536, Math.round(Math.sqrt(decDeg.length))));
  return { lowDeg: low, heightDeg: Math.max((high - low) / count, 1e-9), count };
}

/** The zone of a declination; the first or last one for declinations outside. */
export function zoneOf(zones: Zones, decDeg: number): number {
  const zone = Math.floor((decDeg - zones.lowDeg) / zones.heightDeg);
  return zone < 0 ? 0 : zone >= zones.count ? zones.count - 1 : zone;
}

/**
 * Sorts positions by zone and right ascension in linear time: a radix sort by right ascension to 32 bits, a counting
 * sort by zone, and an insertion sort for the differences below 0.3 milliarcsec that 32 bits do not see.
 */
export function sortByZone({ raDeg, decDeg }: SkyPositions, zones: Zones): ZoneOrder {
  const n = raDeg.length;
  const turns = new Float64Array(n);
  const keys = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    turns[i] = turnOf(raDeg[i]!);
    keys[i] = (turns[i]! / 360) * 4_294_967_296;
  }
  let rows = Uint32Array.from({ length: n }, (_, i) => i);
  for (const shift of [0, 11, 22]) rows = countingSort(rows, 2048, (row) => (keys[row]! >>> shift) & 2047).rows;
  const zoneOfRow = Uint32Array.from({ length: n }, (_, i) => zoneOf(zones, decDeg[i]!));
  const sorted = countingSort(rows, zones.count, (row) => zoneOfRow[row]!);
  const ra = Float64Array.from(sorted.rows, (row) => turns[row]!);
  settle(sorted.rows, ra, sorted.start);
  return { rows: sorted.rows, zoneStart: sorted.start, raDeg: ra };
}

/** A stable sort of rows by a small integer key. */
function countingSort(rows: Uint32Array, count: number, keyOf: (row: number) => number) {
  const start = new Uint32Array(count + 1);
  for (let i = 0; i < rows.length; i++) start[keyOf(rows[i]!) + 1]!++;
  for (let key = 0; key < count; key++) start[key + 1]! += start[key]!;
  const next = start.slice();
  const sorted = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) sorted[next[keyOf(rows[i]!)]!++] = rows[i]!;
  return { rows: sorted, start };
}

/** Insertion sort within each zone of an almost sorted order. */
function settle(rows: Uint32Array, ra: Float64Array, zoneStart: Uint32Array): void {
  for (let zone = 0; zone + 1 < zoneStart.length; zone++) {
    const first = zoneStart[zone]!;
    for (let i = first + 1; i < zoneStart[zone + 1]!; i++) {
      const [value, row] = [ra[i]!, rows[i]!];
      let at = i;
      for (; at > first && ra[at - 1]! > value; at--) {
        ra[at] = ra[at - 1]!;
        rows[at] = rows[at - 1]!;
      }
      ra[at] = value;
      rows[at] = row;
    }
  }
}
