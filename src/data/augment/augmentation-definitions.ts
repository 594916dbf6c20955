import { brightness } from "./brightness";
import { contrast } from "./contrast";
import { erasing } from "./erasing";
import { flip } from "./flip";
import { mixup } from "./mixup";
import { randomCrop } from "./random-crop";
import { rotate } from "./rotate";
import { saturation } from "./saturation";
import { shift } from "./shift";
import { zoom } from "./zoom";

/** Every kind of augmentation; a new one is a line here. */
export const augmentationDefinitions = {
  flip,
  rotate,
  shift,
  zoom,
  crop: randomCrop,
  brightness,
  contrast,
  saturation,
  erasing,
  mixup,
} as const;

export type AugmentationType = keyof typeof augmentationDefinitions;
