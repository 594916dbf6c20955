import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { equipAveragePooling } from "./equip-average-pooling";
import { poolingOver } from "./pooling-over";
import { withoutUndefined } from "./without-undefined";

export const averagePooling3d = defineLayer({
  type: "averagePooling3d",
  description:
    "The mean of each window over volumes, channel by channel. Zeros of 'same' padding are left out of the mean.",
  ...poolingOver.volumes,
  build: (options) => tf.layers.averagePooling3d(withoutUndefined(options)),
  equip: equipAveragePooling,
});
