import type { DeviceStage } from "../data/device-stage";
import { currentNativeBackend } from "../runtime/load-native";
import type { tf } from "../runtime/tf";
import type { HostTensor } from "../shared/host-tensor";
import { applyModel } from "./apply-model";
import { compileFunction } from "./graph/compile-function";
import { NotRecordableError } from "./graph/record";
import { namedWeights } from "./graph/record-step";
import { predictBatch } from "./predict-batch";

/** Runs a model whose weights no longer change. */
export interface Predictor {
  /** The model's outputs for a batch, `[batch, ...]`; see `predictBatch`. */
  predict(inputs: HostTensor): HostTensor<Float32Array>;
  /** Frees what was compiled; not the model. */
  dispose(): void;
}

/** From this many examples on, compiling takes less time than it saves. */
const worthCompiling = 256;

/**
 * A predictor for about `examples` examples: compiled where that pays and can be done, else op by op; the outputs are the
 * same up to float32's rounding.
 */
export function createPredictor(
  model: tf.LayersModel,
  deviceStage: DeviceStage,
  { dtype, examples }: { readonly dtype: "uint8" | "float32" | "int32"; readonly examples: number },
): Predictor {
  const eager = { predict: (inputs: HostTensor) => predictBatch(model, deviceStage, inputs), dispose: () => undefined };
  const backend = currentNativeBackend();
  if (!backend || examples < worthCompiling) return eager;
  try {
    const shape = model.inputs[0]?.shape.slice(1) ?? [];
    const compiled = compileFunction(backend, { inputs: { dtype, shape } }, namedWeights(model), ({ inputs }) => ({
      outputs: applyModel(model, deviceStage(inputs as tf.Tensor), false).toFloat(),
    }));
    return {
      predict: (inputs) => compiled.run({ inputs }).outputs as HostTensor<Float32Array>,
      dispose: () => compiled.close(),
    };
  } catch (error) {
    if (error instanceof NotRecordableError) return eager;
    throw error;
  }
}
