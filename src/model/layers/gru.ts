import { z } from "zod";
import { tf } from "../../runtime/tf";
import { recurrence, recurrences } from "../costs/recurrence";
import { gruClass } from "../custom-layers/gru";
import { inDirections, recurrentArguments } from "../recurrent/build-recurrent";
import { equipRecurrent } from "../recurrent/equip-recurrent";
import { defineLayer } from "./define-layer";
import { directionProblem, recurrentActivation, recurrentOptions } from "./recurrent-options";

export const gru = defineLayer({
  type: "gru",
  description:
    "Gated recurrent unit: one gate decides what the state keeps, another what it forgets first. Cho et al., 2014.",
  shape: "[batch, steps, features] -> [batch, units], or [batch, steps, units] with returnSequences",
  options: {
    ...recurrentOptions,
    recurrentActivation,
    resetAfter: z
      .boolean()
      .default(true)
      .describe(
        "Applies the reset gate after the product with the state (Keras's way, which is faster) or before it. TensorFlow.js has a layer for the latter only.",
      ),
  },
  inputRank: 3,
  check: directionProblem,
  cost: (options, { inputs: [[steps = 1, features = 1] = []] }) =>
    recurrence({
      ...recurrences.gru,
      ...{ steps, features, units: options.units, dropout: options.dropout },
      directions: options.bidirectional === false ? 1 : 2,
    }),
  build: (options, context) => {
    const { recurrentActivation, resetAfter } = options;
    const given = { ...recurrentArguments(options, context), recurrentActivation };
    const layer = resetAfter ? new (gruClass())(given) : tf.layers.gru(given);
    return inDirections(layer, options, context);
  },
  equip: equipRecurrent,
});
