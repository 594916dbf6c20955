import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { poolingOver } from "./pooling-over";
import { withoutUndefined } from "./without-undefined";

export const maxPooling2d = defineLayer({
  type: "maxPooling2d",
  description: "The greatest number of each window over images, channel by channel.",
  ...poolingOver.images,
  build: (options) => tf.layers.maxPooling2d(withoutUndefined(options)),
});
