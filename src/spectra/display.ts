import { countOf } from "../array/index.ts";
import { escapeMarkup, formatMeasured, formatNumber, type Mark, OKABE_ITO, xyPlotSvg } from "../plot/index.ts";
import type { SpectralFit } from "./fit-result.ts";
import type { Spectrum } from "./spectrum.ts";

/** Runs of bins that are drawn as one, shape (n,) each. */
export interface DrawnBins {
  readonly start: Int32Array;
  readonly stop: Int32Array;
  readonly loKeV: Float64Array;
  readonly hiKeV: Float64Array;
}

/** Joins neighbours until each run holds enough counts, for the eye only; empty rests are left out. */
export function binsForEye(
  counts: ArrayLike<number>,
  grid: { readonly loKeV: Float64Array; readonly hiKeV: Float64Array },
  minCounts: number,
): DrawnBins {
  const runs: [start: number, stop: number][] = [];
  let first = 0;
  let total = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    total += counts[bin];
    if (total < minCounts && bin < counts.length - 1) continue;
    if (total > 0) runs.push([first, bin + 1]);
    first = bin + 1;
    total = 0;
  }
  return {
    start: Int32Array.from(runs, ([start]) => start),
    stop: Int32Array.from(runs, ([, stop]) => stop),
    loKeV: Float64Array.from(runs, ([start, stop]) =>
      Math.max(grid.loKeV[start], Math.min(0.1, 0.5 * grid.hiKeV[stop - 1])),
    ),
    hiKeV: Float64Array.from(runs, ([, stop]) => grid.hiKeV[stop - 1]),
  };
}

/** Sums over runs by width and exposure: counts/s/keV. `power` 0.5 gives the √ of the sum instead of the sum. */
export function densities(bins: DrawnBins, values: ArrayLike<number>, exposureSec: number, power = 1): Float64Array {
  return Float64Array.from(bins.start, (first, run) => {
    let sum = 0;
    for (let bin = first; bin < bins.stop[run]; bin++) sum += values[bin];
    return Math.max(0, sum) ** power / (bins.hiKeV[run] - bins.loKeV[run]) / exposureSec;
  });
}

/** Points with error bars at the runs' logarithmic middles; what is not positive cannot be drawn and becomes NaN. */
function points(bins: DrawnBins, y: Float64Array, error: Float64Array, style: { label: string; color: string }): Mark {
  const floor = Math.min(...y.filter((value) => value > 0)) / 3;
  return {
    kind: "points",
    ...style,
    x: bins.loKeV.map((lo, run) => Math.sqrt(lo * bins.hiKeV[run])),
    y: y.map((value) => (value > 0 ? value : Number.NaN)),
    yLow: y.map((value, run) => Math.max(value - error[run], floor)),
    yHigh: y.map((value, run) => value + error[run]),
    xLow: bins.loKeV,
    xHigh: bins.hiKeV,
  };
}

const COUNT_DENSITY = { label: "Counts", unit: "s⁻¹ keV⁻¹", scale: "log" } as const;
const ENERGY = { label: "Energy", unit: "keV", scale: "log" } as const;

/** A spectrum in its groups, or joined to 20 counts where it has none, with its background. */
export function spectrumBundle(spectrum: Spectrum): { readonly [mime: string]: string } {
  const groups = spectrum.groups();
  const counts = groups.sum(spectrum.counts);
  const total = counts.reduce((sum, value) => sum + value, 0);
  const { meta, exposureSec } = spectrum;
  const text = `Spectrum ${spectrum.name}: ${countOf(total, "count")} in ${countOf(spectrum.counts.length, "channel")}, ${formatNumber(exposureSec)} s`;
  const details = [
    meta.object,
    [meta.telescope, meta.instrument].filter(Boolean).join(" "),
    meta.obsId && `ObsID ${meta.obsId}`,
    `ARF: ${spectrum.arf?.name ?? "none"}`,
    `RMF: ${spectrum.rmf?.name ?? "none"}`,
    `background: ${spectrum.background?.name ?? "none"}`,
    meta.outsideChannels && `${countOf(meta.outsideChannels, "photon")} outside the channels`,
  ].filter(Boolean);
  const bins = binsForEye(counts, groups, spectrum.grouping ? 0 : Math.min(20, Math.max(1, total / 40)));
  const marks: Mark[] = [];
  const { background, backgroundScale } = spectrum;
  if (background && backgroundScale) {
    const scaled = groups.sum(background.counts.map((value, channel) => value * backgroundScale[channel]));
    const y = densities(bins, scaled, exposureSec).map((value) => (value > 0 ? value : Number.NaN));
    marks.push({
      kind: "steps",
      start: bins.loKeV,
      stop: bins.hiKeV,
      y,
      label: "Background, scaled",
      color: OKABE_ITO.orange,
    });
  }
  marks.push(
    points(bins, densities(bins, counts, exposureSec), densities(bins, counts, exposureSec, 0.5), {
      label: "Counts",
      color: OKABE_ITO.blue,
    }),
  );
  const svg = xyPlotSvg({
    title: spectrum.name,
    showTitle: false,
    x: spectrum.rmf ? ENERGY : { label: "Channel", scale: "log" },
    y: spectrum.rmf ? COUNT_DENSITY : { label: "Counts", unit: "s⁻¹ channel⁻¹", scale: "log" },
    marks: bins.start.length > 0 ? marks : [],
  });
  return {
    "text/plain": text,
    "text/html": `<div><div><b>${escapeMarkup(text)}</b><br>${escapeMarkup(details.join(" · "))}</div>${svg}</div>`,
  };
}

/** Data with background subtracted, the model, residuals below, and the parameters. */
export function fitBundle(fit: SpectralFit): { readonly [mime: string]: string } {
  const { spectrum, statisticName, dof } = fit;
  const head = `${fit.model.expression}${fit.detector === "linear" ? "" : ` (${fit.detector} detector)`}: ${statisticName} ${fit.statistic.toFixed(2)} for ${dof} degrees of freedom${fit.converged ? "" : ", not converged"}`;
  const rows = fit.parameters.map(({ name, value, error, unit, frozen }) => ({
    name,
    value:
      frozen || error === undefined
        ? `${formatNumber(value, 5)}${frozen ? " (frozen)" : ""}`
        : formatMeasured(value, error),
    unit,
  }));
  return {
    "text/plain": [head, ...rows.map((row) => `  ${row.name.padEnd(24)} ${row.value} ${row.unit}`)].join("\n"),
    "text/html": `<div><div><b>${escapeMarkup(spectrum.name)}</b>: ${escapeMarkup(head)}</div>${parameterTable(rows)}${fitPlots(fit)}</div>`,
  };
}

/** A table of parameters, everything escaped. */
export function parameterTable(
  rows: readonly { readonly name: string; readonly value: string; readonly unit: string }[],
): string {
  const body = rows
    .map(
      ({ name, value, unit }) =>
        `<tr>${[name, value, unit].map((cell) => `<td>${escapeMarkup(cell)}</td>`).join("")}</tr>`,
    )
    .join("");
  return `<table><thead><tr><th>Parameter</th><th>Value</th><th>Unit</th></tr></thead><tbody>${body}</tbody></table>`;
}

function fitPlots(fit: SpectralFit): string {
  const { observed, backgroundCounts, predicted, spectrum } = fit;
  const seconds = spectrum.exposureSec;
  const total = observed.reduce((sum, value) => sum + value, 0);
  const bins = binsForEye(observed, fit, Math.min(spectrum.grouping ? 10 : 20, Math.max(1, total / 40)));
  if (bins.start.length === 0) return "";
  const net = observed.map((value, group) => value - (backgroundCounts?.[group] ?? 0));
  const residuals = Float64Array.from(bins.start, (first, run) => {
    const part = fit.residuals.subarray(first, bins.stop[run]);
    return part.reduce((sum, value) => sum + value, 0) / Math.sqrt(part.length);
  });
  const data = points(bins, densities(bins, net, seconds), densities(bins, observed, seconds, 0.5), {
    label: backgroundCounts ? "Counts − background" : "Counts",
    color: OKABE_ITO.blue,
  });
  const model: Mark = {
    kind: "steps",
    start: bins.loKeV,
    stop: bins.hiKeV,
    y: densities(bins, predicted, seconds),
    label: "Model",
    color: OKABE_ITO.vermillion,
  };
  const middle = bins.loKeV.map((lo, run) => Math.sqrt(lo * bins.hiKeV[run]));
  const title = `${spectrum.name}, ${fit.model.expression}`;
  return (
    xyPlotSvg({ title, showTitle: false, x: ENERGY, y: COUNT_DENSITY, marks: [data, model] }) +
    xyPlotSvg({
      title: `${title}, residuals`,
      showTitle: false,
      height: 130,
      x: ENERGY,
      y: { label: "Residual", unit: "σ", include: [0] },
      marks: [
        { kind: "rule", y: 0 },
        { kind: "points", x: middle, y: residuals, color: OKABE_ITO.blue },
      ],
    })
  );
}
