import { escapeMarkup, formatNumber, type Mark, OKABE_ITO, xyPlotSvg } from "../plot/index.ts";
import { binsForEye, densities, fitBundle, parameterTable } from "../spectra/index.ts";
import type { PileupEmulation } from "./emulation.ts";
import type { PileupFit } from "./fit-result.ts";
import { rowText } from "./posterior.ts";

const percent = (share: number) => `${formatNumber(100 * share)} %`;

/** Unpiled and piled spectra over one another, with the events of more than one photon. */
export function emulationBundle(emulation: PileupEmulation): { readonly [mime: string]: string } {
  const { unpiled, piled, exposureSec, parameters } = emulation;
  const text =
    `Pile-up of ${emulation.name}: ${formatNumber(emulation.unpiledRate)} → ${formatNumber(emulation.piledRate)} counts/s, ` +
    `${percent(emulation.pileupFraction)} of the core's events piled, ${formatNumber(emulation.photonsPerFrame)} photons per frame`;
  const settings =
    `frame ${formatNumber(parameters.frameTimeSec)} s · α ${parameters.gradeMigration} · f ${parameters.psfFraction} · ` +
    `g0 ${parameters.singleGrade} · n ${parameters.nRegions} · exposed share ${formatNumber(parameters.fracExposure)}` +
    (emulation.complete ? "" : ` · cut at ${parameters.nTerms} photons per event: raise nTerms`);
  const several = emulation.orders
    .slice(2)
    .reduce((sum, order) => sum.map((value, bin) => value + order[bin]), new Float64Array(piled.length));
  const total = piled.reduce((sum, value) => sum + value, 0);
  const bins = binsForEye(piled, emulation, Math.max(1e-9, total / 300));
  const steps = (values: Float64Array, label: string, color: string): Mark => ({
    kind: "steps",
    start: bins.loKeV,
    stop: bins.hiKeV,
    y: densities(bins, values, exposureSec).map((value) => (value > 1e-9 ? value : Number.NaN)),
    label,
    color,
  });
  const svg = xyPlotSvg({
    title: `Pile-up of ${emulation.name}`,
    showTitle: false,
    x: { label: "Energy", unit: "keV", scale: "log" },
    y: { label: "Counts", unit: "s⁻¹ keV⁻¹", scale: "log" },
    marks: [
      steps(several, "Two or more photons", OKABE_ITO.orange),
      steps(unpiled, "Without pile-up", OKABE_ITO.sky),
      steps(piled, "With pile-up", OKABE_ITO.vermillion),
    ],
  });
  return {
    "text/plain": text,
    "text/html": `<div><div><b>${escapeMarkup(text)}</b><br>${escapeMarkup(settings)}</div>${svg}</div>`,
  };
}

/** The best fit's table with credible intervals, and its plots. */
export function pileupFitBundle(fit: PileupFit): { readonly [mime: string]: string } {
  const { best, posterior } = fit;
  const bundle = fitBundle(best);
  const note = `${percent(fit.pileupFraction)} of the core's events piled`;
  const { warnings } = fit;
  const cautions = warnings.map((warning) => `  caution: ${warning}`);
  const list = warnings.map((warning) => `<li>${escapeMarkup(warning)}</li>`).join("");
  const cautionHtml = list === "" ? "" : `<ul style="color:var(--jp-warn-color0,#b35900);margin:4px 0">${list}</ul>`;
  if (!posterior) {
    return {
      "text/plain": `${bundle["text/plain"]}\n  ${[note, ...cautions].join("\n")}`,
      "text/html": `<div>${bundle["text/html"]}<div>${escapeMarkup(note)}</div>${cautionHtml}</div>`,
    };
  }
  const rows = posterior.rows();
  const chain = posterior.summary();
  return {
    "text/plain": [bundle["text/plain"], `  ${note}`, ...cautions, chain, ...rows.map(rowText)].join("\n"),
    "text/html": `<div>${bundle["text/html"]}<div>${escapeMarkup(note)}<br>${escapeMarkup(chain)}</div>${cautionHtml}${parameterTable(rows)}</div>`,
  };
}
