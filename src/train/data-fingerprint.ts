import { createHash, type Hash } from "node:crypto";
import type { ExampleInputs, ExampleSet, ExampleTargets } from "../data/example-set";
import { targetNames } from "../data/target-names";

/**
 * A sum over the list of examples, their targets, numeric inputs and texts. Pixels are not in it: reading every picture
 * would take as long as an epoch.
 */
export function dataFingerprint({ count, inputs, targets, origin }: ExampleSet): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([count, inputs.kind, targetNames(targets)]));
  for (let index = 0; index < count; index++) hash.update(`${origin(index)}\0`);
  addTargets(hash, targets, count);
  addInputs(hash, inputs);
  return hash.digest("hex");
}

function addTargets(hash: Hash, targets: ExampleTargets, count: number): void {
  if (targets.kind === "class") hash.update(bytesOf(targets.indices));
  else if (targets.kind === "values") hash.update(bytesOf(targets.values));
  else for (let index = 0; index < count; index++) hash.update(bytesOf(targets.steps(index)));
}

function addInputs(hash: Hash, inputs: ExampleInputs): void {
  switch (inputs.kind) {
    case "image":
      return;
    case "text":
      for (let index = 0; index < inputs.count; index++) hash.update(`${inputs.text(index)}\0`);
      return;
    case "corpus":
      hash.update(inputs.text(0, inputs.count));
      return;
    case "tokens":
      hash.update(bytesOf(inputs.tokens));
      hash.update(bytesOf(inputs.starts));
      return;
    case "series":
      hash.update(bytesOf(inputs.lengths));
      break;
    case "window":
      hash.update(bytesOf(inputs.starts));
      break;
    case "vector":
      break;
  }
  hash.update(bytesOf(inputs.values));
}

function bytesOf(array: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
