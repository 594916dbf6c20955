import type { TrainingData } from "../train/open-data";

/** A text as its tokens. */
export interface TokenSample {
  readonly origin: string;
  /** The beginning. */
  readonly text: string;
  /** The first of them. */
  readonly tokens: readonly { readonly token: string; readonly id: number }[];
  /** How many there are in all, before they are cut or filled up. */
  readonly count: number;
}

const mostTokens = 24;
const mostCharacters = 160;

/** What becomes of some texts; none where the inputs are no texts. */
export function tokenSamples({ set, preprocessing: { tokenizer } }: TrainingData, examples: Int32Array): TokenSample[] {
  const { inputs } = set;
  if (!tokenizer || (inputs.kind !== "text" && inputs.kind !== "tokens")) return [];
  return Array.from(examples, (example) => {
    const start = inputs.kind === "tokens" ? (inputs.starts[example] as number) : 0;
    const ids =
      inputs.kind === "text"
        ? tokenizer.encode(inputs.text(example))
        : inputs.tokens.slice(start, start + inputs.length);
    const text = inputs.kind === "text" ? inputs.text(example) : tokenizer.decode(ids);
    return {
      origin: set.origin(example),
      text: Array.from(text).slice(0, mostCharacters).join(""),
      tokens: Array.from(ids.slice(0, mostTokens), (id) => ({ token: tokenizer.tokens[id] ?? "?", id })),
      count: ids.length,
    };
  });
}
