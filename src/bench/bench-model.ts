import { readModelFolder } from "../checkpoint/model-folder";
import { modelPreprocessing } from "../checkpoint/model-preprocessing";
import { type BenchFigures, type BenchOptions, peakMemory } from "./bench";
import { madeUpInputs } from "./made-up-inputs";
import { measurePrediction } from "./measure-prediction";

/** Steps of a sequence where the model takes any number. */
const assumedSteps = 64;

/** Measures how fast a trained model predicts made-up inputs. Throws ModelFolderError. */
export async function benchModel(path: string, { onPart, ...options }: BenchOptions): Promise<BenchFigures> {
  onPart("loading the model");
  const folder = await readModelFolder(path);
  const { deviceStage, dtype, shape, vocabulary, record } = modelPreprocessing(folder);
  const model = await folder.loadModel();
  try {
    const sizes = shape.map((size) => size ?? assumedSteps);
    onPart("predicting");
    const prediction = await measurePrediction(
      {
        model,
        deviceStage,
        dtype,
        inputs: async (batchSize) => madeUpInputs({ dtype, shape: [batchSize, ...sizes], below: vocabulary }),
      },
      options,
    );
    return {
      name: folder.description.name,
      parameters: model.countParams(),
      inputShape: shape,
      inputKind: record.kind,
      notes: shape.includes(null)
        ? [`inputs made up of ${assumedSteps} steps`]
        : ["made-up inputs of the model's shape"],
      data: null,
      training: null,
      prediction,
      peakMemoryBytes: peakMemory(),
    };
  } finally {
    model.dispose();
  }
}
