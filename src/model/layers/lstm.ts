import { z } from "zod";
import { tf } from "../../runtime/tf";
import { recurrence, recurrences } from "../costs/recurrence";
import { inDirections, recurrentArguments } from "../recurrent/build-recurrent";
import { equipRecurrent } from "../recurrent/equip-recurrent";
import { defineLayer } from "./define-layer";
import { directionProblem, recurrentActivation, recurrentOptions } from "./recurrent-options";

export const lstm = defineLayer({
  type: "lstm",
  description:
    "Long short-term memory: gates decide what the state takes in, keeps and gives out. Hochreiter and Schmidhuber, 1997.",
  shape: "[batch, steps, features] -> [batch, units], or [batch, steps, units] with returnSequences",
  options: {
    ...recurrentOptions,
    recurrentActivation,
    unitForgetBias: z.boolean().default(true).describe("Starts the forget gate's bias at 1: keep what was seen."),
  },
  inputRank: 3,
  check: directionProblem,
  cost: (options, { inputs: [[steps = 1, features = 1] = []] }) =>
    recurrence({
      ...recurrences.lstm,
      ...{ steps, features, units: options.units, dropout: options.dropout },
      directions: options.bidirectional === false ? 1 : 2,
    }),
  build: (options, context) => {
    const { recurrentActivation, unitForgetBias } = options;
    const layer = tf.layers.lstm({ ...recurrentArguments(options, context), recurrentActivation, unitForgetBias });
    return inDirections(layer, options, context);
  },
  equip: equipRecurrent,
});
