import { z } from "zod";
import { tf } from "../../runtime/tf";
import { rowsOfTable } from "../costs/embedding";
import { sizeOf } from "../costs/operation";
import { defineLayer } from "./define-layer";
import { LayerProblem } from "./layer-problem";
import { constraint, initializer, regularizer } from "./shared-options";
import { tensorOf } from "./tensor-of";
import { withoutUndefined } from "./without-undefined";

export const embedding = defineLayer({
  type: "embedding",
  description: "A learned vector for each number of a sequence of whole numbers (words, characters).",
  shape: "[batch, steps] -> [batch, steps, outputDim]",
  options: {
    inputDim: z
      .union([z.int().positive(), z.literal("vocabulary")])
      .default("vocabulary")
      .describe(
        'How many numbers there are: inputs are 0 to inputDim - 1; "vocabulary": as many as the text\'s tokens.',
      ),
    outputDim: z.int().positive().describe("Length of the vectors."),
    maskZero: z
      .boolean()
      .default(false)
      .describe("Takes 0 for padding: recurrent layers, attention and average pooling behind it pass over it."),
    embeddingsInitializer: initializer("randomUniform", "vectors"),
    embeddingsRegularizer: regularizer("vectors"),
    embeddingsConstraint: constraint("vectors"),
  },
  inputRank: 2,
  cost: ({ outputDim }, { inputs: [input = []], parameters }) => [
    rowsOfTable({ steps: sizeOf(input), width: outputDim, parameters }),
  ],
  build: ({ outputDim, maskZero, ...options }, context) => {
    const inputDim = options.inputDim === "vocabulary" ? context.vocabulary : options.inputDim;
    if (inputDim === undefined) {
      throw new LayerProblem('"inputDim": "vocabulary" needs text that is tokenized; this data has no vocabulary', {
        hint: "Write how many different numbers the inputs have: the largest one plus 1.",
      });
    }
    return tf.layers.embedding({
      ...{ inputDim, outputDim, maskZero },
      ...withoutUndefined({
        embeddingsInitializer: context.initializer(options.embeddingsInitializer, "embeddings"),
        embeddingsRegularizer: context.regularizer(options.embeddingsRegularizer),
        embeddingsConstraint: context.constraint(options.embeddingsConstraint),
      }),
    });
  },
  equip: (layer) => {
    const table = layer as tf.layers.Layer & { readonly embeddings: tf.LayerVariable };
    layer.call = (inputs) => tf.tidy(() => gatherRows(table.embeddings.read(), tf.cast(tensorOf(inputs), "int32")));
  },
});

/** The rows of `table` by `indices`. tfjs's gradient copies the whole table several times, this one adds up the rows that were used. */
function gatherRows(table: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  const [rows, width] = table.shape as [number, number];
  const compute = tf.customGrad((...given) => {
    const [table, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    const flat = tf.reshape(indices, [indices.size]) as tf.Tensor1D;
    save([flat]);
    return {
      value: tf.reshape(tf.gather(table, flat), [...indices.shape, width]),
      gradFunc: (dy: tf.Tensor, [flat]: tf.Tensor[]) =>
        tf.unsortedSegmentSum(tf.reshape(dy, [flat?.size as number, width]), flat as tf.Tensor1D, rows),
    };
  });
  return compute(table);
}
