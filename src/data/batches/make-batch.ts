import type { HostTensor } from "../../shared/host-tensor";
import type { EncodedInputs } from "../encoded-inputs";
import type { ExampleTargets } from "../example-set";
import type { HostBatch } from "./host-batch";

/** What batches are made of. */
export interface BatchSource {
  readonly inputs: EncodedInputs;
  readonly targets: ExampleTargets;
}

/** Reads the inputs and targets of some examples. */
export async function makeBatch(
  { inputs, targets }: BatchSource,
  examples: Int32Array,
  signal: AbortSignal,
): Promise<HostBatch> {
  return {
    inputs: await inputs.read(examples, signal),
    targets: pickTargets(targets, examples),
    examples,
    count: examples.length,
  };
}

function pickTargets(targets: ExampleTargets, examples: Int32Array): HostTensor {
  if (targets.kind === "class") {
    return { data: examples.map((example) => targets.indices[example] as number), shape: [examples.length] };
  }
  if (targets.kind === "sequence") return pickSteps(targets, examples);
  const width = targets.names.length;
  const data = new Float32Array(examples.length * width);
  for (const [position, example] of examples.entries()) {
    data.set(targets.values.subarray(example * width, (example + 1) * width), position * width);
  }
  return { data, shape: [examples.length, width] };
}

function pickSteps(targets: Extract<ExampleTargets, { kind: "sequence" }>, examples: Int32Array): HostTensor {
  const { length } = targets;
  if (length === null) throw new Error("The targets were not arranged to the model's length");
  const data = new Int32Array(examples.length * length);
  for (const [position, example] of examples.entries()) data.set(targets.steps(example), position * length);
  return { data, shape: [examples.length, length] };
}
