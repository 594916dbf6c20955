import { createHash } from "node:crypto";
import type { ExampleSet } from "../data/example-set";

/**
 * A sum over the list of examples, their targets, and numeric inputs. Pixels are not in it: reading every picture would
 * take as long as an epoch.
 */
export function dataFingerprint({ count, inputs, targets, origin }: ExampleSet): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([count, inputs.kind, targets.kind === "class" ? targets.labels : targets.names]));
  for (let index = 0; index < count; index++) hash.update(`${origin(index)}\0`);
  hash.update(bytesOf(targets.kind === "class" ? targets.indices : targets.values));
  if (inputs.kind === "vector") hash.update(bytesOf(inputs.values));
  return hash.digest("hex");
}

function bytesOf(array: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
