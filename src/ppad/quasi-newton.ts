import { choleskyInto, invertLowerInto } from "../linalg/index.ts";

/** Sufficient decrease (Armijo): the share of the slope's promise that a step must keep. */
const KEPT = 1e-4;
/** Longest step in one coordinate, in units of the latent's prior width. */
const LONGEST = 2;
/** Refused steps in a row before a problem is given up. */
const REFUSALS = 8;
/** What is left of a step when it is refused: where that told nothing of the curvature, and from the second time on. */
const SHORTER = 0.4;
const MUCH_SHORTER = 0.25;

/**
 * Minimises many small smooth problems side by side: BFGS with backtracking, one evaluation of each problem at a time,
 * so that whoever evaluates can do all of them in one batch. A step that is refused is learnt from too: the gradient
 * where it led tells how the function bends on the way. Nothing of size is allocated after construction.
 *
 * @see Nocedal & Wright 2006, Numerical Optimization, algorithm 6.1 and equation 6.20 for the first scaling.
 */
export class QuasiNewton {
  /** Where each problem wants to be evaluated next, shape (problems, size). */
  readonly trial: Float64Array;
  /** Best point of each problem, shape (problems, size), and its value. */
  readonly best: Float64Array;
  readonly value: Float64Array;
  /** 1 for problems that want another evaluation. */
  readonly active: Uint8Array;
  readonly #size: number;
  readonly #gradient: Float64Array;
  readonly #direction: Float64Array;
  /** Inverse Hessians, shape (problems, size, size). */
  readonly #inverse: Float64Array;
  readonly #slope: Float64Array;
  readonly #step: Float64Array;
  readonly #refusals: Uint8Array;
  /** 1 where something is known of the curvature; else the inverse Hessian is the identity. */
  readonly #curved: Uint8Array;
  readonly #change: Float64Array;
  readonly #product: Float64Array;
  readonly #factor: Float64Array;
  readonly #factorInverse: Float64Array;

  constructor(problems: number, size: number) {
    const vectors = () => new Float64Array(problems * size);
    this.#size = size;
    this.trial = vectors();
    this.best = vectors();
    this.value = new Float64Array(problems);
    this.active = new Uint8Array(problems);
    this.#gradient = vectors();
    this.#direction = vectors();
    this.#inverse = new Float64Array(problems * size * size);
    this.#slope = new Float64Array(problems);
    this.#step = new Float64Array(problems);
    this.#refusals = new Uint8Array(problems);
    this.#curved = new Uint8Array(problems);
    this.#change = new Float64Array(size);
    this.#product = new Float64Array(size);
    this.#factor = new Float64Array(size * size);
    this.#factorInverse = new Float64Array(size * size);
  }

  /** Puts a problem at a point, without knowledge of its curvature; it wants to be evaluated there. */
  begin(problem: number, point: ArrayLike<number>, from: number): void {
    const size = this.#size;
    for (let i = 0; i < size; i++) {
      this.trial[problem * size + i] = this.best[problem * size + i] = point[from + i];
      this.#direction[problem * size + i] = 0;
    }
    this.#inverse.fill(0, problem * size * size, (problem + 1) * size * size);
    for (let i = 0; i < size; i++) this.#inverse[problem * size * size + i * (size + 1)] = 1;
    this.#curved[problem] = 0;
    this.value[problem] = Infinity;
    this.#slope[problem] = 0;
    this.#step[problem] = 1;
    this.#refusals[problem] = 0;
    this.active[problem] = 1;
  }

  /**
   * Takes a guess of a problem's Hessian, from whoever knows more than its gradients say: `hessian` + `diagonal` × 1.
   * One that is not positive definite is not taken.
   *
   * @param hessian Its lower triangle is read from `from` on, row by row.
   */
  curve(problem: number, hessian: Float64Array, from: number, diagonal: number): void {
    const size = this.#size;
    const factor = this.#factor;
    for (let i = 0; i < size * size; i++) factor[i] = hessian[from + i]!;
    for (let i = 0; i < size; i++) factor[i * (size + 1)]! += diagonal;
    if (choleskyInto(factor, factor, size) >= 0) return;
    const inverse = invertLowerInto(this.#factorInverse, factor, size);
    const at = problem * size * size;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (let k = Math.max(i, j); k < size; k++) sum += inverse[k * size + i]! * inverse[k * size + j]!;
        this.#inverse[at + i * size + j] = sum;
      }
    }
    this.#curved[problem] = 1;
  }

  /**
   * Takes the value and gradient of a problem at its trial point and chooses the next one.
   *
   * @param gradient Read from `from` on.
   * @param tolerance Decrease that is not worth another evaluation.
   */
  advance(problem: number, value: number, gradient: ArrayLike<number>, from: number, tolerance: number): void {
    const bound = this.value[problem] + KEPT * this.#step[problem] * this.#slope[problem];
    const learnt = this.value[problem] < Infinity && this.#learn(problem, gradient, from);
    if (!(value <= bound)) {
      this.#refuse(problem, learnt, tolerance);
      return;
    }
    const size = this.#size;
    const at = problem * size;
    for (let i = 0; i < size; i++) {
      this.best[at + i] = this.trial[at + i];
      this.#gradient[at + i] = gradient[from + i];
    }
    this.value[problem] = value;
    this.#refusals[problem] = 0;
    this.#aim(problem, tolerance, 1);
  }

  /** Leaves the trial point and chooses another from the best one: a shorter step, in a new direction if one was learnt. */
  #refuse(problem: number, learnt: boolean, tolerance: number): void {
    const times = ++this.#refusals[problem];
    if (times > REFUSALS || this.value[problem] === Infinity) {
      this.active[problem] = 0;
      return;
    }
    this.#aim(problem, tolerance, (learnt ? 1 : SHORTER) * MUCH_SHORTER ** (times - 1));
  }

  #move(problem: number): void {
    const size = this.#size;
    for (let i = problem * size; i < (problem + 1) * size; i++) {
      this.trial[i] = this.best[i] + this.#step[problem] * this.#direction[i];
    }
  }

  /**
   * Points along −H g, no further than LONGEST in any coordinate; rests where that promises less than the tolerance.
   *
   * @param share Of that step to take.
   */
  #aim(problem: number, tolerance: number, share: number): void {
    const size = this.#size;
    const at = problem * size;
    let slope = 0;
    let longest = 0;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum -= this.#inverse[at * size + i * size + j] * this.#gradient[at + j];
      this.#direction[at + i] = sum;
      slope += sum * this.#gradient[at + i];
      longest = Math.max(longest, Math.abs(sum));
    }
    // Without curvature the gradient's length says nothing; the first step is as long as the prior is wide at most.
    const limit = this.#curved[problem] === 0 ? 0.25 : LONGEST;
    this.#slope[problem] = slope;
    this.#step[problem] = share * (longest > limit ? limit / longest : 1);
    if (-0.5 * slope * this.#step[problem] < tolerance) this.active[problem] = 0;
    else this.#move(problem);
  }

  /**
   * H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ, equation 6.17, s being the step from the best point to the trial one.
   *
   * @returns Whether there was a curvature to learn: none where the function bends the other way or is not finite.
   */
  #learn(problem: number, gradient: ArrayLike<number>, from: number): boolean {
    const size = this.#size;
    const at = problem * size;
    const inverse = this.#inverse.subarray(at * size, (at + size) * size);
    const change = this.#change;
    const product = this.#product;
    let sy = 0;
    let yy = 0;
    let ss = 0;
    for (let i = 0; i < size; i++) {
      const y = (change[i] = gradient[from + i] - this.#gradient[at + i]);
      const s = this.trial[at + i] - this.best[at + i];
      sy += s * y;
      yy += y * y;
      ss += s * s;
    }
    if (!(sy > 1e-8 * Math.sqrt(ss * yy))) return false;
    if (this.#curved[problem] === 0) for (let i = 0; i < size; i++) inverse[i * (size + 1)] = sy / yy;
    this.#curved[problem] = 1;
    let yHy = 0;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += inverse[i * size + j] * change[j];
      product[i] = sum;
      yHy += sum * change[i];
    }
    const factor = (1 + yHy / sy) / sy;
    for (let i = 0; i < size; i++) {
      const si = this.trial[at + i] - this.best[at + i];
      for (let j = 0; j < size; j++) {
        const sj = this.trial[at + j] - this.best[at + j];
        inverse[i * size + j] += factor * si * sj - (product[i] * sj + si * product[j]) / sy;
      }
    }
    return true;
  }
}
