import type { InputsOf, Preprocessing } from "./define-preprocessing";
import { encodeVectors } from "./encode-vectors";
import { fitNumericOps } from "./fit-numeric-ops";
import { normalizationStage } from "./normalization";
import { numericOps } from "./numeric-ops";
import type { PreprocessConfig } from "./preprocess-config";
import type { VectorRecord } from "./preprocessing-record";
import { wrongKind } from "./wrong-kind";

/** Fits statistics for each feature on the training examples. */
export function fitVectors(
  ops: PreprocessConfig,
  inputs: InputsOf<"vector">,
  trainingExamples: Int32Array,
): Preprocessing {
  return restoreVectors({
    kind: "vector",
    names: [...inputs.names],
    normalize: fitNumericOps(numericOps(ops), inputs, trainingExamples),
  });
}

export function restoreVectors(record: VectorRecord): Preprocessing {
  return {
    record,
    shape: [record.names.length],
    dtype: "float32",
    deviceStage: normalizationStage(record.normalize),
    facts: [],
    arrange: (set, splits) => ({ set, splits, warnings: [] }),
    encode(inputs, { origin }) {
      if (inputs.kind !== "vector") throw wrongKind("vector", inputs.kind);
      return encodeVectors(inputs, record.names, origin);
    },
  };
}
