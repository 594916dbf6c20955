import { evaluationBatches } from "../data/batches/evaluation-batches";
import type { EpochSums } from "./epoch-sums";
import type { TrainingSetup } from "./training-setup";

/** Adds up loss and metrics of the present weights on the validation split; yields its size after each batch. */
export async function* evaluateValidation(
  { config, data, engine }: TrainingSetup,
  sums: EpochSums,
): AsyncGenerator<number, void, undefined> {
  const examples = data.splits.validation;
  const { batchSize } = config.train;
  const source = { inputs: data.inputs, targets: data.set.targets };
  for await (const batch of evaluationBatches({ ...source, examples, batchSize })) {
    sums.add(engine.evaluateStep(batch));
    yield examples.length;
  }
}
