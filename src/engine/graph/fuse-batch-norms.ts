import type { BindingAttribute } from "../../runtime/native-backend";
import { type FoundBatchNorm, findBatchNorms } from "./find-batch-norms";
import type { RecordedOp, Recording, ValueSource } from "./recording";
import { type InsertedOp, type RecordingChanges, rewriteRecording } from "./rewrite-recording";

/**
 * The recording with its batch normalizations (native/ops/batch_norm.cc) that end in relu, some with an addition before it, as
 * one operation each, forward and backward. The values are the same.
 */
export function fuseBatchNorms(recording: Recording): Recording {
  const inserted = new Map<number, InsertedOp[]>();
  const dropped = new Set<number>();
  for (const found of findBatchNorms(recording)) {
    const forward = forwardOf(recording, found);
    inserted.set(found.norm, [forward]);
    inserted.set(found.reluGradient, [gradientOf(recording, found, forward)]);
    const { norm, addition, relu, reluGradient, gradient } = found;
    for (const index of [norm, addition, relu, reluGradient, gradient]) if (index !== undefined) dropped.add(index);
  }
  const changes: RecordingChanges = { inserted, dropped, constants: [] };
  return rewriteRecording(recording, changes);
}

/** In the place of the normalization: others take its mean and variance before relu comes. */
function forwardOf(recording: Recording, { norm, residual, relu }: FoundBatchNorm): InsertedOp {
  const op = recording.ops[norm] as RecordedOp;
  const [x, gamma, beta, none] = op.inputs as [ValueSource, ValueSource, ValueSource, ValueSource];
  return {
    op: op.op,
    attributes: withTrue(op.attributes, "relu"),
    inputs: [x, gamma, beta, residual ?? none],
    outputCount: op.outputCount,
    outputs: [
      { op: relu, output: 0 },
      { op: norm, output: 1 },
      { op: norm, output: 2 },
    ],
  };
}

/** In the place of relu's gradient, which may be taken, as what was added's, before that of the normalization. */
function gradientOf(recording: Recording, found: FoundBatchNorm, forward: InsertedOp): InsertedOp {
  const { reluGradient, gradient, residual } = found;
  const op = recording.ops[gradient] as RecordedOp;
  const dy = recording.ops[reluGradient]?.inputs[0] as ValueSource;
  // Without an addition the gradient sees by x what relu let through.
  const y = residual ? ({ from: "inserted", op: forward, output: 0 } as const) : (op.inputs[6] as ValueSource);
  return {
    op: op.op,
    attributes: withTrue(op.attributes, "relu", ...(residual ? ["residual"] : [])),
    inputs: [dy, ...op.inputs.slice(1, 6), y],
    outputCount: op.outputCount,
    outputs: [
      ...[0, 1, 2].map((output) => ({ op: gradient, output })),
      residual ? { op: reluGradient, output: 0 } : undefined,
    ],
  };
}

function withTrue(attributes: readonly BindingAttribute[], ...names: readonly string[]): BindingAttribute[] {
  return attributes.map((attribute) => (names.includes(attribute.name) ? { ...attribute, value: true } : attribute));
}
