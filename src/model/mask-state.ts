import { tf } from "../runtime/tf";

/** What is known of a tensor's steps: a mask says which of them are padding. */
export interface MaskState {
  /** A mask comes with the tensor. */
  readonly isMasked: boolean;
  /** A mask was there before, and TensorFlow.js still hands it to layers behind, though it is not this tensor's. */
  readonly isStale: boolean;
}

const none: MaskState = { isMasked: false, isStale: false };

/** What is known already: branches that come together again would be walked through many times. */
const known = new WeakMap<tf.SymbolicTensor, MaskState>();

/**
 * Whether `tensor`, in the middle of a model that is being built, comes with a mask. Layers are asked as TensorFlow.js's
 * executor asks them, with a small input of zeros; not to be asked while a step is recorded.
 */
export function maskState(tensor: tf.SymbolicTensor): MaskState {
  const state = known.get(tensor) ?? findState(tensor);
  known.set(tensor, state);
  return state;
}

function findState(tensor: tf.SymbolicTensor): MaskState {
  const layer = tensor.sourceLayer;
  const inputs = tensor.inputs ?? [];
  const before = inputs.map(maskState);
  const isSource = layer.getClassName() === "Masking" || (layer as { maskZero?: boolean }).maskZero === true;
  if (!isSource && before.every((state) => state === none)) return none;
  const isMasked =
    layer.supportsMasking && (isSource || before.some((state) => state.isMasked)) && asks(layer, inputs, before);
  if (isMasked) return { isMasked, isStale: false };
  return { isMasked, isStale: layer.getClassName() !== "DlctlUnmask" };
}

function asks(layer: tf.layers.Layer, inputs: readonly tf.SymbolicTensor[], before: readonly MaskState[]): boolean {
  return tf.tidy(() => {
    const values = inputs.map(({ shape, dtype }) =>
      tf.zeros(
        shape.map((size, axis) => (axis === 0 ? 1 : (size ?? 2))),
        dtype,
      ),
    );
    const masks = values.map(({ shape }, index) => {
      const [batch = 1, steps = 1] = shape;
      return before[index]?.isMasked ? tf.ones([batch, steps], "bool") : (null as unknown as tf.Tensor);
    });
    const mask = layer.computeMask(values, masks) as tf.Tensor | tf.Tensor[] | null;
    return (Array.isArray(mask) ? mask[0] : mask) != null;
  });
}
