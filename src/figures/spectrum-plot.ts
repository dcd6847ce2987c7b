import type { TopLevelSpec } from "vega-lite";
import { OKABE_ITO } from "../plot/index.ts";

/** A spectrum in energy bins: a spectral fit has these fields. */
export interface BinnedSpectrum {
  /** Edges of the bins, keV. */
  readonly loKeV: ArrayLike<number>;
  readonly hiKeV: ArrayLike<number>;
  /** Counts per bin. */
  readonly observed: ArrayLike<number>;
  /** Counts a model expects per bin, drawn as a line. */
  readonly predicted?: ArrayLike<number> | undefined;
  /** Differences in standard deviations; if there are some, a second panel shows them. */
  readonly residuals?: ArrayLike<number> | undefined;
  readonly spectrum?: { readonly exposureSec: number; readonly name?: string };
}

/** Photons, as an EventList. */
export interface PhotonEnergies {
  readonly energyKeV: Float32Array;
  readonly exposureSec?: number;
  readonly name?: string;
}

/** How a spectrum is drawn. */
export interface SpectrumPlotOptions {
  /** Counts at which a bin of photons is closed, so that errors mean something. Default 15. Only for photons. */
  readonly minCounts?: number;
  /** Energies drawn, keV. Default 0.5–7 for photons, all bins else. */
  readonly energyKeV?: readonly [number, number];
  /** Title above the plot. Default: the name of the data. */
  readonly title?: string;
}

/**
 * Specification of a spectrum on logarithmic axes, counts/s/keV (counts/keV without an exposure), with √N errors, a
 * model as steps, and residuals below.
 */
export function spectrumPlot(data: BinnedSpectrum | PhotonEnergies, options: SpectrumPlotOptions = {}): TopLevelSpec {
  const photons = "observed" in data ? undefined : data;
  const binned = "observed" in data ? data : binPhotons(data, options);
  const exposure = photons ? photons.exposureSec : binned.spectrum?.exposureSec;
  const [low, high] = options.energyKeV ?? [0, Number.POSITIVE_INFINITY];
  const rows = Array.from(binned.loKeV, (lo, i) => {
    const hi = binned.hiKeV[i]!;
    const scale = 1 / (hi - lo) / (exposure ?? 1);
    const n = binned.observed[i]!;
    const error = Math.sqrt(n);
    return {
      lo,
      hi,
      middle: Math.sqrt(lo * hi),
      value: n * scale,
      // A bar down to zero has no place on a logarithmic axis: it ends at a tenth of the value.
      below: Math.max(n - error, 0.1 * n) * scale,
      above: (n + error) * scale,
      model: (binned.predicted?.[i] ?? Number.NaN) * scale,
      residual: binned.residuals?.[i] ?? Number.NaN,
    };
  }).filter(({ lo, hi, value }) => lo >= low && hi <= high && lo > 0 && value > 0);
  const hasResiduals = binned.residuals !== undefined;
  const domain = [rows[0]?.lo ?? 0.5, rows[rows.length - 1]?.hi ?? 7];
  const heights = [Math.min(...rows.map((row) => row.below)) / 1.3, Math.max(...rows.map((row) => row.above)) * 1.3];
  const x = (field: string, labels: boolean) => ({
    field,
    type: "quantitative",
    scale: { type: "log", domain, nice: false },
    title: labels ? "Energy (keV)" : null,
    axis: { values: [0.3, 0.5, 1, 2, 3, 5, 7, 10], format: "~g", labels },
  });
  const y = (field: string) => ({
    field,
    type: "quantitative",
    scale: { type: "log", domain: heights, nice: false },
    title: exposure ? "Counts s⁻¹ keV⁻¹" : "Counts keV⁻¹",
    axis: { format: "~g", tickCount: 4 },
  });
  const main = {
    data: { values: rows },
    height: 150,
    layer: [
      { mark: "rule", encoding: { x: x("lo", !hasResiduals), x2: { field: "hi" }, y: y("value") } },
      { mark: "rule", encoding: { x: x("middle", !hasResiduals), y: y("below"), y2: { field: "above" } } },
      ...(binned.predicted ? [modelLayer(rows, x("energy", !hasResiduals), y("model"))] : []),
    ],
  };
  const title = options.title ?? photons?.name ?? binned.spectrum?.name;
  const head = title ? { title } : {};
  if (!hasResiduals) return { ...head, ...main } as unknown as TopLevelSpec;
  return { ...head, spacing: 4, vconcat: [main, residualPanel(rows, x)] } as unknown as TopLevelSpec;
}

type Row = { lo: number; hi: number; middle: number; model: number; residual: number };

/** The model as steps: two points per bin. */
function modelLayer(rows: readonly Row[], x: object, y: object): object {
  const values = rows.flatMap(({ lo, hi, model }) => [
    { energy: lo, model },
    { energy: hi, model },
  ]);
  return { data: { values }, mark: { type: "line", color: OKABE_ITO.vermillion }, encoding: { x, y } };
}

function residualPanel(rows: readonly Row[], x: (field: string, labels: boolean) => object): object {
  const y = { field: "residual", type: "quantitative", title: "Residual (σ)", axis: { tickCount: 3 } };
  const errors = rows.map((row) => ({ ...row, low: row.residual - 1, high: row.residual + 1 }));
  return {
    data: { values: errors },
    height: 45,
    layer: [
      { mark: { type: "rule", color: OKABE_ITO.vermillion }, encoding: { y: { datum: 0 } } },
      { mark: "rule", encoding: { x: x("lo", true), x2: { field: "hi" }, y } },
      { mark: "rule", encoding: { x: x("middle", true), y: { ...y, field: "low" }, y2: { field: "high" } } },
    ],
  };
}

/** Bins photons by energy so that each bin holds at least `minCounts`; the last, if smaller, joins the one before. */
function binPhotons(
  photons: PhotonEnergies,
  { minCounts = 15, energyKeV = [0.5, 7] }: SpectrumPlotOptions,
): BinnedSpectrum {
  const [low, high] = energyKeV;
  const energies = photons.energyKeV.filter((energy) => energy >= low && energy <= high).sort();
  const edges = [low];
  for (let i = minCounts; i + minCounts <= energies.length; i += minCounts) {
    const edge = (energies[i - 1]! + energies[i]!) / 2;
    if (edge > edges[edges.length - 1]!) edges.push(edge);
  }
  edges.push(high);
  const observed = new Float64Array(edges.length - 1);
  let bin = 0;
  for (const energy of energies) {
    while (bin < observed.length - 1 && energy >= edges[bin + 1]!) bin++;
    observed[bin]!++;
  }
  return { loKeV: edges.slice(0, -1), hiKeV: edges.slice(1), observed };
}
