import type { TrainingProgram } from "../../../src/engine/engine";
import { lossSums } from "../../../src/engine/step-tensors";
import { lossSchema } from "../../../src/objectives/loss-config";
import { bindSequenceLoss } from "../../../src/objectives/sequence-loss";
import { tf } from "../../../src/runtime/tf";
import { startJsRuntime } from "../../helpers/runtime";

beforeAll(startJsRuntime);

test("class weights of sequences weigh each step, and each example counts by the mean over its steps", () => {
  const program = {
    loss: bindSequenceLoss(lossSchema.parse("categoricalCrossentropy")),
    classWeights: [1, 3],
  } as unknown as TrainingProgram;
  const [loss, weight] = tf.tidy(() => {
    const targets = tf.tensor2d(
      [
        [0, 1, -1],
        [-1, -1, 1],
      ],
      undefined,
      "int32",
    );
    const outputs = tf.tensor3d([
      [
        [0.5, 0.5],
        [0.75, 0.25],
        [0.1, 0.9],
      ],
      [
        [0.1, 0.9],
        [0.2, 0.8],
        [0.9, 0.1],
      ],
    ]);
    const sums = lossSums(program, targets, outputs);
    return [sums.loss.dataSync()[0], sums.weight?.dataSync()[0]];
  });
  expect(loss).toBeCloseTo((Math.log(2) + 3 * Math.log(4)) / 2 + 3 * Math.log(10), 5);
  expect(weight).toBeCloseTo((1 + 3) / 2 + 3, 6);
});
