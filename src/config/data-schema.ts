import { z } from "zod";
import { augmentationSchema } from "../data/augmentation-config";
import { preprocessSchema } from "../data/preprocess/preprocess-config";
import { sourceSchemas } from "../data/source-config";
import { splitSchema } from "../data/splits/split-examples";

/** Keys of `data` that every source has beside its own options. */
const commonKeys = {
  split: splitSchema
    .optional()
    .describe(
      "Which part of the examples validates and tests. Without it all train, unless the source has splits of its own.",
    ),
  preprocess: preprocessSchema
    .prefault([])
    .describe(
      "What is done to each input, in this order, in training and prediction alike. It is stored in the model folder.",
    ),
  augment: z
    .array(augmentationSchema)
    .default([])
    .describe("Random changes to training images, in this order; validation, test and prediction see none."),
  cache: z
    .enum(["auto", "memory", "disk", "none"])
    .default("auto")
    .describe(
      "Where decoded and resized images are kept. `auto`: in memory, or on disk when they don't fit, and in the user's cache for later runs. `memory`: for this run only. `disk`: in the user's cache. `none`: each epoch decodes.",
    ),
  onBadFile: z
    .enum(["error", "skip"])
    .default("error")
    .describe(
      "What an image file that can't be read does: end the run and be named, or be left out. skip decodes every image once before training, and lists in the run's skipped.jsonl what it left out.",
    ),
};

/** `data`: what is learned from. */
export const dataSchema = z.discriminatedUnion("source", [
  sourceSchemas["image-folder"].extend(commonKeys),
  // Here `labels` is the file of labels; `labelNames` names the classes (see statedLabels in source-config).
  sourceSchemas.idx.extend({ ...commonKeys, labels: sourceSchemas.idx.shape.labels }),
  sourceSchemas.csv.extend(commonKeys),
  sourceSchemas.text.extend(commonKeys),
]);
