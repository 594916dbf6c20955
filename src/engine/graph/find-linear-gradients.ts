import type { NativeBinding } from "../../runtime/native-backend";
import { attributeOf, type FoundGradients, isPlainConvolution, isSame } from "./find-convolutions";
import type { RecordedOp, Recording } from "./recording";

/**
 * The gradients of convolutions by filter and by input that are not among `taken`, each for itself, as TensorFlow has them; with
 * that of the filter comes the bias's where there is one. What a transposed convolution computes is the same as the gradient by input.
 */
export function findLinearGradients(
  recording: Recording,
  binding: NativeBinding,
  taken: ReadonlySet<number>,
): FoundGradients[] {
  const found: FoundGradients[] = [];
  const biases = new Set<number>();
  recording.ops.forEach((op, index) => {
    const [, , dy] = op.inputs;
    if (taken.has(index) || !dy || !isPlainConvolution(op, binding)) return;
    if (op.op === "Conv2DBackpropInput" && op.inputs[0]?.from === "constant") {
      found.push({ dy, filter: undefined, bias: undefined, input: index });
    }
    if (op.op === "Conv2DBackpropFilter" && op.inputs[1]?.from === "constant") {
      const isBias = (other: RecordedOp, at: number) =>
        other.op === "BiasAddGrad" && !taken.has(at) && !biases.has(at) && isSame(other.inputs[0], dy) && isLast(other);
      const bias = recording.ops.findIndex(isBias);
      biases.add(bias);
      found.push({ dy, filter: index, bias: bias < 0 ? undefined : bias, input: undefined });
    }
  });
  return found;
}

/** Whether the bias is one of the last axis. */
function isLast(op: RecordedOp): boolean {
  return (attributeOf(op, "data_format") ?? "NHWC") === "NHWC";
}
