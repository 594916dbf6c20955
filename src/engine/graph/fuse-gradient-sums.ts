import type { RecordedOp, Recording, ValueSource } from "./recording";
import { isOutput, RecordingUses } from "./recording-uses";
import { type InsertedOp, rewriteRecording } from "./rewrite-recording";

const inputGradient = "DlctlConvolutionInputGradient";
/** Its input that is added to the gradient. */
const addedInput = 4;

/**
 * The recording with sums of which a term is a convolution's gradient by its input, that nothing else reads, computed by the convolution's
 * operation (native/ops/convolution.cc) as it writes: where ways through the model meet again, as in residual blocks. The values are the same.
 */
export function fuseGradientSums(recording: Recording): Recording {
  const uses = new RecordingUses(recording);
  const inserted = new Map<number, InsertedOp[]>();
  const dropped = new Set<number>();
  recording.ops.forEach((op, sum) => {
    const gradient = op.isOfEqualShapes ? lastTerm(uses, op) : undefined;
    if (gradient === undefined || dropped.has(gradient)) return;
    inserted.set(sum, [
      withAdded(
        uses.op(gradient),
        op.inputs.find((source) => !isOutput(source, gradient)),
        sum,
      ),
    ]);
    dropped.add(gradient).add(sum);
  });
  return rewriteRecording(recording, { inserted, dropped, constants: [] });
}

/** Of the terms that can take the other one in, the one that runs last: the other may have to wait for it anyway. */
function lastTerm(uses: RecordingUses, { inputs }: RecordedOp): number | undefined {
  const [first, second] = inputs;
  const terms = [first, second].flatMap((source) => (source?.from === "op" && source.output === 0 ? [source.op] : []));
  const able = terms.filter((term) => uses.op(term).op === inputGradient && uses.usersOf(term)?.length === 1);
  return first && second && JSON.stringify(first) !== JSON.stringify(second)
    ? able.sort((a, b) => b - a)[0]
    : undefined;
}

function withAdded(gradient: RecordedOp, added: ValueSource | undefined, sum: number): InsertedOp {
  const inputs = gradient.inputs.map((source, at) => (at === addedInput && added ? added : source));
  return { ...gradient, inputs, outputs: [{ op: sum, output: 0 }] };
}
