/** What a kind of layer is for, roughly: what a diagram colours by. */
export type LayerFamily =
  | "input"
  | "weights"
  | "recurrence"
  | "attention"
  | "normalization"
  | "merge"
  | "shape"
  | "other";

/** By the kind's name as configs have it, or by tfjs's class name; the first that fits. */
const families: readonly (readonly [LayerFamily, RegExp])[] = [
  ["input", /^input$/],
  ["attention", /attention|encoderBlock|decoderBlock/i],
  ["recurrence", /rnn|lstm|gru|bidirectional/i],
  ["normalization", /normalization|dropout|noise/i],
  ["merge", /^(add|average|concatenate|dot|maximum|minimum|multiply)$/i],
  ["weights", /conv|dense|embedding/i],
  ["shape", /pooling|flatten|reshape|permute|repeatVector|upSampling|padding|cropping|takeStep|classToken/i],
];

export function layerFamily(type: string): LayerFamily {
  return families.find(([, pattern]) => pattern.test(type))?.[0] ?? "other";
}
