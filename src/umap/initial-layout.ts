import type { Matrix } from "../array/index.ts";
import { principalAxes } from "../linalg/index.ts";
import type { Rng } from "../random/index.ts";
import { type Components, connectedComponents, subgraph } from "./components.ts";
import type { SparseGraph } from "./fuzzy-graph.ts";
import type { UmapSettings } from "./options.ts";
import type { Points } from "./points.ts";
import { spectralCoordinates } from "./spectral.ts";

/** Where a layout starts, and how it came about where that is not what was asked. */
export interface InitialLayout {
  /** Coordinates, each axis from 0 to 10, shape (n, nComponents). */
  readonly embedding: Float32Array;
  /** Why the start differs from plain `init`; undefined where it does not. */
  readonly note?: string;
}

/** Extent of the first layout along each axis, as umap-learn has it. */
const EXTENT = 10;

/** Lays the points out by `settings.init`. */
export function initialLayout(graph: SparseGraph, points: Points, settings: UmapSettings, rng: Rng): InitialLayout {
  const { init, nComponents } = settings;
  if (typeof init === "object") return { embedding: stretched(Float64Array.from(init.data), nComponents) };
  if (init === "random") return { embedding: stretched(randomCoordinates(points.n * nComponents, rng), nComponents) };
  if (init === "pca") return { embedding: jittered(pcaCoordinates(points, nComponents, rng), nComponents, rng) };
  if (points.n <= nComponents + 2) {
    const embedding = stretched(randomCoordinates(points.n * nComponents, rng), nComponents);
    return { embedding, note: `random start: ${points.n} rows are too few for a spectral one` };
  }
  const components = connectedComponents(graph);
  const count = components.members.length;
  if (count === 1) {
    return { embedding: jittered(spectralCoordinates(graph, nComponents, rng), nComponents, rng) };
  }
  return {
    embedding: jittered(componentCoordinates(graph, points, components, nComponents, rng), nComponents, rng),
    note: `the neighbour graph falls into ${count} parts: each got a spectral start of its own, at its place among the principal axes`,
  };
}

function randomCoordinates(length: number, rng: Rng): Float64Array {
  return Float64Array.from({ length }, () => rng.uniform());
}

/** Scores on the principal axes; axes that the data do not have are left at 0. */
function pcaCoordinates(points: Points, nComponents: number, rng: Rng): Float64Array {
  const { n, stride, values } = points;
  return principalScores({ data: Float64Array.from(values), shape: [n, stride] }, nComponents, rng);
}

function principalScores(data: Matrix, nComponents: number, rng: Rng): Float64Array {
  const [n, d] = data.shape;
  const count = Math.min(nComponents, d);
  const { scores } = principalAxes(data, count, rng);
  const out = new Float64Array(n * nComponents);
  for (let row = 0; row < n; row++) {
    for (let j = 0; j < count; j++) out[row * nComponents + j] = scores.data[row * count + j];
  }
  return out;
}

/**
 * Each component around the principal scores of its centroid, as wide as half the way to the nearest other one; a
 * component too small for eigenvectors gets random places there.
 */
function componentCoordinates(
  graph: SparseGraph,
  points: Points,
  components: Components,
  nComponents: number,
  rng: Rng,
): Float64Array {
  const { members, place } = components;
  const centres = principalScores(centroids(points, members), nComponents, rng);
  const out = new Float64Array(points.n * nComponents);
  members.forEach((rows, which) => {
    const range = nearestGap(centres, which, nComponents) / 2;
    const large = rows.length > Math.max(2 * nComponents, nComponents + 2);
    const local = large
      ? spectralCoordinates(subgraph(graph, rows, place), nComponents, rng)
      : Float64Array.from({ length: rows.length * nComponents }, () => 2 * rng.uniform() - 1);
    const scale = range / largestMagnitude(local);
    rows.forEach((row, at) => {
      for (let j = 0; j < nComponents; j++) {
        out[row * nComponents + j] = centres[which * nComponents + j] + scale * local[at * nComponents + j];
      }
    });
  });
  return out;
}

function centroids(points: Points, members: readonly Int32Array[]): Matrix {
  const { values, stride } = points;
  const data = new Float64Array(members.length * stride);
  members.forEach((rows, which) => {
    for (const row of rows) {
      for (let j = 0; j < stride; j++) data[which * stride + j] += values[row * stride + j] / rows.length;
    }
  });
  return { data, shape: [members.length, stride] };
}

/** Distance from one centre to the nearest other one; 1 where they coincide. */
function nearestGap(centres: Float64Array, which: number, nComponents: number): number {
  let least = Infinity;
  for (let other = 0; other * nComponents < centres.length; other++) {
    let sum = 0;
    for (let j = 0; j < nComponents; j++) {
      sum += (centres[which * nComponents + j] - centres[other * nComponents + j]) ** 2;
    }
    if (other !== which && sum > 0 && sum < least) least = sum;
  }
  return least < Infinity ? Math.sqrt(least) : 1;
}

function largestMagnitude(values: Float64Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
}

/** Scales to ±EXTENT, adds a little noise so that no two points coincide, and stretches. */
function jittered(coordinates: Float64Array, nComponents: number, rng: Rng): Float32Array {
  const scale = EXTENT / largestMagnitude(coordinates);
  return stretched(
    coordinates.map((value) => value * scale + 1e-4 * rng.normal()),
    nComponents,
  );
}

/** Moves and scales each axis to 0..EXTENT. */
function stretched(coordinates: Float64Array, nComponents: number): Float32Array {
  const out = new Float32Array(coordinates.length);
  for (let j = 0; j < nComponents; j++) {
    let low = Infinity;
    let high = -Infinity;
    for (let at = j; at < coordinates.length; at += nComponents) {
      low = Math.min(low, coordinates[at]);
      high = Math.max(high, coordinates[at]);
    }
    const scale = high > low ? EXTENT / (high - low) : 0;
    for (let at = j; at < coordinates.length; at += nComponents) out[at] = (coordinates[at] - low) * scale;
  }
  return out;
}
