import type { EnergyGrid } from "./arf.ts";
import type { Component } from "./component.ts";
import { COMPONENTS } from "./components.ts";
import { type Expression, parseExpression } from "./expression.ts";

/** A parameter of a model. */
export interface Parameter {
  /** "component.parameter", such as "powerlaw.gamma". */
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly frozen: boolean;
}

/** Changes to parameters by name: "powerlaw.gamma", or "gamma" where one component has it. A number is a value. */
export interface ParameterSettings {
  readonly [name: string]: number | { value?: number; min?: number; max?: number; frozen?: boolean };
}

type Node =
  | { readonly kind: Component["kind"]; readonly component: Component; readonly offset: number }
  | { readonly kind: Component["kind"]; readonly join: "product" | "sum"; readonly nodes: readonly Node[] };

/**
 * A photon spectrum made of components.
 *
 * Additive components are integrated over each bin, multiplicative ones taken at its middle; the grid is the
 * caller's, so one model serves the response's bins and the finer ones of pile-up alike.
 */
export class SpectralModel {
  readonly expression: string;
  readonly parameters: readonly Parameter[];
  readonly #root: Node;

  constructor(expression: string, parameters: readonly Parameter[], root: Node) {
    this.expression = expression;
    this.parameters = parameters;
    this.#root = root;
  }

  /** The parameters' values, in their order. */
  get values(): number[] {
    return this.parameters.map((parameter) => parameter.value);
  }

  /**
   * Photons in each bin.
   *
   * @param values Parameter values in the order of `parameters`. Default: their own.
   * @returns Photons/s/cm² per bin, shape (nEnergies,).
   */
  photons(grid: EnergyGrid, values: readonly number[] = this.values): Float64Array {
    return evaluateNode(this.#root, values, grid);
  }

  /**
   * The same model with parameters changed.
   *
   * @throws {RangeError} If a name is unknown or ambiguous, or a value lies outside its limits.
   */
  with(settings: ParameterSettings): SpectralModel {
    return new SpectralModel(
      this.expression,
      applySettings(this.parameters, settings, `model "${this.expression}"`),
      this.#root,
    );
  }
}

/**
 * Makes a model from an expression such as "wabs*(powerlaw + gauss)".
 *
 * A component that comes twice is numbered ("powerlaw", "powerlaw2"); "gauss.iron" names it instead.
 *
 * @param settings Parameter values, limits and frozen flags. Default: each component's own.
 * @throws {SyntaxError} If the expression cannot be parsed or names no known component.
 * @throws {RangeError} If the settings do not fit.
 * @example parseModel("wabs*powerlaw", { nH: 0.07, gamma: { value: 2, frozen: true } })
 */
export function parseModel(expression: string, settings: ParameterSettings = {}): SpectralModel {
  const parameters: Parameter[] = [];
  const labels = new Set<string>();
  const root = build(parseExpression(expression), { expression, parameters, labels });
  if (root.kind !== "additive") {
    throw new SyntaxError(
      `Cannot use model "${expression}": it must have an additive component such as powerlaw: current components only multiply`,
    );
  }
  return new SpectralModel(expression, parameters, root).with(settings);
}

interface Building {
  readonly expression: string;
  readonly parameters: Parameter[];
  readonly labels: Set<string>;
}

function build(node: Expression, building: Building): Node {
  if (node.type === "component") return buildComponent(node, building);
  const nodes = node.terms.map((term) => build(term, building));
  const additive = nodes.filter((term) => term.kind === "additive").length;
  if (node.type === "sum" ? additive !== 0 && additive !== nodes.length : additive > 1) {
    throw new SyntaxError(
      node.type === "sum"
        ? `Cannot use model "${building.expression}": the terms of a sum must all be additive or all multiplicative: current sum mixes them`
        : `Cannot use model "${building.expression}": a product may hold one additive component: current number is ${additive}`,
    );
  }
  return { kind: additive > 0 ? "additive" : "multiplicative", join: node.type, nodes };
}

function buildComponent(node: Expression & { type: "component" }, building: Building): Node {
  const component = Object.hasOwn(COMPONENTS, node.name) ? COMPONENTS[node.name] : undefined;
  if (!component) {
    throw new SyntaxError(
      `Cannot use model "${building.expression}": a component must be one of ${Object.keys(COMPONENTS).join(", ")}: current name is "${node.name}"`,
    );
  }
  let label = node.label ?? node.name;
  for (let copy = 2; building.labels.has(label); copy++) label = `${node.label ?? node.name}${copy}`;
  building.labels.add(label);
  const offset = building.parameters.length;
  for (const spec of component.parameters) {
    building.parameters.push({ ...spec, name: `${label}.${spec.name}`, frozen: spec.frozen ?? false });
  }
  return { kind: component.kind, component, offset };
}

function evaluateNode(node: Node, values: readonly number[], grid: EnergyGrid): Float64Array {
  if ("component" in node) {
    return node.component.evaluate(values.slice(node.offset, node.offset + node.component.parameters.length), grid);
  }
  const [first, ...rest] = node.nodes;
  const out = evaluateNode(first, values, grid);
  for (const other of rest) {
    const term = evaluateNode(other, values, grid);
    if (node.join === "sum") for (let bin = 0; bin < out.length; bin++) out[bin] += term[bin];
    else for (let bin = 0; bin < out.length; bin++) out[bin] *= term[bin];
  }
  return out;
}

/** Parameters with settings applied; `owner` is named in errors. */
export function applySettings(
  parameters: readonly Parameter[],
  settings: ParameterSettings,
  owner: string,
): readonly Parameter[] {
  const changed = [...parameters];
  for (const [name, setting] of Object.entries(settings)) {
    const index = findParameter(parameters, name, owner);
    const patch = typeof setting === "number" ? { value: setting } : setting;
    const next: Parameter = { ...changed[index], ...patch };
    if (!(next.min <= next.value && next.value <= next.max)) {
      throw new RangeError(
        `Cannot set "${next.name}" of ${owner}: value must lie in ${next.min}–${next.max}: current value is ${next.value}`,
      );
    }
    changed[index] = next;
  }
  return changed;
}

function findParameter(parameters: readonly Parameter[], name: string, owner: string): number {
  const exact = parameters.findIndex((parameter) => parameter.name === name);
  if (exact >= 0) return exact;
  const matches = parameters.filter((parameter) => parameter.name.endsWith(`.${name}`));
  if (matches.length === 1) return parameters.indexOf(matches[0]);
  const known = (matches.length > 1 ? matches : parameters).map((parameter) => parameter.name).join(", ");
  throw new RangeError(`Cannot set a parameter of ${owner}: name must be one of ${known}: current name is "${name}"`);
}
