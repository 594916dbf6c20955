import type { tf } from "../../runtime/tf";
import type { TfInitializer } from "../initializers";

type Activation = { apply(x: tf.Tensor): tf.Tensor; getClassName(): string };

/** tfjs's cell of a recurrent layer: what computes one step, and holds the weights. Its fields are private in tfjs's types. */
export interface RecurrentCell extends tf.layers.Layer {
  readonly units: number;
  readonly activation: Activation;
  /** Absent in simpleRNN. */
  readonly recurrentActivation?: Activation;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly kernel: tf.LayerVariable;
  readonly recurrentKernel: tf.LayerVariable;
  readonly bias: tf.LayerVariable | null;
  kernelInitializer: TfInitializer;
  recurrentInitializer: TfInitializer;
  biasInitializer: TfInitializer;
  unitForgetBias?: boolean;
  dropoutFunc?: (ones: tf.Tensor, rate: number) => tf.Tensor;
  dropoutMask: tf.Tensor | tf.Tensor[] | null;
  recurrentDropoutMask: tf.Tensor | tf.Tensor[] | null;
}

/** A recurrent layer of tfjs in one direction. */
export interface RecurrentLayer extends tf.layers.Layer {
  readonly cell: RecurrentCell;
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
}

/** tfjs's wrapper of a recurrent layer and its copy that runs the other way. */
export interface BidirectionalLayer extends tf.layers.Layer {
  readonly forwardLayer: RecurrentLayer;
  readonly backwardLayer: RecurrentLayer;
}

export function isBidirectional(layer: tf.layers.Layer): layer is BidirectionalLayer {
  return layer.getClassName() === "Bidirectional";
}

/** The one or two layers that read the sequence, with what tells their weights' seeds apart. */
export function directionsOf(
  layer: tf.layers.Layer,
): readonly { readonly name: string; readonly rnn: RecurrentLayer }[] {
  if (!isBidirectional(layer)) return [{ name: "", rnn: layer as RecurrentLayer }];
  return [
    { name: "forward/", rnn: layer.forwardLayer },
    { name: "backward/", rnn: layer.backwardLayer },
  ];
}
