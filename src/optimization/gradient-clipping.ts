/** By the norm of each gradient, by value, or by the norm of all gradients together. */
export type GradientClipping = { readonly norm: number } | { readonly value: number } | { readonly globalNorm: number };

