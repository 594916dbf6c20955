/** Keras's `epsilon()`: probabilities are clipped to [1e-7, 1 - 1e-7] before their logarithm is taken. */
export const probabilityEpsilon = 1e-7;
