import { fusedGru } from "../../../../src/model/recurrent/fused-gru";
import { fusedGruResetBefore } from "../../../../src/model/recurrent/fused-gru-reset-before";
import { fusedLstm } from "../../../../src/model/recurrent/fused-lstm";
import { ownGru } from "../../../../src/model/recurrent/own-gru";
import { ownGruResetBefore } from "../../../../src/model/recurrent/own-gru-reset-before";
import { ownLstm } from "../../../../src/model/recurrent/own-lstm";
import type { RecurrentKernel } from "../../../../src/model/recurrent/recurrent-kernel";
import { nativeBackend } from "../../../../src/runtime/native-ops";
import { tf } from "../../../../src/runtime/tf";
import { largestDifference, numbersOf } from "../../../helpers/layer-model";
import { describeOwnOps } from "../../../helpers/runtime";

const layers = {
  lstm: { gates: 4, biasRows: 0, own: ownLstm, plain: fusedLstm },
  gru: { gates: 3, biasRows: 2, own: ownGru, plain: () => fusedGru },
  "gru, reset before": { gates: 3, biasRows: 0, own: ownGruResetBefore, plain: () => fusedGruResetBefore },
};

/** Around and across the widths of vectors and tiles: of one thing, and of one more and one less than fits. */
const sizes = [
  { batch: 1, time: 1, features: 1, units: 1 },
  { batch: 3, time: 1, features: 2, units: 5 },
  { batch: 1, time: 7, features: 3, units: 16 },
  { batch: 3, time: 4, features: 17, units: 63 },
  { batch: 13, time: 3, features: 5, units: 130 },
  { batch: 32, time: 9, features: 97, units: 33 },
];

interface Case {
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
}

function inputsOf({ batch, time, features, units }: Case, gates: number, biasRows: number): tf.Tensor[] {
  const numbers = (shape: number[], size: number, seed: number) =>
    tf.randomUniform(shape, -size, size, "float32", seed);
  return [
    numbers([batch, time, features], 2, 1),
    numbers([features, gates * units], 1 / Math.sqrt(features), 2),
    numbers([units, gates * units], 1 / Math.sqrt(units), 3),
    numbers(biasRows === 0 ? [gates * units] : [biasRows, gates * units], 0.5, 4),
  ];
}

/** Steps that count, by chance, and one example of which none does. */
function maskOf({ batch, time }: Case): tf.Tensor {
  const counts = (at: number) => (at >= time ? (Math.imul(at + 3, 2654435761) >>> 28) % 3 : batch === 1 ? 1 : 0);
  return tf.tensor2d(
    Int32Array.from({ length: batch * time }, (_, at) => (counts(at) > 0 ? 1 : 0)),
    [batch, time],
    "int32",
  );
}

/** The output, and gradients of all inputs of a sum in which every output has a weight of its own. */
function run(
  kernel: RecurrentKernel,
  inputs: readonly tf.Tensor[],
  options: Parameters<RecurrentKernel>[2],
): number[][] {
  return tf.tidy(() => {
    const compute = (x: tf.Tensor, kernelWeights: tf.Tensor, recurrentKernel: tf.Tensor, bias: tf.Tensor) =>
      kernel(x, { kernel: kernelWeights, recurrentKernel, bias }, options);
    const y = compute(...(inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]));
    const weights = tf.tensor(
      Float32Array.from({ length: y.size }, (_, at) => Math.cos(at * 1.3 + 0.2)),
      y.shape,
    );
    const gradients = tf.grads(compute as (...args: tf.Tensor[]) => tf.Tensor)([...inputs], weights);
    return [y, ...gradients].map(numbersOf);
  });
}

describeOwnOps("dlctl's own recurrent layers", () => {
  describe.each(Object.entries(layers))("%s", (_, { gates, biasRows, own, plain }) => {
    const native = () => nativeBackend() as NonNullable<ReturnType<typeof nativeBackend>>;

    test.each(
      sizes.flatMap((size) =>
        [false, true].flatMap((returnSequences) =>
          [false, true].map((isMasked) => ({ ...size, returnSequences, isMasked })),
        ),
      ),
    )("equals TensorFlow's operations: %j", ({ returnSequences, isMasked, ...size }) => {
      const inputs = inputsOf(size, gates, biasRows);
      const options = { mask: isMasked ? maskOf(size) : undefined, returnSequences };
      const [y, ...gradients] = run(own(native()), inputs, options) as [number[], ...number[][]];
      const [expected, ...expectedGradients] = run(plain(native()), inputs, options) as [number[], ...number[][]];
      expect(largestDifference(y, expected)).toBeLessThan(5e-7);
      gradients.forEach((gradient, index) => {
        const other = expectedGradients[index] as number[];
        const scale = Math.max(1, ...other.map(Math.abs));
        expect(largestDifference(gradient, other)).toBeLessThan(2e-6 * scale);
      });
      tf.dispose([...inputs, options.mask ?? []]);
    });

    test("its gradients are those of finite differences", () => {
      const size = { batch: 2, time: 3, features: 2, units: 3 };
      const inputs = inputsOf(size, gates, biasRows);
      const options = { mask: tf.tensor2d([1, 0, 1, 1, 1, 1], [2, 3], "int32"), returnSequences: true };
      const [y, ...gradients] = run(own(native()), inputs, options) as [number[], ...number[][]];
      const loss = (changed: readonly tf.Tensor[]) => {
        const [outputs] = run(own(native()), changed, options) as [number[]];
        return outputs.reduce((sum, value, at) => sum + value * Math.cos(at * 1.3 + 0.2), 0);
      };
      expect(y).toHaveLength(2 * 3 * 3);
      inputs.forEach((input, index) => {
        const values = numbersOf(input);
        const step = 1e-2;
        const differences = values.map((value, at) => {
          const at_ = (moved: number) => {
            const changed = tf.tensor(Float32Array.from(values.with(at, moved)), input.shape);
            const result = loss(inputs.map((other, place) => (place === index ? changed : other)));
            changed.dispose();
            return result;
          };
          return (at_(value + step) - at_(value - step)) / (2 * step);
        });
        // The difference's own error: of third order in the step, and rounding divided by it.
        expect(largestDifference(gradients[index] as number[], differences)).toBeLessThan(5e-4);
      });
      tf.dispose([...inputs, options.mask]);
    });

    test("gives the same bytes each time", () => {
      const inputs = inputsOf({ batch: 13, time: 5, features: 31, units: 40 }, gates, biasRows);
      const options = { mask: undefined, returnSequences: true };
      const first = run(own(native()), inputs, options);
      for (let time = 0; time < 5; time++) expect(run(own(native()), inputs, options)).toEqual(first);
      tf.dispose(inputs);
    });

    test("what is no number stays so", () => {
      const inputs = inputsOf({ batch: 2, time: 2, features: 3, units: 4 }, gates, biasRows);
      const [x, ...weights] = inputs as [tf.Tensor, ...tf.Tensor[]];
      const broken = tf.where(tf.equal(tf.range(0, x.size).reshape(x.shape), 0), Number.NaN, x);
      const [y] = run(own(native()), [broken, ...weights], { mask: undefined, returnSequences: false }) as [number[]];
      expect(y.slice(0, 4).every(Number.isNaN)).toBe(true);
      expect(y.slice(4).some(Number.isNaN)).toBe(false);
      tf.dispose([broken, ...inputs]);
    });
  });

  test("says what does not fit together", () => {
    const native = nativeBackend() as NonNullable<ReturnType<typeof nativeBackend>>;
    const inputs = [tf.zeros([2, 3, 4]), tf.zeros([4, 8]), tf.zeros([2, 8]), tf.zeros([7]), tf.zeros([0, 0], "int32")];
    expect(() => native.executeOp("DlctlLstm", { sequences: { bool: true } }, inputs, 4)).toThrow(
      "DlctlLstm: the weights don't fit together",
    );
    const [, ...others] = inputs;
    expect(() => native.executeOp("DlctlLstm", { sequences: { bool: true } }, [tf.zeros([3]), ...others], 4)).toThrow(
      "input 0 has another rank than expected",
    );
  });
});
