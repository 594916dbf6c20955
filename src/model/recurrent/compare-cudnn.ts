import type { NativeOps } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";
import { cudnnKernel } from "./cudnn-kernel";
import type { CudnnMode } from "./cudnn-parameters";
import { fusedGru } from "./fused-gru";
import { fusedLstm } from "./fused-lstm";

/** A layer that is computed by cuDNN and by TensorFlow's other operations. */
export interface CudnnCase {
  readonly mode: CudnnMode;
  readonly examples: number;
  readonly steps: number;
  readonly features: number;
  readonly units: number;
  readonly returnSequences: boolean;
  /** Leaves out some steps in the middle and at the end, and all of one example. */
  readonly isMasked: boolean;
}

export type CudnnComparison = {
  /** The largest difference of an output or a gradient, as a share of the largest number in it; infinite where one is not a number. */
  readonly difference: number;
  /** What differs most: "gru, masked: gradient of bias". */
  readonly of: string;
};

/** Small and odd, where each number counts, and as layers are. */
export const cudnnCases: readonly CudnnCase[] = (["lstm", "gru"] as const).flatMap((mode) => [
  { mode, examples: 3, steps: 5, features: 4, units: 6, returnSequences: true, isMasked: false },
  { mode, examples: 4, steps: 6, features: 5, units: 3, returnSequences: false, isMasked: true },
  { mode, examples: 3, steps: 1, features: 7, units: 2, returnSequences: false, isMasked: false },
  { mode, examples: 32, steps: 20, features: 48, units: 64, returnSequences: true, isMasked: true },
]);

/** Outputs and all gradients of the cases, both ways. Throws what TensorFlow throws where it has no such operation. */
export function compareCudnn(native: NativeOps, cases = cudnnCases): CudnnComparison {
  const found = cases.flatMap((one) => tf.tidy(() => compareCase(native, one)));
  return found.reduce((worst, next) => (next.difference > worst.difference ? next : worst));
}

function compareCase(native: NativeOps, one: CudnnCase): CudnnComparison[] {
  const { mode, isMasked, returnSequences } = one;
  const given = inputsOf(one);
  const mask = isMasked ? maskOf(one) : undefined;
  const computeBy = (kernel: ReturnType<typeof cudnnKernel>) => {
    const run = (x: tf.Tensor, k: tf.Tensor, recurrentKernel: tf.Tensor, bias: tf.Tensor) =>
      kernel(x, { kernel: k, recurrentKernel, bias }, { mask, returnSequences });
    const output = run(...given);
    const factors = waves(output.shape, 1.3);
    return [output, ...tf.grads((...all) => tf.sum(tf.mul(run(...(all as typeof given)), factors)))(given)];
  };
  const actual = computeBy(cudnnKernel(native, mode));
  const expected = computeBy(mode === "lstm" ? fusedLstm(native) : fusedGru);
  const names = ["output", ...["inputs", "kernel", "recurrent kernel", "bias"].map((name) => `gradient of ${name}`)];
  return names.map((name, index) => ({
    difference: differenceOf(actual[index] as tf.Tensor, expected[index] as tf.Tensor),
    of: `${mode}${isMasked ? ", masked" : ""}: ${name}`,
  }));
}

function inputsOf({ mode, examples, steps, features, units }: CudnnCase): [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor] {
  const width = units * (mode === "lstm" ? 4 : 3);
  const matrix = (rows: number, phase: number) => tf.mul(waves([rows, width], phase), 2 / Math.sqrt(rows));
  const bias = waves(mode === "lstm" ? [width] : [2, width], 0.9);
  return [waves([examples, steps, features], 0.1), matrix(features, 0.4), matrix(units, 0.7), bias];
}

function maskOf({ examples, steps }: CudnnCase): tf.Tensor {
  const isRead = (example: number, step: number) => example !== 1 && step < steps - example && step !== example + 2;
  const values = Int32Array.from({ length: examples * steps }, (_, index) =>
    isRead(Math.floor(index / steps), index % steps) ? 1 : 0,
  );
  return tf.tensor(values, [examples, steps], "int32");
}

/** Numbers from -1 to 1 without pattern. */
function waves(shape: readonly number[], phase: number): tf.Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length }, (_, index) => Math.sin(index * index * 0.37 + index + phase));
  return tf.tensor(values, [...shape]);
}

function differenceOf(actual: tf.Tensor, expected: tf.Tensor): number {
  const [numbers, right] = [actual.dataSync<"float32">(), expected.dataSync<"float32">()];
  const isAlike = actual.shape.join() === expected.shape.join() && numbers.every(Number.isFinite);
  if (!isAlike) return Number.POSITIVE_INFINITY;
  const size = right.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const worst = right.reduce((most, value, index) => Math.max(most, Math.abs((numbers[index] as number) - value)), 0);
  return worst / size;
}
