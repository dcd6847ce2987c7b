/** What a thread can be asked to do with one index. */
export const TASK = { exit: 0, gradient: 1, latents: 2, evaluate: 3, search: 4 } as const;

/** Words of `RunState.control`; `weights` counts versions of the parameters. */
export const CONTROL = {
  generation: 0,
  task: 1,
  next: 2,
  done: 3,
  count: 4,
  step: 5,
  taken: 6,
  failed: 7,
  group: 8,
  starts: 9,
  weights: 10,
} as const;

/** Numbers of `RunState.settings`: steps, Adam's rate, whether it falls along a cosine, whether to go on. */
export const SETTING = { steps: 0, rate: 1, cosine: 2, resume: 3 } as const;
