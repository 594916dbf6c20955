import { deriveSeed } from "../shared/derive-seed";

/** Seed of what a layer draws in training (dropout, noise). */
export const layerSeed = (seed: number, layer: string) => deriveSeed(seed, "layer", layer);

/** Seed of a weight's first values. */
export const weightSeed = (seed: number, layer: string, weight: string) => deriveSeed(seed, "weight", layer, weight);
