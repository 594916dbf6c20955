import { adadelta } from "./adadelta";
import { adagrad } from "./adagrad";
import { adam } from "./adam";
import { adamax } from "./adamax";
import { adamw } from "./adamw";
import { momentum } from "./momentum";
import { nadam } from "./nadam";
import { rmsprop } from "./rmsprop";
import { sgd } from "./sgd";

/** Every optimizer: a new one is a file beside this and a line here. */
export const optimizerDefinitions = {
  sgd,
  momentum,
  adagrad,
  adadelta,
  adam,
  adamw,
  adamax,
  nadam,
  rmsprop,
} as const;

export type OptimizerType = keyof typeof optimizerDefinitions;
