import { countOf } from "../array/index.ts";
import type { PpadModel } from "./model.ts";

const WIDTH = 360;
const HEIGHT = 80;

/** Polyline of a loss history, scaled to the box. */
function polyline(values: readonly number[]): string {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const span = high - low || 1;
  return values
    .map((value, i) => {
      const x = (WIDTH * i) / Math.max(1, values.length - 1);
      const y = HEIGHT - 4 - ((HEIGHT - 8) * (value - low)) / span;
      return `${x.toFixed(1)},${(Number.isFinite(y) ? y : 0).toFixed(1)}`;
    })
    .join(" ");
}

/** HTML and text of a model: what it is, how well it was trained, its loss curve. */
export function displayModel(model: PpadModel): { [mimeType: string]: string } {
  const { config, history, latents } = model;
  const last = history[history.length - 1];
  const planned = config.stages.reduce((sum, stage) => sum + stage.epochs, 0);
  const trained = `${history.length} of ${planned} epochs${model.stopped ? ", stopped early" : ""}`;
  const edges = config.bandEdgesEv.map((edge) => edge / 1000).join(" | ");
  const loss = last ? last.loss.toFixed(3) : "none";
  const text = `PpadModel(${countOf(latents.shape[0], "source")}, latent ${config.latentSize}, ${model.parameterCount} weights, ${trained}, loss ${loss})`;
  const rows = [
    ["sources", String(latents.shape[0])],
    ["latent", `${config.latentSize} numbers`],
    [
      "decoder",
      `${config.hiddenSize} wide, ${countOf(config.blocks, "block")}, ${model.parameterCount.toLocaleString("en")} weights`,
    ],
    ["bands", `${edges} keV`],
    ["training", trained],
    ["loss per source", loss],
  ];
  const table = rows
    .map(
      ([name, value]) => `<tr><th style="text-align:left">${name}</th><td style="text-align:left">${value}</td></tr>`,
    )
    .join("");
  const curve =
    history.length > 1
      ? `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="Loss by epoch"><polyline fill="none" stroke="var(--jp-brand-color1, #0072B2)" stroke-width="1.5" points="${polyline(history.map((epoch) => epoch.loss))}"/></svg>`
      : "";
  return { "text/plain": text, "text/html": `<div><strong>PPAD model</strong><table>${table}</table>${curve}</div>` };
}
