/** Red, green, blue, 0 to 255, and how much of it is laid over what is below, 0 to 1. */
export type Tint = readonly [red: number, green: number, blue: number, share: number];

/**
 * The colour of an importance from -1 to 1: yellow to red for what speaks for the output, blue for what speaks against it; nothing
 * at 0.
 */
export function heatColour(importance: number): Tint {
  const strength = Math.min(1, Math.abs(importance));
  const share = 0.85 * strength ** 0.7;
  if (importance < 0) return [40, 105, 235, share];
  return [250 - 40 * strength, 205 - 185 * strength, 50 - 10 * strength, share];
}

/** What importances are divided by so that they are from -1 to 1: the largest, or of many, one that few are beyond. */
export function heatScale(values: Float32Array): number {
  const sizes = values.map(Math.abs).sort();
  const place = sizes.length > 400 ? Math.floor(0.995 * (sizes.length - 1)) : sizes.length - 1;
  return (sizes[place] ?? 0) || (sizes.at(-1) ?? 0) || 1;
}
