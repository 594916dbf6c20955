import { z } from "zod";

const bytesPerElement = { float32: 4, int32: 4, bool: 1 } as const;

const weightSpec = z.object({
  name: z.string(),
  shape: z.array(z.int().nonnegative()),
  dtype: z.enum(["float32", "int32", "bool"]),
});

/** What dlctl writes and reads of TensorFlow.js's model.json: one file of plain weights. */
export const modelTopologySchema = z.object({
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.tuple([z.object({ paths: z.tuple([z.literal("weights.bin")]), weights: z.array(weightSpec) })]),
});

/** Bytes that the weights declared in model.json take. */
export function declaredBytes(specs: readonly z.output<typeof weightSpec>[]): number {
  return specs.reduce(
    (sum, { shape, dtype }) => sum + bytesPerElement[dtype] * shape.reduce((product, length) => product * length, 1),
    0,
  );
}
