import fc from "fast-check";
import { applyModel } from "../../../../src/engine/apply-model";
import { NotRecordableError } from "../../../../src/engine/graph/record";
import { namedWeights } from "../../../../src/engine/graph/record-step";
import { type CompiledProgram, compileProgram } from "../../../../src/engine/program/compile-program";
import { buildModel } from "../../../../src/model/build-model";
import { layerSchema } from "../../../../src/model/layer-config";
import { currentNativeBackend } from "../../../../src/runtime/load-native";
import type { NativeBackend } from "../../../../src/runtime/native-backend";
import { tf } from "../../../../src/runtime/tf";
import { inputFor, modelOf } from "../../../helpers/layer-model";
import { titledSamples } from "../../../helpers/layer-samples";
import { randomStack } from "../../../helpers/random-stacks";
import { describeOwnOps } from "../../../helpers/runtime";

/** Kinds of layers that no program has yet: TensorFlow runs their models. To be made shorter, never longer. */
const withoutProgram: readonly string[] = [];

/** As a share of the largest number, or of 1 where all are smaller. */
const tolerance = 1e-6;

/** Of several layers one after the other. */
const stackTolerance = 5e-6;

function compile(model: tf.LayersModel): CompiledProgram | string {
  const [input] = model.inputs as [tf.SymbolicTensor];
  const shape = input.shape.slice(1);
  const dtype = input.dtype === "int32" ? "int32" : "float32";
  try {
    return compileProgram(
      currentNativeBackend() as NativeBackend,
      { inputs: { dtype, shape } },
      namedWeights(model),
      ({ inputs }) => ({ outputs: applyModel(model, inputs as tf.Tensor, false).toFloat() }),
    );
  } catch (error) {
    if (error instanceof NotRecordableError) return error.message;
    throw error;
  }
}

/** The largest difference of a model's outputs, as a share of the largest of them. */
function differenceAt(model: tf.LayersModel, { program }: CompiledProgram, batch: number): number {
  const input = inputFor(model, batch);
  const expected = tf.tidy(() => applyModel(model, input, false).toFloat());
  try {
    const given = { data: input.dataSync() as Float32Array, shape: input.shape };
    const { outputs } = program.run({ inputs: given });
    expect(outputs?.shape).toEqual(expected.shape);
    const values = expected.dataSync();
    const largest = Math.max(1, ...values.map(Math.abs));
    return Math.max(0, ...values.map((value, at) => Math.abs(value - (outputs?.data[at] as number)))) / largest;
  } finally {
    tf.dispose([input, expected]);
  }
}

describeOwnOps("programs give what TensorFlow gives", () => {
  test.each(titledSamples)("layer %s", (title, sample) => {
    const model = modelOf(sample);
    const compiled = compile(model);
    if (withoutProgram.includes(title)) {
      expect(typeof compiled).toBe("string");
      return;
    }
    if (typeof compiled === "string") throw new Error(compiled);
    for (const batch of [1, 3, 32]) expect(differenceAt(model, compiled, batch)).toBeLessThan(tolerance);
  });

  test("random stacks", () => {
    fc.assert(
      fc.property(randomStack, ({ input, layers }) => {
        const model = buildModel({ layers: layers.map((layer) => layerSchema.parse(layer)), input, seed: 6 });
        const program = compile(model);
        if (typeof program === "string") throw new Error(program);
        for (const batch of [1, 5]) expect(differenceAt(model, program, batch)).toBeLessThan(stackTolerance);
      }),
      { numRuns: Number(process.env.DLCTL_STACKS ?? 25), ...(process.env.DLCTL_STACKS ? {} : { seed: 7 }) },
    );
  });
});
