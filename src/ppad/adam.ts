/** Decay of Adam's first moment. */
export const BETA1 = 0.9;
/** Decay of Adam's second moment. */
export const BETA2 = 0.999;
/** What Adam adds to the root of the second moment. */
export const EPSILON = 1e-8;
