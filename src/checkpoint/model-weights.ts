import { tf } from "../runtime/tf";
import type { HostTensor } from "../shared/host-tensor";

/** A weight's values with its name, `<layer>/<weight>`, the same however often the model was built in a process. */
export interface NamedTensor extends HostTensor<Float32Array> {
  readonly name: string;
}

/** A copy of all weights, in the model's order. */
export function readModelWeights(model: tf.LayersModel): NamedTensor[] {
  return model.weights.map((weight) => ({
    name: weight.originalName,
    // A copy: on the js device dataSync gives the tensor's own memory.
    data: Float32Array.from(weight.read().dataSync()),
    shape: weight.read().shape,
  }));
}

/**
 * Puts `tensors`, in the model's order and shapes, into the model, bit for bit: constraints are not applied again.
 * Throws RangeError when they are of another model.
 */
export function writeModelWeights(model: tf.LayersModel, tensors: readonly HostTensor<Float32Array>[]): void {
  const { weights } = model;
  if (weights.length !== tensors.length) {
    throw new RangeError(`the model has ${weights.length} weights, and ${tensors.length} are given`);
  }
  weights.forEach((weight, index) => {
    const { data, shape } = tensors[index] as HostTensor<Float32Array>;
    if (String(weight.shape) !== String(shape)) {
      throw new RangeError(`${weight.originalName} is of shape [${weight.shape}], and [${shape}] is given`);
    }
    assignWeight(weight, data);
  });
}

/** Sets one weight without applying its constraint. `data` may be reused afterwards. */
export function assignWeight(weight: tf.LayersModel["weights"][number], data: Float32Array): void {
  tf.tidy(() => {
    // LayerVariable keeps a tf.Variable and gives it out as a Tensor; its own `write` applies the constraint.
    (weight.read() as tf.Variable).assign(tf.tensor(Float32Array.from(data), weight.shape as number[], "float32"));
  });
}
