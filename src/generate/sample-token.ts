/** How the next token is chosen from a model's logits. */
export interface Sampling {
  /** Logits are divided by it: under 1 likely tokens become likelier; 0 takes the likeliest always. */
  readonly temperature: number;
  /** Only so many of the likeliest tokens may come; all without. */
  readonly topK?: number | undefined;
  /** Only the fewest likeliest tokens that together have this probability may come (Holtzman et al., 2020); all without. */
  readonly topP?: number | undefined;
}

interface Candidate {
  readonly token: number;
  readonly weight: number;
}

/**
 * A token drawn by `draw`, a number from 0 to below 1. `topK` is applied first, then `topP` to what it leaves, as in Hugging Face's
 * transformers; equal tokens count in their order. `banned` tokens never come. Throws RangeError when a logit is NaN or nothing is left.
 */
export function sampleToken(
  logits: Float32Array,
  { temperature, topK, topP }: Sampling,
  draw: number,
  banned: ReadonlySet<number> = new Set(),
): number {
  const ranked = rank(logits, banned);
  const [best] = ranked;
  if (best === undefined) throw new RangeError("there is no token to choose from");
  if (temperature === 0) return best;
  const largest = logits[best] as number;
  const likely = ranked.slice(0, topK ?? ranked.length).map((token): Candidate => {
    return { token, weight: Math.exp(((logits[token] as number) - largest) / temperature) };
  });
  return pick(topP === undefined ? likely : nucleus(likely, topP), draw);
}

/** Tokens from the highest logit down. */
function rank(logits: Float32Array, banned: ReadonlySet<number>): number[] {
  const tokens: number[] = [];
  for (const [token, logit] of logits.entries()) {
    if (Number.isNaN(logit)) throw new RangeError("the model's output is not a number");
    if (!banned.has(token)) tokens.push(token);
  }
  return tokens.sort((a, b) => (logits[b] as number) - (logits[a] as number) || a - b);
}

function nucleus(candidates: readonly Candidate[], topP: number): readonly Candidate[] {
  const wanted = topP * total(candidates);
  let sum = 0;
  const count = candidates.findIndex(({ weight }) => {
    sum += weight;
    return sum >= wanted;
  });
  // Rounding may leave the sum below a share of 1.
  return count < 0 ? candidates : candidates.slice(0, count + 1);
}

function pick(candidates: readonly Candidate[], draw: number): number {
  let left = draw * total(candidates);
  for (const { token, weight } of candidates) {
    left -= weight;
    if (left < 0) return token;
  }
  return (candidates.findLast(({ weight }) => weight > 0) as Candidate).token;
}

function total(candidates: readonly Candidate[]): number {
  return candidates.reduce((sum, { weight }) => sum + weight, 0);
}
