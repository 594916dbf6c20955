import { tf } from "../../runtime/tf";
import { recurrence, recurrences } from "../costs/recurrence";
import { inDirections, recurrentArguments } from "../recurrent/build-recurrent";
import { equipRecurrent } from "../recurrent/equip-recurrent";
import { defineLayer } from "./define-layer";
import { directionProblem, recurrentOptions } from "./recurrent-options";

export const simpleRNN = defineLayer({
  type: "simpleRNN",
  description: "A state that each step of a sequence is mixed into. Elman, 1990.",
  shape: "[batch, steps, features] -> [batch, units], or [batch, steps, units] with returnSequences",
  options: recurrentOptions,
  inputRank: 3,
  check: directionProblem,
  cost: (options, { inputs: [[steps = 1, features = 1] = []] }) =>
    recurrence({
      ...recurrences.simpleRNN,
      ...{ steps, features, units: options.units, dropout: options.dropout },
      directions: options.bidirectional === false ? 1 : 2,
    }),
  build: (options, context) =>
    inDirections(tf.layers.simpleRNN(recurrentArguments(options, context)), options, context),
  equip: equipRecurrent,
});
