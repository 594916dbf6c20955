import type { BindingAttribute, NativeBinding } from "../../runtime/native-backend";
import { attributeOf, type FoundConvolution, type FoundGradients, findConvolutions } from "./find-convolutions";
import { findLinearGradients } from "./find-linear-gradients";
import type { RecordedConstant, RecordedOp, Recording, ValueSource } from "./recording";
import { type InsertedOp, type InsertedOutput, type RecordingChanges, rewriteRecording } from "./rewrite-recording";

/**
 * The recording with its convolutions that end in relu, and in pooling by 2 x 2 where that follows, and their gradients
 * computed by operations of our own (native/ops/convolution.cc), which must be loaded: what lies between is never written to
 * memory. The values are the same but for rounding. Those without relu are ours where they multiply in tile registers
 * (`hasTiles`); else they stay, as TensorFlow's are as fast alone.
 */
export function fuseConvolutions(recording: Recording, binding: NativeBinding, hasTiles: boolean): Recording {
  const fusion = new Fusion(recording, binding);
  for (const found of findConvolutions(recording, binding)) {
    if (found.hasRelu || hasTiles) fusion.add(found);
  }
  if (hasTiles) {
    for (const gradients of findLinearGradients(recording, binding, fusion.dropped)) fusion.addLinear(gradients);
  }
  return rewriteRecording(recording, fusion);
}

class Fusion implements RecordingChanges {
  readonly inserted = new Map<number, InsertedOp[]>();
  readonly dropped = new Set<number>();
  readonly constants: RecordedConstant[] = [];
  /** No bias, and nothing to add. */
  private readonly noNumbers: ValueSource;
  private readonly noCodes: ValueSource;

  constructor(
    private readonly recording: Recording,
    private readonly binding: NativeBinding,
  ) {
    this.noNumbers = this.addConstant({ shape: [0], dtype: binding.TF_FLOAT, data: new Float32Array(0) });
    this.noCodes = this.addConstant({ shape: [0, 0, 0, 0], dtype: binding.TF_UINT8, data: new Uint8Array(0) });
  }

  add(found: FoundConvolution): void {
    const { convolution, gradients, hasRelu, isPooled } = found;
    const op = this.op(convolution);
    const last = found.forward.at(-1) as number;
    const options = this.options(op, hasRelu, isPooled);
    const forward: InsertedOp = {
      op: "DlctlConvolution",
      attributes: [...options, this.bool("codes", isPooled && gradients !== undefined)],
      inputs: [op.inputs[0] as ValueSource, op.inputs[1] as ValueSource, found.bias ?? this.noNumbers],
      outputCount: 2,
      outputs: [{ op: last, output: 0 }],
    };
    this.insert(last, forward);
    for (const index of [...found.forward, ...found.undone]) this.dropped.add(index);
    if (gradients) this.addGradients(gradients, options, this.gradientInputs(gradients, isPooled, forward));
  }

  /** Gradients of sums that nothing is done with. */
  addLinear(gradients: FoundGradients): void {
    const { dy, filter, input } = gradients;
    const op = this.op((filter ?? input) as number);
    this.addGradients(gradients, this.options(op, false, false), [dy, dy, this.noCodes]);
  }

  private addGradients(
    { filter, bias, input }: FoundGradients,
    options: readonly BindingAttribute[],
    inputs: InsertedOp["inputs"],
  ): void {
    if (filter !== undefined) {
      const [rows = 0, columns = 0] = this.integersOf(this.op(filter).inputs[1]);
      this.insert(Math.min(filter, bias ?? filter), {
        op: "DlctlConvolutionFilterGradient",
        attributes: [...options, this.int("rows", rows), this.int("columns", columns)],
        inputs: [this.op(filter).inputs[0] as ValueSource, ...inputs],
        outputCount: 2,
        outputs: [{ op: filter, output: 0 }, bias === undefined ? undefined : { op: bias, output: 0 }],
      });
    }
    if (input !== undefined) {
      const [, height = 0, width = 0] = this.integersOf(this.op(input).inputs[0]);
      this.insert(input, {
        op: "DlctlConvolutionInputGradient",
        attributes: [...options, this.int("height", height), this.int("width", width)],
        inputs: [this.op(input).inputs[1] as ValueSource, ...inputs, this.noNumbers],
        outputCount: 1,
        outputs: [{ op: input, output: 0 }],
      });
    }
    for (const index of [filter, bias, input]) if (index !== undefined) this.dropped.add(index);
  }

  /** dy, y and the pooled pixels, as the gradients take them. */
  private gradientInputs({ dy }: FoundGradients, isPooled: boolean, forward: InsertedOp): InsertedOp["inputs"] {
    const outputOf = (output: number): InsertedOutput => ({ from: "inserted", op: forward, output });
    return isPooled ? [dy, dy, outputOf(1)] : [dy, outputOf(0), this.noCodes];
  }

  private options(op: RecordedOp, relu: boolean, pooled: boolean): BindingAttribute[] {
    const [, strideY = 1, strideX = 1] = attributeOf(op, "strides") as number[];
    return [
      this.int("stride_y", strideY),
      this.int("stride_x", strideX),
      this.bool("same", attributeOf(op, "padding") === "SAME"),
      this.bool("relu", relu),
      this.bool("pooled", pooled),
    ];
  }

  private int(name: string, value: number): BindingAttribute {
    return { name, type: this.binding.TF_ATTR_INT, value };
  }

  private bool(name: string, value: boolean): BindingAttribute {
    return { name, type: this.binding.TF_ATTR_BOOL, value };
  }

  private op(index: number): RecordedOp {
    return this.recording.ops[index] as RecordedOp;
  }

  private insert(before: number, op: InsertedOp): void {
    this.inserted.set(before, [...(this.inserted.get(before) ?? []), op]);
  }

  private addConstant(constant: RecordedConstant): ValueSource {
    return { from: "constant", constant: this.recording.constants.length + this.constants.push(constant) - 1 };
  }

  /** Sizes of TensorFlow's gradients are constants of the recording. */
  private integersOf(source: ValueSource | undefined): number[] {
    const data = source?.from === "constant" ? this.recording.constants[source.constant]?.data : undefined;
    if (!data) throw new Error("A convolution's gradient has no constant size");
    return Array.from(data);
  }
}
