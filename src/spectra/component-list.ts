import { DISPLAY } from "../host/index.ts";
import { escapeMarkup, formatNumber } from "../plot/index.ts";
import type { Component, ParameterSpec } from "./component.ts";

/** Components of spectral models. Shows itself as a table of what they are and take. */
export class ComponentList {
  readonly components: readonly Component[];

  constructor(components: readonly Component[]) {
    this.components = components;
  }

  [DISPLAY]() {
    const lines = this.components.map(
      ({ name, parameters, description }) =>
        `${name}(${parameters.map((parameter) => parameter.name).join(", ")}): ${description}`,
    );
    const rows = this.components.map(
      ({ name, kind, description, parameters }) =>
        `<tr><td><code>${escapeMarkup(name)}</code></td><td>${kind}</td><td style="text-align:left">${escapeMarkup(description)}</td><td style="text-align:left">${parameters.map((parameter) => escapeMarkup(parameterText(parameter))).join("<br>")}</td></tr>`,
    );
    return {
      "text/plain": lines.join("\n"),
      "text/html": `<table><thead><tr><th>Component</th><th>Kind</th><th>What it is</th><th>Parameters: start, limits</th></tr></thead><tbody>${rows.join("")}</tbody></table>`,
    };
  }
}

function parameterText({ name, unit, value, min, max }: ParameterSpec): string {
  return `${name}: ${formatNumber(value)}${unit === "" ? "" : ` ${unit}`}, ${formatNumber(min)} to ${formatNumber(max)}`;
}
