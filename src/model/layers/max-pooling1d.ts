import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { poolingOver } from "./pooling-over";
import { withoutUndefined } from "./without-undefined";

export const maxPooling1d = defineLayer({
  type: "maxPooling1d",
  description: "The greatest number of each window over the steps of a sequence, channel by channel.",
  ...poolingOver.steps,
  build: (options) => tf.layers.maxPooling1d(withoutUndefined(options)),
});
