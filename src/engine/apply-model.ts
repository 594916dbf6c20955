import { type OutputActivation, rememberLogits } from "../objectives/logits";
import type { tf } from "../runtime/tf";

/**
 * The model's output for inputs that DeviceStage has seen, `[batch, width]`. Where the last layer ends in a softmax or a
 * sigmoid, losses can find what that was computed from: probabilities of 0 and 1 no longer tell how wrong they are.
 * For use inside tf.tidy.
 */
export function applyModel(model: tf.LayersModel, inputs: tf.Tensor, training: boolean): tf.Tensor {
  const run = () => model.apply(inputs, { training }) as tf.Tensor;
  const last = lastActivation(model);
  if (!last) return run();
  const { host, key, name } = last;
  const activate = host[key] as Activate;
  let logits: tf.Tensor;
  // Computed after the layer, because what is made inside of it is disposed with its tidy.
  host[key] = (x) => x;
  try {
    logits = run();
  } finally {
    host[key] = activate;
  }
  const outputs = activate.call(host, logits);
  rememberLogits(outputs, name, logits);
  return outputs;
}

type Activate = (x: tf.Tensor) => tf.Tensor;

/** The function `host[key]` that makes the outputs of the last layer's numbers. */
interface LastActivation {
  readonly host: Record<string, Activate>;
  readonly key: string;
  readonly name: OutputActivation;
}

function lastActivation(model: tf.LayersModel): LastActivation | undefined {
  const layer = model.outputs[0]?.sourceLayer as unknown as {
    readonly activation?: Record<string, Activate> & { getClassName?(): string };
    getClassName(): string;
  };
  // A softmax layer of its own: over the last axis, the only one that is built.
  if (layer.getClassName() === "Softmax") {
    return { host: layer as unknown as Record<string, Activate>, key: "softmax", name: "softmax" };
  }
  const { activation } = layer;
  const name = activation?.getClassName?.();
  return activation && (name === "softmax" || name === "sigmoid")
    ? { host: activation, key: "apply", name }
    : undefined;
}
