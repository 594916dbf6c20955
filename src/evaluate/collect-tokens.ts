import type { ExampleSet } from "../data/example-set";
import type { Tokenizer } from "../data/text/tokenizer";
import type { CollectedResults, Collector } from "./collector";
import type { Surprise, TokenDetails } from "./evaluation";
import { Highest } from "./highest";
import { bootstrap } from "./resampling/bootstrap";
import { sumsStatistic } from "./resampling/sums-statistic";

const surprisesShown = 10;
/** Tokens shown before one that was not expected. */
const shownBefore = 40;
const most = 200;

/** How the tokens fared that were predicted after so many others. */
interface ContextSums {
  tokens: number;
  nats: number;
}

/** Collects how probable a language model held each token that came, batch by batch. */
export class TokenCollector implements Collector {
  readonly wanted = "targets";
  private readonly contexts: ContextSums[] = [];
  private readonly surprises = new Highest<Surprise>(surprisesShown);
  /** By window: tokens, their nats, how many of them were the likeliest. */
  private readonly windows: Float64Array;
  private done = 0;

  constructor(
    private readonly set: ExampleSet,
    private readonly tokenizer: Tokenizer,
    private readonly options: { readonly count: number; readonly seed: number },
  ) {
    this.windows = new Float64Array(3 * options.count);
  }

  /** `targets` is `[examples, steps]`, `outputs` `[examples, steps, 2]`. */
  add(examples: Int32Array, targets: ArrayLike<number>, outputs: Float32Array): void {
    const steps = targets.length / examples.length;
    for (const [index, example] of examples.entries()) {
      const window = 3 * this.done++;
      for (let step = 0; step < steps; step++) {
        const position = index * steps + step;
        const target = targets[position] ?? -1;
        if (target < 0) continue;
        const nats = outputs[2 * position] as number;
        this.windows[window] = (this.windows[window] as number) + 1;
        this.windows[window + 1] = (this.windows[window + 1] as number) + nats;
        this.windows[window + 2] = (this.windows[window + 2] as number) + (outputs[2 * position + 1] as number);
        // Doubling: 1, 2 to 3, 4 to 7 tokens read, ...
        const context = 31 - Math.clz32(step + 1);
        this.contexts[context] ??= { tokens: 0, nats: 0 };
        const sums = this.contexts[context];
        sums.tokens++;
        sums.nats += nats;
        this.surprises.offer(nats, () => this.surprise(example, step, target, nats));
      }
    }
  }

  private surprise(example: number, step: number, target: number, nats: number): Surprise {
    const { inputs } = this.set;
    const start = inputs.kind === "tokens" ? (inputs.starts[example] ?? 0) : 0;
    const read = inputs.kind === "tokens" ? inputs.tokens.subarray(start, start + step + 1) : new Int32Array();
    return {
      origin: `${this.set.origin(example)}, token ${step + 2}`,
      example,
      before: Array.from(this.tokenizer.decode(read.slice(-shownBefore)))
        .slice(-most)
        .join(""),
      token: this.tokenizer.tokens[target] ?? "",
      probability: Math.exp(-nats),
    };
  }

  results(): CollectedResults {
    const { windows, options } = this;
    const statistic = sumsStatistic({
      names: ["perplexity", "bitsPerToken", "accuracy"].map((figure) => ({ figure, target: null })),
      units: options.count,
      width: 3,
      add(window, sums) {
        for (let at = 0; at < 3; at++) sums[at] = (sums[at] as number) + (windows[3 * window + at] as number);
      },
      figures([tokens = 0, nats = 0, hits = 0], values) {
        values[0] = Math.exp(nats / tokens);
        values[1] = nats / tokens / Math.LN2;
        values[2] = hits / tokens;
      },
    });
    const [, bitsPerToken, accuracy] = statistic.figures.map(({ value }) => value) as [number, number, number];
    return {
      details: {
        kind: "tokens",
        tokens: this.contexts.reduce((sum, { tokens }) => sum + tokens, 0),
        bitsPerToken,
        accuracy,
        byContext: this.byContext(),
        surprises: this.surprises.all,
      },
      confidence: bootstrap([statistic], { unit: "window", units: options.count, seed: options.seed }),
    };
  }

  private byContext(): TokenDetails["byContext"] {
    return this.contexts.flatMap((sums, context) => {
      if (!sums) return [];
      const { tokens, nats } = sums;
      return [{ from: 2 ** context, to: 2 ** (context + 1) - 1, tokens, natsPerToken: nats / tokens }];
    });
  }
}
