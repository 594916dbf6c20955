import { tf } from "../../runtime/tf";
import type { IncrementalDecoder } from "./incremental-decoder";
import type { LayerStep } from "./layer-step";
import { layerStep } from "./layer-steps";
import { withoutSoftmax } from "./without-softmax";

/**
 * Reads tokens with a language model, which takes int32 `[batch, time]` and gives `[batch, time, vocabulary]`, each step of it for the token that
 * comes next. Stacks of embedding, positions, decoder blocks or causal attention, recurrent layers and whatever works step by
 * step keep what they have computed: the cost of a token stays flat. Others run over all tokens again, padded with token 0 at the end, which is right
 * where no step sees a later one. The model stays the caller's.
 */
export function createDecoder(model: tf.LayersModel): IncrementalDecoder {
  const [, time] = model.inputs[0]?.shape ?? [];
  const steps = stepsOf(model);
  const run = typeof steps === "string" ? rerun(model, time ?? undefined) : cached(model, steps);
  return new Decoder(run, time ?? Number.POSITIVE_INFINITY, typeof steps === "string" ? steps : undefined);
}

/** Computes the logits behind `tokens`, which come after `earlier`. */
interface Run {
  advance(tokens: Int32Array, earlier: readonly number[]): Float32Array;
  reset(): void;
}

class Decoder implements IncrementalDecoder {
  private readonly read: number[] = [];

  constructor(
    private readonly run: Run,
    readonly contextLength: number,
    readonly whyNotCached: string | undefined,
  ) {}

  get length(): number {
    return this.read.length;
  }

  prime(tokens: ArrayLike<number>): Float32Array {
    this.reset();
    return this.advance(Int32Array.from(tokens));
  }

  next(token: number): Float32Array {
    return this.advance(Int32Array.of(token));
  }

  reset(): void {
    this.read.length = 0;
    this.run.reset();
  }

  private advance(tokens: Int32Array): Float32Array {
    if (tokens.length === 0) throw new RangeError("there is no token to begin with");
    if (this.length + tokens.length > this.contextLength) {
      throw new RangeError(`the context holds ${this.contextLength} tokens; these are ${this.length + tokens.length}`);
    }
    const logits = this.run.advance(tokens, this.read);
    for (const token of tokens) this.read.push(token);
    return logits;
  }
}

/** The steps of all layers but the input; why there are none otherwise. */
function stepsOf(model: tf.LayersModel): ReadonlyMap<tf.layers.Layer, LayerStep> | string {
  if (model.outputs[0]?.shape.length !== 3) return "the model's output has no steps";
  const steps = new Map<tf.layers.Layer, LayerStep>();
  for (const layer of model.layers) {
    if (layer.getClassName() === "InputLayer") continue;
    const step = layerStep(layer);
    if (typeof step === "string") return step;
    steps.set(layer, step);
  }
  return steps;
}

function cached(model: tf.LayersModel, steps: ReadonlyMap<tf.layers.Layer, LayerStep>): Run {
  const last = model.outputs[0]?.sourceLayer as tf.layers.Layer;
  return {
    reset: () => {
      for (const step of steps.values()) step.reset();
    },
    advance: (tokens, earlier) => {
      const logits = tf.tidy(() => {
        const outputs = new Map<tf.layers.Layer, tf.Tensor>();
        const input = tf.tensor(tokens, [1, tokens.length], "int32");
        // tfjs lists layers so that each comes after those that it takes.
        for (const layer of model.layers) {
          const sources = layer.inboundNodes[0]?.inboundLayers ?? [];
          const given = sources.map((source) => outputs.get(source) as tf.Tensor);
          const run = () => steps.get(layer)?.advance(given, earlier.length) ?? input;
          outputs.set(layer, layer === last ? withoutSoftmax(layer, run) : run());
        }
        return lastStep(outputs.get(last) as tf.Tensor, tokens.length - 1);
      });
      return fetch(logits);
    },
  };
}

function rerun(model: tf.LayersModel, length: number | undefined): Run {
  const last = model.outputs[0]?.sourceLayer as tf.layers.Layer;
  return {
    reset: () => {},
    advance: (tokens, earlier) => {
      const all = [...earlier, ...tokens];
      const padded = Int32Array.from({ length: length ?? all.length }, (_, step) => all[step] ?? 0);
      const logits = tf.tidy(() => {
        const input = tf.tensor(padded, [1, padded.length], "int32");
        const output = withoutSoftmax(last, () => model.apply(input, { training: false }) as tf.Tensor);
        return output.rank === 3 ? lastStep(output, all.length - 1) : tf.reshape(output, [-1]);
      });
      return fetch(logits);
    },
  };
}

const lastStep = (output: tf.Tensor, step: number) => tf.reshape(tf.slice(output, [0, step, 0], [1, 1, -1]), [-1]);

function fetch(logits: tf.Tensor): Float32Array {
  const values = logits.dataSync() as Float32Array;
  logits.dispose();
  return values;
}
