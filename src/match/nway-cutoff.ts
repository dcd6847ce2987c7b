import { Catalog } from "../catalog/index.ts";
import { type NwayOptions, type NwayTable, nway } from "./nway.ts";
import { SkyIndex } from "./sky-index.ts";
import { shiftPositions } from "./sphere.ts";

/**
 * What a cut in p_any keeps: the share of primary sources above it, and the share of false ones, measured by matching
 * the primary catalogue at moved positions, where no counterpart is true. Moved positions that fall within the radius
 * of a primary source are left out.
 *
 * @param tables As for `nway`; the primary catalogue is moved.
 * @param options.offsetArcsec How far. Default three radii.
 * @param options.cutoffs Values of p_any. Default 0, 0.05, … 0.95.
 * @returns Columns `cutoff`, `completeness` and `false_rate`, a row per cutoff.
 * @see Salvato et al. 2018, MNRAS 473, 4937, section 5.2
 */
export function nwayCutoffs(
  tables: readonly NwayTable[],
  options: NwayOptions & { readonly offsetArcsec?: number; readonly cutoffs?: readonly number[] },
): Catalog {
  const { offsetArcsec = 3 * options.radiusArcsec } = options;
  const cutoffs = options.cutoffs ?? Array.from({ length: 20 }, (_, i) => i / 20);
  const [primary, ...others] = tables as [NwayTable, ...NwayTable[]];
  const real = nway(tables, options);
  const moved = shiftPositions(primary, { offsetArcsec });
  const clear = new SkyIndex(primary).nearest(moved, { radiusArcsec: options.radiusArcsec }).rows;
  const rows = Array.from(clear.keys()).filter((row) => clear[row]! < 0);
  const fakePrimary: NwayTable = {
    name: primary.name,
    raDeg: rows.map((row) => moved.raDeg[row]!),
    decDeg: rows.map((row) => moved.decDeg[row]!),
    error: pick(primary.error, rows),
    areaDeg2: primary.areaDeg2 * (rows.length / primary.raDeg.length),
  };
  // The moved run must not learn its priors from chance matches
  const known = others.map((table) => ({
    ...table,
    magnitudes: (table.magnitudes ?? []).map((magnitude) => {
      const histogram = real.histograms.get(`${table.name}_${magnitude.name}`);
      return histogram ? { ...magnitude, histogram } : magnitude;
    }),
  }));
  const fake = rows.length > 0 ? nway([fakePrimary, ...known], options).pAny : new Float64Array();
  const shareAbove = (values: Float64Array, cutoff: number) =>
    values.reduce((count, value) => count + (value > cutoff ? 1 : 0), 0) / values.length;
  return new Catalog(
    [
      { name: "cutoff", description: "Cut in p_any", data: Float64Array.from(cutoffs) },
      {
        name: "completeness",
        description: "Share of the primary sources above the cut",
        data: Float64Array.from(cutoffs, (cutoff) => shareAbove(real.pAny, cutoff)),
      },
      {
        name: "false_rate",
        description: "Share of moved primary sources above the cut",
        data: Float64Array.from(cutoffs, (cutoff) => shareAbove(fake, cutoff)),
      },
    ],
    { name: "p_any cutoffs" },
  );
}

function pick(error: NwayTable["error"], rows: readonly number[]): NwayTable["error"] {
  if (typeof error === "number" || "majorArcsec" in error) return error;
  return rows.map((row) => error[row]!) as NwayTable["error"];
}
