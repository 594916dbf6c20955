import type { z } from "zod";
import { tf } from "../../runtime/tf";
import type { LayerContext } from "../layers/define-layer";
import type { recurrentOptions } from "../layers/recurrent-options";
import { withoutUndefined } from "../layers/without-undefined";
import { directionsOf, type RecurrentCell } from "./recurrent-layer";

export type RecurrentOptions = z.output<z.ZodObject<typeof recurrentOptions>>;

/** The arguments of a recurrent layer of tfjs that `recurrentOptions` stand for. */
export function recurrentArguments(options: RecurrentOptions, context: LayerContext) {
  const { units, activation, useBias, dropout, recurrentDropout, returnSequences, goBackwards } = options;
  return {
    ...{ units, activation, useBias, dropout, recurrentDropout, returnSequences, goBackwards },
    ...withoutUndefined({
      kernelInitializer: context.initializer(options.kernelInitializer, "kernel"),
      recurrentInitializer: context.initializer(options.recurrentInitializer, "recurrent_kernel"),
      biasInitializer: context.initializer(options.biasInitializer, "bias"),
      kernelRegularizer: context.regularizer(options.kernelRegularizer),
      recurrentRegularizer: context.regularizer(options.recurrentRegularizer),
      biasRegularizer: context.regularizer(options.biasRegularizer),
      kernelConstraint: context.constraint(options.kernelConstraint),
      recurrentConstraint: context.constraint(options.recurrentConstraint),
      biasConstraint: context.constraint(options.biasConstraint),
    }),
  };
}

/** The layer itself, or the pair of it and its copy that runs the other way; weights start from seeds of their own. */
export function inDirections(
  layer: tf.layers.Layer,
  options: RecurrentOptions,
  context: LayerContext,
): tf.layers.Layer {
  const { bidirectional } = options;
  if (bidirectional === false) {
    seedCell(layer, options, context);
    return layer;
  }
  // Its name is part of the weights' names, and tfjs's own has a number that counts all layers of the process.
  layer.name = "layer";
  const mergeMode = bidirectional === true ? "concat" : bidirectional;
  const both = tf.layers.bidirectional({ layer: layer as tf.RNN, mergeMode });
  seedCell(both, options, context);
  return both;
}

/** tfjs makes the two directions from the layer's config, and so with initializers without dlctl's seeds. */
function seedCell(layer: tf.layers.Layer, options: RecurrentOptions, context: LayerContext): void {
  for (const { name, rnn } of directionsOf(layer)) {
    const { cell } = rnn;
    cell.kernelInitializer = context.initializer(options.kernelInitializer, `${name}kernel`);
    cell.recurrentInitializer = context.initializer(options.recurrentInitializer, `${name}recurrent_kernel`);
    cell.biasInitializer = context.initializer(options.biasInitializer, `${name}bias`);
    if (cell.unitForgetBias) startRemembering(cell);
  }
}

/** The forget gate's bias starts at 1 (Jozefowicz et al., 2015). tfjs does the same, and forgets some tensors by it. */
function startRemembering(cell: RecurrentCell): void {
  const { biasInitializer, units } = cell;
  const draw = biasInitializer.apply.bind(biasInitializer);
  biasInitializer.apply = (shape, dtype) =>
    tf.tidy(() => {
      const [first, , last] = tf.split(draw(shape, dtype) as tf.Tensor1D, [units, units, 2 * units]);
      return tf.concat([first as tf.Tensor, tf.ones([units]), last as tf.Tensor]);
    });
  const build = cell.build.bind(cell);
  cell.build = (inputShape) => {
    cell.unitForgetBias = false;
    build(inputShape);
    cell.unitForgetBias = true;
  };
}
