import { binaryCrossentropy } from "./binary-crossentropy";
import { binaryFocalCrossentropy } from "./binary-focal-crossentropy";
import { categoricalCrossentropy } from "./categorical-crossentropy";
import { categoricalFocalCrossentropy } from "./categorical-focal-crossentropy";
import { categoricalHinge } from "./categorical-hinge";
import { cosineProximity } from "./cosine-proximity";
import { hinge } from "./hinge";
import { huber } from "./huber";
import { kullbackLeiblerDivergence } from "./kullback-leibler-divergence";
import { logCosh } from "./log-cosh";
import { meanAbsoluteError } from "./mean-absolute-error";
import { meanAbsolutePercentageError } from "./mean-absolute-percentage-error";
import { meanSquaredError } from "./mean-squared-error";
import { meanSquaredLogarithmicError } from "./mean-squared-logarithmic-error";
import { poisson } from "./poisson";
import { sparseCategoricalCrossentropy } from "./sparse-categorical-crossentropy";
import { squaredHinge } from "./squared-hinge";

/** Every loss: a new one is a file beside this and a line here. */
export const lossDefinitions = {
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  binaryCrossentropy,
  categoricalFocalCrossentropy,
  binaryFocalCrossentropy,
  meanSquaredError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredLogarithmicError,
  huber,
  logCosh,
  hinge,
  squaredHinge,
  categoricalHinge,
  poisson,
  kullbackLeiblerDivergence,
  cosineProximity,
} as const;

export type LossType = keyof typeof lossDefinitions;
