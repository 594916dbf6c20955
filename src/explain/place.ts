import { paddingValue } from "../data/series/padding-value";
import { paddingId, unknownId } from "../data/text/tokenizer-record";
import { applyModel } from "../engine/apply-model";
import { uploadTensor } from "../engine/upload-tensor";
import { tf } from "../runtime/tf";
import type { HostTensor } from "../shared/host-tensor";
import { withChangedOutput } from "./change-output";
import type { ExplainedOutput } from "./explanation";
import { scoreOutputs } from "./score-outputs";

/**
 * Where in a model an input is numbers that can be changed a little: the model's input, or behind the embedding of token ids.
 * `value` and `baseline` are `[1, ...]`; whoever asked for the place disposes it.
 */
export interface Place {
  /** What the input is there. */
  readonly value: tf.Tensor;
  /** What it is compared with: an input that says nothing. Equal to the value in padding. */
  readonly baseline: tf.Tensor;
  /** Scores `[batch]` of the model where `values`, `[batch, ...]`, stand there. For use inside tf.tidy. */
  scores(values: tf.Tensor): tf.Tensor1D;
  dispose(): void;
}

export interface PlaceRequest {
  readonly model: tf.LayersModel;
  readonly deviceStage: (inputs: tf.Tensor) => tf.Tensor;
  /** One example as preprocessing gives it, `[1, ...]`. */
  readonly input: HostTensor;
  readonly output: ExplainedOutput;
}

/** The place for an input. Undefined for token ids that go into something else than one embedding. */
export function placeOf(request: PlaceRequest): Place | undefined {
  if (!(request.input.data instanceof Int32Array)) return inputPlace(request);
  const embedding = embeddingOf(request.model);
  return embedding && embeddingPlace(request, embedding);
}

/** Numbers and pixels. The baseline is black pixels, and else 0 behind normalization, which is the mean where data is standardized. */
function inputPlace({ model, deviceStage, input, output }: PlaceRequest): Place {
  const { value, baseline } = tf.tidy(() => {
    const given = uploadTensor(input);
    const value = deviceStage(given);
    if (input.data instanceof Uint8Array) return { value, baseline: deviceStage(tf.zerosLike(given)) };
    // A masked step must stay one: it holds the padding's value.
    const padding = value.equal(paddingValue);
    return { value, baseline: tf.where(padding, value, tf.zerosLike(value)) };
  });
  return {
    value,
    baseline,
    scores: (values) => scoreOutputs(applyModel(model, values, false), output),
    dispose: () => tf.dispose([value, baseline]),
  };
}

/** Token ids. The baseline is a text as long, of unknown tokens alone. */
function embeddingPlace({ model, input, output }: PlaceRequest, embedding: tf.layers.Layer): Place {
  const ids = input.data as Int32Array;
  const nothing = ids.map((id) => (id === paddingId ? paddingId : unknownId));
  const run = (data: Int32Array, batch: number) => {
    const tokens = tf.tensor(data, [...input.shape], "int32");
    return applyModel(model, batch === 1 ? tokens : tokens.tile([batch, 1]), false);
  };
  const embed = (data: Int32Array) =>
    tf.tidy(() => {
      let found: tf.Tensor | undefined;
      withChangedOutput(
        embedding,
        (rows) => {
          // Else it is gone with the model's own tidy.
          found = tf.keep(rows.clone());
          return rows;
        },
        () => run(data, 1),
      );
      return found as tf.Tensor;
    });
  const [value, baseline] = [embed(ids), embed(nothing)];
  return {
    value,
    baseline,
    scores: (values) =>
      withChangedOutput(
        embedding,
        () => values.clone(),
        () => scoreOutputs(run(ids, values.shape[0] ?? 1), output),
      ),
    dispose: () => tf.dispose([value, baseline]),
  };
}

/** The only layer that takes the model's input, where it is an embedding. */
function embeddingOf(model: tf.LayersModel): tf.layers.Layer | undefined {
  const [input] = model.inputs;
  const first = model.layers.filter(({ inboundNodes }) =>
    inboundNodes.some(({ inputTensors }) => inputTensors.some((tensor) => tensor === input)),
  );
  const consumers = first.filter((layer) => layer.getClassName() !== "InputLayer");
  const [only] = consumers;
  return consumers.length === 1 && only?.getClassName() === "Embedding" ? only : undefined;
}
