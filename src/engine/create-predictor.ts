import type { DeviceStage } from "../data/device-stage";
import { currentNativeBackend } from "../runtime/load-native";
import type { NativeBackend } from "../runtime/native-backend";
import { nativeBackend } from "../runtime/native-ops";
import type { tf } from "../runtime/tf";
import type { HostTensor } from "../shared/host-tensor";
import { applyModel } from "./apply-model";
import { compileFunction } from "./graph/compile-function";
import { NotRecordableError } from "./graph/record";
import { namedWeights } from "./graph/record-step";
import { predictBatch } from "./predict-batch";
import { compileProgram } from "./program/compile-program";

/** Runs a model whose weights no longer change. */
export interface Predictor {
  /** The model's outputs for a batch, `[batch, ...]`; see `predictBatch`. */
  predict(inputs: HostTensor): HostTensor<Float32Array>;
  /** Frees what was compiled; not the model. */
  dispose(): void;
}

interface PredictorOptions {
  readonly dtype: "uint8" | "float32" | "int32";
  /** How many examples will come, as far as that is known. */
  readonly examples?: number | undefined;
}

/** From this many examples on, compiling takes less time than it saves. */
export const worthCompiling = 256;

/**
 * A predictor that compiles the model where that pays and can be done, at once or when as many examples have come as make it pay: to
 * a program, which needs no TensorFlow, else to one of TensorFlow's graphs; else it runs op by op. The outputs are the same up to float32's
 * rounding.
 */
export function createPredictor(
  model: tf.LayersModel,
  deviceStage: DeviceStage,
  { dtype, examples }: PredictorOptions,
): Predictor {
  let expected = examples ?? 0;
  let compiled = expected >= worthCompiling ? tryToCompile(model, deviceStage, dtype) : undefined;
  return {
    predict: (inputs) => {
      if (examples === undefined) expected += inputs.shape[0] ?? 0;
      if (compiled === undefined && expected >= worthCompiling) compiled = tryToCompile(model, deviceStage, dtype);
      if (compiled === undefined || compiled === "not to be had") return predictBatch(model, deviceStage, inputs);
      return compiled.run({ inputs }).outputs as HostTensor<Float32Array>;
    },
    dispose: () => {
      if (typeof compiled === "object") compiled.close?.();
    },
  };
}

interface CompiledModel {
  run(inputs: { readonly inputs: HostTensor }): Readonly<Record<string, HostTensor>>;
  close?(): void;
}

type Compile = (...given: Parameters<typeof compileFunction>) => CompiledModel;

const compileToProgram: Compile = (...given) => compileProgram(...given).program;

function tryToCompile(
  model: tf.LayersModel,
  deviceStage: DeviceStage,
  dtype: PredictorOptions["dtype"],
): CompiledModel | "not to be had" {
  const backend = currentNativeBackend();
  if (!backend) return "not to be had";
  const ways = nativeBackend()?.hasOwnOps ? [compileToProgram, compileFunction] : [compileFunction];
  for (const compile of ways) {
    const compiled = compileBy(compile, backend, model, deviceStage, dtype);
    if (compiled) return compiled;
  }
  return "not to be had";
}

function compileBy(
  compile: Compile,
  backend: NativeBackend,
  model: tf.LayersModel,
  deviceStage: DeviceStage,
  dtype: PredictorOptions["dtype"],
): CompiledModel | undefined {
  const shape = model.inputs[0]?.shape.slice(1) ?? [];
  try {
    return compile(backend, { inputs: { dtype, shape } }, namedWeights(model), ({ inputs }) => ({
      outputs: applyModel(model, deviceStage(inputs as tf.Tensor), false).toFloat(),
    }));
  } catch (error) {
    if (error instanceof NotRecordableError) return undefined;
    throw error;
  }
}
