import { tf } from "../../runtime/tf";
import { defineLayer } from "./define-layer";
import { equipAveragePooling } from "./equip-average-pooling";
import { poolingOver } from "./pooling-over";
import { withoutUndefined } from "./without-undefined";

export const averagePooling2d = defineLayer({
  type: "averagePooling2d",
  description:
    "The mean of each window over images, channel by channel. Zeros of 'same' padding are left out of the mean.",
  ...poolingOver.images,
  build: (options) => tf.layers.averagePooling2d(withoutUndefined(options)),
  equip: equipAveragePooling,
});
