import type { ModelFolder } from "../checkpoint/model-folder";
import { modelPreprocessing } from "../checkpoint/model-preprocessing";
import type { Preprocessing } from "../data/preprocess/preprocessing";
import type { DeviceRequest } from "../runtime/start-runtime";
import type { HostTensor } from "../shared/host-tensor";
import type { CommandContext } from "./context";

/** A model that is ready to predict, with the preprocessing of what it is given. */
export interface StartedPredictor {
  readonly preprocessing: Preprocessing;
  /** The model's outputs for a batch, `[batch, ...]`. */
  predict(inputs: HostTensor): HostTensor<Float32Array>;
  dispose(): void;
}

interface PredictorWish {
  readonly device?: DeviceRequest | undefined;
  /** How many examples will come, where that is known. */
  readonly examples?: number | undefined;
}

/** Starts the device that was asked for with the model on it, and says in one line what computes and why. The caller disposes it. */
export async function startPredictor(
  context: CommandContext,
  folder: ModelFolder,
  { device, examples }: PredictorWish,
): Promise<StartedPredictor> {
  // TensorFlow.js, and all that needs it, is loaded here and not before.
  const [{ startDevice }, { createPredictor }] = await Promise.all([
    import("./start-device.js"),
    import("../engine/create-predictor.js"),
  ]);
  await startDevice(context, device);
  const preprocessing = modelPreprocessing(folder);
  const model = await folder.loadModel();
  const { deviceStage, dtype } = preprocessing;
  const predictor = createPredictor(model, deviceStage, { dtype, examples });
  return {
    preprocessing,
    predict: (inputs) => predictor.predict(inputs),
    dispose() {
      predictor.dispose();
      model.dispose();
    },
  };
}
