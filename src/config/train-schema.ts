import { z } from "zod";
import { lossSchema } from "../objectives/loss-config";
import { metricSchema } from "../objectives/metric-config";
import { gradientClippingSchema } from "../optimization/gradient-clipping";
import { optimizerSchema } from "../optimization/optimizer-config";
import { scheduleSchema } from "../optimization/schedule-config";
import { precisions } from "../runtime/precision";

const earlyStoppingSchema = z
  .strictObject({
    monitor: z
      .string()
      .min(1)
      .default("val_loss")
      .describe("What is watched: `loss`, a metric's name, or either with `val_` before it."),
    patience: z.int().positive().default(5).describe("Training stops after this many epochs without a better value."),
    minDelta: z.number().min(0).default(0).describe("A change smaller than this is no improvement."),
    mode: z
      .enum(["auto", "min", "max"])
      .default("auto")
      .describe("Whether lower or higher is better; auto knows by the name."),
    restoreBest: z
      .boolean()
      .default(true)
      .describe("The saved weights are those of the best epoch, even if training ran to its end."),
    startEpoch: z.int().positive().optional().describe("Epochs before this one are not watched."),
  })
  .describe("Ends training when it no longer improves.");

const checkpointsSchema = z
  .strictObject({
    everyEpochs: z.int().positive().default(1).describe("Epochs between two checkpoints."),
    keepLast: z.int().positive().default(2).describe("How many of the newest are kept, beside the best."),
  })
  .describe("What `dlctl train --resume` goes on from.");

const classWeightsSchema = z
  .union([z.literal("balanced"), z.record(z.string(), z.number().positive())])
  .describe(
    "Weight of each class in the loss: by label, 1 for a label not named; `balanced` weighs by how rare it is, examples / (classes * its examples).",
  );

const tensorBoardSchema = z
  .strictObject({
    histograms: z
      .int()
      .nonnegative()
      .default(1)
      .describe("Epochs between two histograms of each weight; 0 writes none."),
    gradients: z
      .boolean()
      .default(false)
      .describe("With each histogram of a weight one of its gradient, of one batch that is computed once more."),
    images: z
      .int()
      .min(0)
      .max(64)
      .default(4)
      .describe("Pictures of the first batch as training sees them, after augmentation; 0 writes none."),
    graph: z.boolean().default(true).describe("The stack of layers, for the graph tab."),
  })
  .describe("What TensorBoard shows beside the curves.");

const mlflowSchema = z
  .strictObject({
    uri: z
      .url({ protocol: /^https?$/ })
      .refine((uri) => !/^\w+:\/\/[^/]*@/.test(uri), "has a name or a password in it: these come from the environment")
      .optional()
      .describe("Address of the tracking server; that of `MLFLOW_TRACKING_URI` by default."),
    experiment: z.string().min(1).default("Default").describe("Name of the experiment; made where it is not there."),
  })
  .describe(
    "Logs the run to MLflow, with the credentials of `MLFLOW_TRACKING_TOKEN`, or of `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`.",
  );

/** `train`: how it is learned. */
export const trainSchema = z.strictObject({
  epochs: z.int().positive().default(10).describe("How often all training examples are seen."),
  batchSize: z.int().positive().default(32).describe("Examples in one update of the weights."),
  optimizer: optimizerSchema
    .prefault("adam")
    .describe("How the weights follow the gradient: a name, or an object with its options."),
  loss: lossSchema
    .optional()
    .describe(
      "What is minimized. By default: categoricalCrossentropy for classes, binaryCrossentropy for a single sigmoid unit, meanSquaredError for values.",
    ),
  metrics: z
    .array(metricSchema)
    .optional()
    .describe(
      "What is measured beside the loss. By default: accuracy for classes, meanAbsoluteError for values, perplexity for a language model.",
    ),
  validationSplit: z.number().gt(0).lt(1).optional().describe("Another spelling of `data.split.validation`."),
  schedule: scheduleSchema.optional().describe("How the learning rate changes; constant by default."),
  gradientClipping: gradientClippingSchema.optional().describe("Keeps gradients from growing too large."),
  classWeights: classWeightsSchema.optional(),
  earlyStopping: earlyStoppingSchema.optional(),
  keep: z.enum(["last", "best"]).default("last").describe("Which epoch's weights are saved at the end."),
  monitor: z
    .string()
    .min(1)
    .optional()
    .describe("What `best` means: `val_loss` by default, or `loss` without validation data."),
  checkpoints: checkpointsSchema.prefault({}),
  engine: z
    .enum(["auto", "graph", "eager"])
    .default("auto")
    .describe("How steps are executed: compiled to one TensorFlow graph, or op by op; auto compiles where it can."),
  device: z
    .union([
      z.enum(["auto", "gpu", "cpu", "js"]),
      z.templateLiteral(["gpu:", z.int()], { error: '"gpu:" with a number' }),
    ])
    .default("auto")
    .describe(
      "What computes; auto takes the first of gpu, cpu and js that is there, `gpu:1` is the second GPU. `--device` overrides it.",
    ),
  precision: z
    .enum(precisions)
    .optional()
    .describe(
      "What products of matrices and convolutions are computed in while training: `float16` and `bfloat16` are half as large, `tf32` rounds float32 on its way into a product. Weights, losses and sums stay float32. By default a GPU's tf32 where it has it, else float32.",
    ),
  gpuMemoryMB: z
    .int()
    .positive()
    .optional()
    .describe("As much memory of a GPU is used at most; it grows as needed, up to all of it, by default."),
  threads: z
    .int()
    .positive()
    .optional()
    .describe("Threads inside one operation of the cpu device; one for each core by default."),
  tensorBoard: z
    .union([z.boolean(), tensorBoardSchema])
    .default(true)
    .describe("Writes TensorBoard events into the model folder's `run/`; an object says which."),
  mlflow: mlflowSchema.optional(),
});

/** What `train.tensorBoard` asks for; undefined where it asks for nothing. */
export function tensorBoardOptions(
  setting: z.output<typeof trainSchema>["tensorBoard"],
): z.output<typeof tensorBoardSchema> | undefined {
  if (setting === false) return undefined;
  return setting === true ? tensorBoardSchema.parse({}) : setting;
}
