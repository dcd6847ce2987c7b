import { invertPositive, solvePositive } from "./small-matrix.ts";

/** A bounded problem: residuals whose squares sum to what is minimised. */
export interface LeastSquares {
  /** Residuals at a point; NaN anywhere counts as infinitely bad. */
  residuals(point: readonly number[]): Float64Array;
  readonly start: readonly number[];
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/** How long to try, and who watches. */
export interface MinimiseOptions {
  /** Relative change of the statistic that ends the search. Default 1e-9. */
  readonly tolerance?: number;
  /** Evaluations of the residuals at most. Default 2000. */
  readonly maxEvaluations?: number;
  /** Called after each accepted step. Default: none. */
  readonly onStep?: (evaluations: number, statistic: number) => void;
  /** Asked after each step; true ends the search with what there is. Default: never. */
  readonly stopped?: () => boolean;
}

/** Where a search ended. */
export interface Minimum {
  readonly point: number[];
  readonly statistic: number;
  readonly evaluations: number;
  readonly converged: boolean;
}

const sumOfSquares = (values: Float64Array) => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return Number.isNaN(sum) ? Infinity : sum;
};

/**
 * Bounded Levenberg–Marquardt with Marquardt's scaling, followed by Nelder–Mead from its end and Levenberg–Marquardt
 * again, until a round gains less than the tolerance: the simplex leaves the false ends (a bound, a valley floor that
 * bends) where the first alone stops.
 */
export function minimise(problem: LeastSquares, options: MinimiseOptions = {}): Minimum {
  const { tolerance = 1e-9, maxEvaluations = 2000 } = options;
  let best = levenbergMarquardt(problem, { ...options, tolerance, maxEvaluations });
  let evaluations = best.evaluations;
  for (let round = 0; round < 5 && evaluations < maxEvaluations && !options.stopped?.(); round++) {
    const left = { ...options, tolerance, maxEvaluations: maxEvaluations - evaluations };
    const simplex = nelderMead(startingAt(problem, best.point), { ...left, tolerance: Math.max(tolerance, 1e-7) });
    const polished = levenbergMarquardt(startingAt(problem, simplex.point), left);
    evaluations += simplex.evaluations + polished.evaluations;
    const gain = best.statistic - polished.statistic;
    if (gain > 0) best = polished;
    if (!(gain > 1e-6 * Math.max(1, Math.abs(best.statistic)))) break;
  }
  return { ...best, evaluations };
}

/** The same problem from another start; a spread would lose an instance's getters. */
function startingAt(problem: LeastSquares, start: readonly number[]): LeastSquares {
  return { residuals: (point) => problem.residuals(point), start, min: problem.min, max: problem.max };
}

/** Derivatives of the residuals by forward differences, backward at an upper bound; shape (nParameters, nResiduals). */
function jacobian(problem: LeastSquares, point: readonly number[], at: Float64Array): Float64Array[] {
  return point.map((value, index) => {
    const span = problem.max[index] - problem.min[index];
    const size = 1e-6 * Math.max(Math.abs(value), Math.min(1e-4 * span, 1e-2));
    const step = value + size > problem.max[index] ? -size : size;
    const moved = [...point];
    moved[index] = value + step;
    const there = problem.residuals(moved);
    return there.map((residual, i) => (residual - at[i]) / step);
  });
}

/** Bounded Levenberg–Marquardt: parameters held by a bound that the gradient presses against take no part in a step. */
export function levenbergMarquardt(problem: LeastSquares, options: MinimiseOptions = {}): Minimum {
  const { tolerance = 1e-9, maxEvaluations = 2000 } = options;
  let point = problem.start.map((value, i) => Math.min(problem.max[i], Math.max(problem.min[i], value)));
  let residuals = problem.residuals(point);
  let statistic = sumOfSquares(residuals);
  let evaluations = 1;
  let lambda = 1e-3;
  let converged = point.length === 0;
  while (!converged && evaluations < maxEvaluations && !options.stopped?.()) {
    const derivative = jacobian(problem, point, residuals);
    evaluations += point.length;
    const gradient = derivative.map((row) => row.reduce((sum, value, i) => sum + value * residuals[i], 0));
    const free = point
      .map((_, i) => i)
      .filter(
        (i) => !(point[i] <= problem.min[i] && gradient[i] > 0) && !(point[i] >= problem.max[i] && gradient[i] < 0),
      )
      .filter((i) => derivative[i].some((value) => value !== 0));
    if (free.length === 0) {
      converged = true;
      break;
    }
    const normal = free.map((i) => free.map((j) => dot(derivative[i], derivative[j])));
    let accepted = false;
    while (!accepted && lambda < 1e12 && evaluations < maxEvaluations) {
      const damped = normal.map((row, i) => row.map((value, j) => (i === j ? value * (1 + lambda) : value)));
      const step = solvePositive(
        damped,
        free.map((i) => -gradient[i]),
      );
      if (step) {
        const candidate = [...point];
        free.forEach((i, k) => {
          candidate[i] = Math.min(problem.max[i], Math.max(problem.min[i], point[i] + step[k]));
        });
        const there = problem.residuals(candidate);
        const value = sumOfSquares(there);
        evaluations++;
        if (value <= statistic) {
          converged = statistic - value <= tolerance * Math.max(1e-3, statistic);
          point = candidate;
          residuals = there;
          statistic = value;
          accepted = true;
          lambda = Math.max(lambda / 10, 1e-12);
          options.onStep?.(evaluations, statistic);
        }
      }
      if (!accepted) lambda *= 10;
    }
    if (!accepted) converged = true;
  }
  return { point, statistic, evaluations, converged };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Bounded Nelder–Mead with the usual coefficients; points outside the bounds are moved onto them. */
export function nelderMead(problem: LeastSquares, options: MinimiseOptions = {}): Minimum {
  const { tolerance = 1e-7, maxEvaluations = 2000 } = options;
  const n = problem.start.length;
  let evaluations = 0;
  const clamp = (point: readonly number[]) =>
    point.map((value, i) => Math.min(problem.max[i], Math.max(problem.min[i], value)));
  const vertex = (raw: readonly number[]) => {
    const point = clamp(raw);
    evaluations++;
    return { point, value: sumOfSquares(problem.residuals(point)) };
  };
  const simplex = [vertex(problem.start)];
  for (let i = 0; i < n; i++) {
    const moved = [...problem.start];
    const step = 0.05 * Math.max(Math.abs(moved[i]), 1e-3 * Math.min(1, problem.max[i] - problem.min[i]));
    moved[i] += moved[i] + step > problem.max[i] ? -step : step;
    simplex.push(vertex(moved));
  }
  let converged = n === 0;
  while (!converged && evaluations < maxEvaluations && !options.stopped?.()) {
    simplex.sort((a, b) => a.value - b.value);
    const worst = simplex[n];
    if (worst.value - simplex[0].value <= tolerance * Math.max(1e-3, Math.abs(simplex[0].value))) {
      converged = true;
      break;
    }
    const centre = problem.start.map((_, i) => simplex.slice(0, n).reduce((sum, { point }) => sum + point[i], 0) / n);
    const along = (factor: number) => vertex(centre.map((value, i) => value + factor * (worst.point[i] - value)));
    const reflected = along(-1);
    if (reflected.value < simplex[0].value) {
      const expanded = along(-2);
      simplex[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[n - 1].value) {
      simplex[n] = reflected;
    } else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[n] = contracted;
      else {
        const { point: target } = simplex[0];
        for (let k = 1; k <= n; k++) {
          simplex[k] = vertex(simplex[k].point.map((value, i) => target[i] + 0.5 * (value - target[i])));
        }
      }
    }
  }
  simplex.sort((a, b) => a.value - b.value);
  return { point: simplex[0].point, statistic: simplex[0].value, evaluations, converged };
}

/**
 * Covariance at a minimum: 2 H⁻¹ with H the statistic's Hessian by central differences, for which Δ(statistic) = 1 is
 * one standard deviation. Where H is not positive (a bound, a degenerate pair), the Gauss–Newton matrix takes its
 * place; undefined where that is singular too.
 */
export function covarianceAt(problem: LeastSquares, point: readonly number[]): number[][] | undefined {
  const residuals = problem.residuals(point);
  const derivative = jacobian(problem, point, residuals);
  const normal = derivative.map((a) => derivative.map((b) => dot(a, b)));
  const statistic = (at: readonly number[]) => sumOfSquares(problem.residuals(at));
  // Steps that change the statistic by about 0.1, kept inside the bounds.
  const step = point.map((value, i) => {
    const room = 0.5 * Math.min(value - problem.min[i], problem.max[i] - value);
    return Math.min(Math.sqrt(0.1 / Math.max(normal[i][i], 1e-300)), room);
  });
  if (step.every((size) => size > 0)) {
    const centre = sumOfSquares(residuals);
    const shifted = (i: number, a: number, j: number, b: number) => {
      const at = [...point];
      at[i] += a * step[i];
      at[j] += b * step[j];
      return statistic(at);
    };
    const hessian = point.map((_, i) =>
      point.map((_, j) =>
        i === j
          ? (shifted(i, 0.5, i, 0.5) + shifted(i, -0.5, i, -0.5) - 2 * centre) / step[i] ** 2
          : (shifted(i, 1, j, 1) + shifted(i, -1, j, -1) - shifted(i, 1, j, -1) - shifted(i, -1, j, 1)) /
            (4 * step[i] * step[j]),
      ),
    );
    const exact = invertPositive(hessian.map((row) => row.map((value) => value / 2)));
    if (exact) return exact;
  }
  return invertPositive(normal);
}
