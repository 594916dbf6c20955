import type { ModelFolder } from "../checkpoint/model-folder";
import { modelPreprocessing } from "../checkpoint/model-preprocessing";
import type { Preprocessing } from "../data/preprocess/preprocessing";
import { openKeptProgram } from "../engine/kept-programs/open-kept-program";
import { findInstalledRuntime } from "../runtime/installed-runtime";
import type { DeviceRequest } from "../runtime/start-runtime";
import type { HostTensor } from "../shared/host-tensor";
import type { CommandContext } from "./context";

/** A model that is ready to predict, with the preprocessing of what it is given. */
export interface StartedPredictor {
  readonly preprocessing: Preprocessing;
  /** The model's outputs for a batch, `[batch, ...]`. */
  predict(inputs: HostTensor): Promise<HostTensor<Float32Array>>;
  /** When all is predicted: keeps what makes the next process of this model start sooner. */
  keep(): Promise<void>;
  dispose(): void;
}

interface PredictorWish {
  readonly device?: DeviceRequest | undefined;
  /** How many examples will come, where that is known. */
  readonly examples?: number | undefined;
}

/**
 * Starts what computes the model's outputs, and says in one line what that is and why: on the CPU, the program that was kept of the
 * model, where there is one, else TensorFlow.js on the device that was asked for. The caller disposes it.
 */
export async function startPredictor(
  context: CommandContext,
  folder: ModelFolder,
  wish: PredictorWish,
): Promise<StartedPredictor> {
  const reason = whyCpu(wish.device);
  if (reason === undefined) return startTensorFlow(context, folder, wish);
  const preprocessing = modelPreprocessing(folder);
  const program = openKeptProgram(folder, preprocessing);
  if (!program) return startTensorFlow(context, folder, wish);
  context.note(`device cpu: the model's program, without libtensorflow; ${reason}`);
  let tensorFlow: StartedPredictor | undefined;
  return {
    preprocessing,
    async predict(inputs) {
      try {
        if (!tensorFlow) return program.predict(inputs);
      } catch {
        // What it refuses, TensorFlow refuses with a message that users know.
        tensorFlow = await startTensorFlow(context, folder, wish);
      }
      return tensorFlow.predict(inputs);
    },
    keep: async () => undefined,
    dispose: () => tensorFlow?.dispose(),
  };
}

/** Why the CPU computes, where that can be told without loading libtensorflow; undefined where another device may. */
function whyCpu(device: DeviceRequest = "auto"): string | undefined {
  if (device === "cpu") return "asked for by name";
  return device === "auto" && !findInstalledRuntime("gpu") ? "no gpu runtime is set up" : undefined;
}

async function startTensorFlow(
  context: CommandContext,
  folder: ModelFolder,
  { device, examples }: PredictorWish,
): Promise<StartedPredictor> {
  // TensorFlow.js, and all that needs it, is loaded here and not before.
  const [{ startDevice }, { createPredictor }] = await Promise.all([
    import("./start-device.js"),
    import("../engine/create-predictor.js"),
  ]);
  const runtime = await startDevice(context, device);
  const preprocessing = modelPreprocessing(folder);
  const model = await folder.loadModel();
  const { deviceStage, dtype } = preprocessing;
  const predictor = createPredictor(model, deviceStage, { dtype, examples });
  return {
    preprocessing,
    predict: async (inputs) => predictor.predict(inputs),
    async keep() {
      if (runtime.device !== "cpu") return;
      const { keepProgram } = await import("../engine/kept-programs/keep-program.js");
      const problem = keepProgram({ sum: folder.sum, task: folder.description.task, model, preprocessing });
      if (problem !== undefined && context.isVerbose) context.note(`no program of the model is kept: ${problem}`);
    },
    dispose() {
      predictor.dispose();
      model.dispose();
    },
  };
}
