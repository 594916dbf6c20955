import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { equipAveragePooling } from "./equip-average-pooling";
import { poolingOver } from "./pooling-over";
import { withoutUndefined } from "./without-undefined";

export const averagePooling1d = defineLayer({
  type: "averagePooling1d",
  description:
    "The mean of each window over the steps of a sequence, channel by channel. Zeros of 'same' padding are left out of the mean.",
  ...poolingOver.steps,
  build: (options) => tf.layers.averagePooling1d(withoutUndefined(options)),
  equip: equipAveragePooling,
});
