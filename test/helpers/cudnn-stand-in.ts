import type { RecordedConstant, RecordedOp, Recording, ValueSource } from "../../src/engine/graph/recording";
import { type InsertedOp, rewriteRecording } from "../../src/engine/graph/rewrite-recording";
import type { BindingAttribute, NativeBinding } from "../../src/runtime/native-backend";

/** A recurrent layer of a recording, in the order of the forward passes. */
export interface RecordedLayer {
  readonly mode: "lstm" | "gru";
  readonly features: number;
  readonly units: number;
}

type Source = InsertedOp["inputs"][number];

/**
 * The recording with dlctl's own operations in place of cuDNN's, so that it can be run without a GPU. They take the weights
 * out of cuDNN's vector again, and make a vector of their gradients; everything around them stays.
 */
export function withoutCudnn(
  recording: Recording,
  binding: NativeBinding,
  layers: readonly RecordedLayer[],
): Recording {
  const standIn = new StandIn(recording, binding);
  const forwards = recording.ops.flatMap(({ op }, index) => (op === "CudnnRNNV3" ? [index] : []));
  expect(forwards).toHaveLength(layers.length);
  forwards.forEach((forward, at) => {
    const gradient = recording.ops.findIndex(
      ({ op, inputs }) => op === "CudnnRNNBackpropV3" && inputs[5]?.from === "op" && inputs[5].op === forward,
    );
    standIn.replace(forward, gradient === -1 ? undefined : gradient, layers[at] as RecordedLayer);
  });
  return standIn.finish();
}

class StandIn {
  private readonly inserted = new Map<number, InsertedOp[]>();
  private readonly dropped = new Set<number>();
  private readonly constants: RecordedConstant[] = [];
  private place: InsertedOp[] = [];

  constructor(
    private readonly recording: Recording,
    private readonly binding: NativeBinding,
  ) {}

  finish(): Recording {
    const { inserted, dropped, constants } = this;
    return rewriteRecording(this.recording, { inserted, dropped, constants });
  }

  replace(forward: number, gradient: number | undefined, layer: RecordedLayer): void {
    const isLstm = layer.mode === "lstm";
    const { features, units } = layer;
    const rows = units * (isLstm ? 4 : 3);
    const [x, , , parameters] = this.start(forward) as [Source, Source, Source, Source];
    const sizes = this.ints([rows * features, rows * units, rows, rows]);
    const splitTypes = [this.int("num_split", 4), this.type("T"), this.int32("Tlen")];
    const split = this.add("SplitV", splitTypes, [parameters, sizes, this.ints(0)], 4);
    const [kernels, states, inputBias, stateBias] = [0, 1, 2, 3].map((output) => this.of(split, output)) as [
      ...[Source, Source, Source, Source],
    ];
    // Gates z, r, h of r, z, h, and back.
    const order = Array.from({ length: rows }, (_, row) =>
      isLstm || row >= 2 * units ? row : row < units ? row + units : row - units,
    );
    const inOrder = (source: Source) => {
      const types = [this.type("Tparams"), this.int32("Tindices"), this.int32("Taxis"), this.int("batch_dims", 0)];
      return this.one("GatherV2", types, [source, this.ints(order), this.ints(0)]);
    };
    const reshape = (source: Source, shape: Source) =>
      this.one("Reshape", [this.type("T"), this.int32("Tshape")], [source, shape]);
    const transpose = (source: Source) =>
      this.one("Transpose", [this.type("T"), this.int32("Tperm")], [source, this.ints([1, 0])]);
    const matrix = (vector: Source, width: number) => transpose(inOrder(reshape(vector, this.ints([rows, width]))));
    const [kernel, recurrentKernel] = [matrix(kernels, features), matrix(states, units)];
    const bias = isLstm
      ? this.one("AddV2", [this.type("T")], [inputBias, stateBias])
      : this.one(
          "Pack",
          [this.type("T"), this.int("N", 2), this.int("axis", 0)],
          [inOrder(inputBias), inOrder(stateBias)],
        );
    const mask = this.constant({ shape: [0, 0], dtype: this.binding.TF_INT32, data: new Int32Array(0) });
    const sequences = [{ name: "sequences", type: this.binding.TF_ATTR_BOOL, value: true }];
    const run = this.add(
      isLstm ? "DlctlLstm" : "DlctlGru",
      sequences,
      [x, kernel, recurrentKernel, bias, mask],
      isLstm ? 4 : 3,
      {
        op: forward,
        output: 0,
      },
    );
    if (gradient === undefined) return;
    const dy = this.start(gradient)[8] as Source;
    const [before, ...kept] = [1, 2, 3].slice(0, isLstm ? 3 : 2).map((output) => this.of(run, output)) as [
      Source,
      ...Source[],
    ];
    const back = isLstm
      ? this.add("DlctlLstmGradient", sequences, [dy, recurrentKernel, ...kept, mask], 1)
      : this.add("DlctlGruGradient", sequences, [dy, recurrentKernel, before, ...kept, mask], 2);
    const [ofInput, ofState] = [this.of(back, 0), this.of(back, isLstm ? 0 : 1)];
    const weightGradient = (input: Source, width: number, sums: Source) => {
      const both = this.add("DlctlDenseGradient", [], [reshape(input, this.ints([-1, width])), sums], 2);
      return { kernel: this.of(both, 0), bias: this.of(both, 1) };
    };
    const input = weightGradient(x, features, ofInput);
    const state = weightGradient(before, units, ofState);
    const flat = (source: Source) => reshape(source, this.ints([-1]));
    const parts = [
      ...[input, state].map(({ kernel }) => flat(inOrder(transpose(kernel)))),
      ...[input, state].map(({ bias }) => inOrder(bias)),
    ];
    const transposed = ["transpose_a", "transpose_b"].map((name, index) => ({
      ...{ name, type: this.binding.TF_ATTR_BOOL },
      value: index === 1,
    }));
    const product = this.one("MatMul", [this.type("T"), ...transposed], [ofInput, kernel]);
    const shape = this.one("Shape", [this.type("T"), this.int32("out_type")], [x]);
    const types = [this.type("T"), this.int32("Tshape")];
    this.add("Reshape", types, [product, shape], 1, { op: gradient, output: 0 });
    const concat = [this.type("T"), this.int("N", 4), this.int32("Tidx")];
    this.add("ConcatV2", concat, [...parts, this.ints(0)], 1, { op: gradient, output: 3 });
  }

  /** What is added from now on stands in the place of this op, whose inputs are returned. */
  private start(index: number): readonly ValueSource[] {
    this.place = [];
    this.inserted.set(index, this.place);
    this.dropped.add(index);
    return (this.recording.ops[index] as RecordedOp).inputs;
  }

  private add(
    op: string,
    attributes: readonly BindingAttribute[],
    inputs: readonly Source[],
    outputCount: number,
    stands?: InsertedOp["outputs"][number],
  ): InsertedOp {
    const outputs = Array.from({ length: outputCount }, (_, output) => (output === 0 ? stands : undefined));
    const added = { op, attributes, inputs, outputCount, outputs };
    this.place.push(added);
    return added;
  }

  private one(op: string, attributes: readonly BindingAttribute[], inputs: readonly Source[]): Source {
    return this.of(this.add(op, attributes, inputs, 1), 0);
  }

  private of = (op: InsertedOp, output: number): Source => ({ from: "inserted", op, output });

  private ints(values: number | readonly number[]): Source {
    const list = typeof values === "number" ? [values] : values;
    const shape = typeof values === "number" ? [] : [list.length];
    return this.constant({ shape, dtype: this.binding.TF_INT32, data: Int32Array.from(list) });
  }

  private constant(constant: RecordedConstant): Source {
    return { from: "constant", constant: this.recording.constants.length + this.constants.push(constant) - 1 };
  }

  private type = (name: string) => ({ name, type: this.binding.TF_ATTR_TYPE, value: this.binding.TF_FLOAT });
  private int32 = (name: string) => ({ name, type: this.binding.TF_ATTR_TYPE, value: this.binding.TF_INT32 });
  private int = (name: string, value: number) => ({ name, type: this.binding.TF_ATTR_INT, value });
}
