import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { poolingOver } from "./pooling-over";
import { withoutUndefined } from "./without-undefined";

export const maxPooling3d = defineLayer({
  type: "maxPooling3d",
  description: "The greatest number of each window over volumes, channel by channel.",
  ...poolingOver.volumes,
  build: (options) => tf.layers.maxPooling3d(withoutUndefined(options)),
});
