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

export type ModelTopology = z.output<typeof modelTopologySchema>;

/** Bytes that the weights declared in model.json take. */
export function declaredBytes(specs: readonly z.output<typeof weightSpec>[]): number {
  return specs.reduce(
    (sum, { shape, dtype }) => sum + bytesPerElement[dtype] * shape.reduce((product, length) => product * length, 1),
    0,
  );
}

/**
 * The name of a weight that is NaN or infinite, as no training leaves one; undefined where all are numbers. `bytes` are those of
 * weights.bin, as many as declared, and begin where an element may.
 */
export function findNonFinite(specs: readonly z.output<typeof weightSpec>[], bytes: ArrayBuffer): string | undefined {
  let start = 0;
  for (const { name, shape, dtype } of specs) {
    const count = shape.reduce((product, length) => product * length, 1);
    const size = bytesPerElement[dtype] * count;
    // After a bool weight of odd length the next one is not aligned.
    if (dtype === "float32" && !new Float32Array(bytes.slice(start, start + size)).every(Number.isFinite)) return name;
    start += size;
  }
  return undefined;
}
