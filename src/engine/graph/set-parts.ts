import type { NativeBinding } from "../../runtime/native-backend";
import type { Precision } from "../../runtime/precision";
import type { Recording } from "./recording";

/**
 * dlctl's own operations that have an attribute `parts`: of how many bfloat16 numbers each float32 number is the sum in their products. Three
 * are as good as float32, two better than TF32, one is bfloat16. A test compares the list with native/ops.
 */
export const opsWithParts: ReadonlySet<string> = new Set([
  "DlctlDense",
  "DlctlDenseGradient",
  "DlctlConvolution",
  "DlctlConvolutionFilterGradient",
  "DlctlConvolutionInputGradient",
  "DlctlAttention",
  "DlctlAttentionGradient",
  "DlctlPackedAttention",
  "DlctlPackedAttentionGradient",
]);

/** Undefined: as the operation has it by default, which is float32. */
const partsOf: Readonly<Record<Precision, number | undefined>> = {
  float32: undefined,
  tf32: 2,
  // A product of bfloat16 would lose digits that float16 has.
  float16: 2,
  bfloat16: 1,
};

/** The recording with our own operations told how exact their products are to be. */
export function setParts(recording: Recording, precision: Precision, { TF_ATTR_INT }: NativeBinding): Recording {
  const value = partsOf[precision];
  if (value === undefined) return recording;
  const ops = recording.ops.map((op) => {
    if (!opsWithParts.has(op.op)) return op;
    const others = op.attributes.filter(({ name }) => name !== "parts");
    return { ...op, attributes: [...others, { name: "parts", type: TF_ATTR_INT, value }] };
  });
  return { ...recording, ops };
}
