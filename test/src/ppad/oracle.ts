import { unpackParameters } from "../../../src/ppad/files.ts";
import type { PhotonRecord, PpadConfig } from "../../../src/ppad/index.ts";

/**
 * PPAD's loss in plain double precision, written from the formulas alone: nested arrays of named tensors, Math.sin and
 * Math.exp, one source at a time, no chunks. It shares no code with the engine except the unpacking of parameters.
 */
export interface OracleSource {
  readonly times: readonly number[];
  readonly bands: readonly number[];
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
  readonly z: readonly number[];
  /** What the decoder is given beside it: log₁₀ of the length over 10 ks, or nothing. */
  readonly given: readonly number[];
  readonly logScale: number;
  /** Known background, counts per unit, of each band. */
  readonly background: readonly number[];
  /** Exposure, units. */
  readonly live: number;
}

export type Weights = Map<string, { shape: readonly number[]; data: ArrayLike<number> }>;

export function oracleWeights(parameters: Float32Array, config: PpadConfig): Weights {
  return new Map(
    [...unpackParameters(parameters, config)].map(([k, v]) => [k, { ...v, data: Float64Array.from(v.data) }]),
  );
}

function linear(weights: Weights, name: string, x: readonly number[]): number[] {
  const w = weights.get(`${name}.weight`)!;
  const b = weights.get(`${name}.bias`)!;
  const [rows, columns] = w.shape as [number, number];
  return Array.from({ length: rows }, (_, i) => {
    let sum = b.data[i] as number;
    for (let j = 0; j < columns; j++) sum += (w.data[i * columns + j] as number) * (x[j] as number);
    return sum;
  });
}

const relu = (x: readonly number[]) => x.map((value) => Math.max(0, value));

/** @param ofSource Latent, then what is given beside it. */
function oracleLogRate(weights: Weights, config: PpadConfig, ofSource: readonly number[], time: number): number[] {
  const code = [time];
  for (let k = 0; k < config.frequencies; k++) {
    code.push(Math.sin(Math.PI * 2 ** k * time), Math.cos(Math.PI * 2 ** k * time));
  }
  let x = linear(weights, "decoder.lin_in", [...ofSource, ...code]);
  for (let i = 0; i < config.blocks; i++) {
    const net = linear(weights, `decoder.blocks.${i}.fc_0`, relu(x));
    const step = linear(weights, `decoder.blocks.${i}.fc_1`, relu(net));
    x = x.map((value, h) => value + (step[h] as number));
  }
  return linear(weights, "decoder.lin_out", relu(x));
}

/** −Σ log (r + b) + ∫ Σ (r + b) + λ_TV (mean|Δr| on nodes + mean|Δr| on events) + λ_z ‖z‖², of one source. */
export function oracleLoss(weights: Weights, config: PpadConfig, source: OracleSource): number {
  const ofSource = [...source.z, ...source.given];
  const logRate = (time: number) => oracleLogRate(weights, config, ofSource, time).map((x) => x + source.logScale);
  const atEvents = source.times.map(logRate);
  const atNodes = source.nodes.map(logRate);
  let loss = 0;
  for (const [i, x] of atEvents.entries()) {
    const band = source.bands[i]!;
    loss -= Math.log(Math.exp(x[band]!) + source.background[band]!);
  }
  for (const rate of source.background) loss += rate * source.live;
  for (const [i, x] of atNodes.entries()) loss += source.weights[i]! * x.reduce((sum, v) => sum + Math.exp(v), 0);
  const variation = (rows: number[][]) => {
    let sum = 0;
    for (let i = 1; i < rows.length; i++) {
      for (let e = 0; e < rows[i]!.length; e++) sum += Math.abs(Math.exp(rows[i]![e]!) - Math.exp(rows[i - 1]![e]!));
    }
    const steps = (rows.length - 1) * (config.bandEdgesEv.length - 1);
    return rows.length < 2 ? 0 : config.totalVariation.norm === "mean" ? sum / steps : sum;
  };
  loss += config.totalVariation.weight * (variation(atNodes) + variation(atEvents));
  return loss + config.latentPenalty * source.z.reduce((sum, v) => sum + v * v, 0);
}

/** Times and bands of a record in decoder units, cut by hand, for records wholly inside one interval. */
export function oracleEvents(record: PhotonRecord, config: PpadConfig): { times: number[]; bands: number[] } {
  const start = record.gti.startSec[0]!;
  const length = record.gti.stopSec[0]! - start;
  const unit = config.timeScale === "observation" ? length : config.timeScale;
  const edges = config.bandEdgesEv;
  const times: number[] = [];
  const bands: number[] = [];
  record.timeSec.forEach((time, i) => {
    const energy = record.energyKeV[i]! * 1000;
    for (let e = 0; e < edges.length - 1; e++) {
      const last = e === edges.length - 2;
      if (energy >= edges[e]! && (energy < edges[e + 1]! || (last && energy <= edges[e + 1]!))) {
        times.push((time - start) / unit);
        bands.push(e);
      }
    }
  });
  return { times, bands };
}
