import fc from "fast-check";
import { buildModel } from "../../../../src/model/build-model";
import { layerSchema } from "../../../../src/model/layer-config";
import { bindLoss, lossSchema } from "../../../../src/objectives/loss-config";
import { createMetric, metricSchema } from "../../../../src/objectives/metric-config";
import { bindOptimizer, optimizerSchema } from "../../../../src/optimization/optimizer-config";
import { followEager, programOf } from "../../../helpers/follow-engine";
import { classes, type RandomStack, randomStack } from "../../../helpers/random-stacks";
import { describeNative } from "../../../helpers/runtime";

/** `DLCTL_STACKS=500 npx jest test/unit/engine/graph/random-stacks` tries as many, other ones each time. */
const given = Number(process.env.DLCTL_STACKS ?? 0);

/** Batches of 6 and of 4 in turn: the last one is smaller. */
const steps = 6;

/** Rounding of six steps through up to nine layers, relative to the largest number of a tensor or 1. */
const tolerance = 5e-5;

function programFor({ input, layers, optimizer, clipping, isClassifier }: RandomStack) {
  const model = buildModel({ layers: layers.map((layer) => layerSchema.parse(layer)), input, seed: 6 });
  const parts = isClassifier
    ? {
        classes,
        loss: bindLoss(lossSchema.parse("categoricalCrossentropy"), "oneHot"),
        metrics: [createMetric(metricSchema.parse("accuracy"), { classes, outputWidth: classes })],
      }
    : {};
  return programOf(model, {
    ...parts,
    inputDtype: input.dtype,
    optimizer: bindOptimizer(optimizerSchema.parse(optimizer)),
    clipping,
  });
}

describeNative("compiled training follows eager training", () => {
  test(
    "of random small stacks of convolutions, recurrent layers and Transformer blocks",
    () => {
      const follows = fc.property(randomStack, (stack) => {
        for (const [what, distance] of Object.entries(followEager(() => programFor(stack), steps))) {
          if (!(distance < tolerance)) throw new Error(`${what} differs by ${distance}`);
        }
      });
      fc.assert(follows, given > 0 ? { numRuns: given } : { numRuns: 12, seed: 3 });
    },
    60_000 + given * 10_000,
  );
});
