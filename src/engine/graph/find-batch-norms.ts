import type { RecordedOp, Recording, ValueSource } from "./recording";
import { isOutput, RecordingUses } from "./recording-uses";

/** A batch normalization of ours in a recording with the relu, and the addition before that, which follow. Numbers are indices of ops. */
export interface FoundBatchNorm {
  readonly norm: number;
  /** What is added to it. */
  readonly residual: ValueSource | undefined;
  readonly addition: number | undefined;
  readonly relu: number;
  readonly reluGradient: number;
  readonly gradient: number;
}

const additions = new Set(["Add", "AddV2"]);

/** Batch normalizations in training that nothing reads but a relu, or an addition that nothing reads but a relu, with gradients. */
export function findBatchNorms(recording: Recording): FoundBatchNorm[] {
  const uses = new RecordingUses(recording);
  const found: FoundBatchNorm[] = [];
  const joined = new Set<number>();
  recording.ops.forEach((op, norm) => {
    const one = op.op === "DlctlBatchNorm" ? (beforeRelu(uses, norm) ?? beforeAddition(uses, norm)) : undefined;
    if (!one || joined.has(one.relu)) return;
    joined.add(one.relu);
    found.push(one);
  });
  return found;
}

function beforeRelu(uses: RecordingUses, norm: number): FoundBatchNorm | undefined {
  const relu = uses.soleStep(norm, "Relu", "ReluGrad", 1);
  if (relu?.gradient === undefined) return undefined;
  const [gradient, ...others] = uses.usersOf(relu.gradient) ?? [];
  if (gradient === undefined || others.length > 0 || !isGradientOf(uses, gradient, norm, relu.gradient)) {
    return undefined;
  }
  const parts = { relu: relu.forward, reluGradient: relu.gradient, gradient };
  return { norm, residual: undefined, addition: undefined, ...parts };
}

function beforeAddition(uses: RecordingUses, norm: number): FoundBatchNorm | undefined {
  const [addition, ...others] = uses.usersOf(norm) ?? [];
  if (addition === undefined || others.length > 0 || !additions.has(uses.op(addition).op)) return undefined;
  const residual = uses.op(addition).inputs.find((source) => !isOutput(source, norm));
  // It must be there when normalization runs.
  if (residual?.from !== "op" || residual.op > norm) return undefined;
  const relu = uses.soleStep(addition, "Relu", "ReluGrad", 1);
  if (relu?.gradient === undefined) return undefined;
  const users = uses.usersOf(relu.gradient) ?? [];
  const gradient = users.find((user) => isGradientOf(uses, user, norm, relu.gradient as number));
  // A sum undoes the repetition of something smaller, which ours doesn't add.
  if (gradient === undefined || users.some((user) => uses.op(user).op === "Sum")) return undefined;
  return { norm, residual, addition, relu: relu.forward, reluGradient: relu.gradient, gradient };
}

function isGradientOf(uses: RecordingUses, user: number, norm: number, dy: number): boolean {
  const op: RecordedOp = uses.op(user);
  const mean = op.inputs[4];
  const isOwn = mean?.from === "op" && mean.op === norm;
  return op.op === "DlctlBatchNormGradient" && isOwn && uses.takes(user, 0, dy);
}
