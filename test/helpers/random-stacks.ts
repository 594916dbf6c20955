import fc from "fast-check";
import type { LayerInput } from "../../src/model/layer-config";

/** A small model of a family, with what trains it. Its shapes fit by construction. */
export interface RandomStack {
  readonly input: { readonly shape: readonly number[]; readonly dtype: "float32" | "int32" };
  readonly layers: readonly LayerInput[];
  readonly optimizer: object;
  readonly clipping?: { readonly globalNorm: number } | undefined;
  /** Classes by a softmax and cross-entropy, or values by the mean squared error. */
  readonly isClassifier: boolean;
}

/** What decides about one step of a stack while it grows: layers take from it in turn. */
type Draw = <T>(choices: readonly T[]) => T;

export const classes = 3;

const activations = ["linear", "relu", "tanh", "sigmoid", "elu", "gelu", "swish", "softplus"] as const;

// No step of an optimizer here divides by a gradient that is next to nothing: that would make a step of its rounding.
const optimizers = [
  { type: "sgd" },
  { type: "sgd", momentum: 0.9, nesterov: true },
  { type: "adam", epsilon: 0.01 },
  { type: "adamw", epsilon: 0.01, weightDecay: 0.05 },
  { type: "rmsprop", epsilon: 0.01 },
  { type: "adagrad" },
] as const;

/** Models of convolutions and pooling, of recurrent layers, or Transformers; `choices` decide everything. */
export const randomStack: fc.Arbitrary<RandomStack> = fc
  .record({
    family: fc.constantFrom(images, series, tokens),
    // More than any stack takes.
    choices: fc.array(fc.nat(2 ** 16), { minLength: 60, maxLength: 60 }),
  })
  .map(({ family, choices }) => {
    let next = 0;
    const draw: Draw = (options) => options[(choices[next++ % choices.length] as number) % options.length] as never;
    const isClassifier = draw([true, false]);
    const { input, layers } = family(draw);
    const output = { type: "dense", units: classes, activation: isClassifier ? "softmax" : "linear" } as const;
    return {
      input,
      layers: [...layers, ...hidden(draw), output],
      optimizer: draw(optimizers),
      clipping: draw([undefined, { globalNorm: 0.5 }]),
      isClassifier,
    };
  });

type Grown = Pick<RandomStack, "input" | "layers">;

function times(draw: Draw, most: number, grow: () => readonly LayerInput[]): LayerInput[] {
  const count = draw(Array.from({ length: most }, (_, index) => index + 1));
  return Array.from({ length: count }, grow).flat();
}

function images(draw: Draw): Grown {
  let size = draw([6, 7, 9]);
  const shape = [size, size, draw([1, 3])];
  const layers = times(draw, 3, (): readonly LayerInput[] => {
    // What is smaller than this is not made smaller again.
    const canShrink = size >= 4;
    const kind = draw(["convolve", "convolve", "depthwise", "pool", "normalize", "between"] as const);
    const padding = canShrink ? draw(["same", "valid"] as const) : "same";
    if (kind === "normalize") return normalization(draw);
    if (kind === "between") return between(draw);
    if (kind === "pool") {
      if (!canShrink) return [];
      size = Math.floor(size / 2);
      return [{ type: draw(["maxPooling2d", "averagePooling2d"] as const), poolSize: 2 }];
    }
    const kernelSize = draw([2, 3]);
    const strides = kind === "convolve" && canShrink ? draw([1, 2]) : 1;
    size = sizeAfter(size, { kernelSize, strides, padding });
    const activation = draw(activations);
    if (kind === "depthwise") return [{ type: "depthwiseConv2d", kernelSize, padding, activation }];
    const common = { filters: draw([2, 4]), kernelSize, strides, padding, activation, useBias: draw([true, false]) };
    if (strides === 1 && draw([true, false])) return [{ type: "separableConv2d", ...common }];
    return [{ type: "conv2d", ...common }];
  });
  const end = draw(["flatten", "globalAveragePooling2d", "globalMaxPooling2d"] as const);
  return { input: { shape, dtype: "float32" }, layers: [...layers, { type: end }] };
}

function sizeAfter(size: number, by: { kernelSize: number; strides: number; padding: "same" | "valid" }): number {
  return by.padding === "same" ? Math.ceil(size / by.strides) : Math.floor((size - by.kernelSize) / by.strides) + 1;
}

function series(draw: Draw): Grown {
  const shape = [draw([4, 6]), draw([2, 5])];
  return { input: { shape, dtype: "float32" }, layers: [...times(draw, 2, () => overSteps(draw)), ...lastStep(draw)] };
}

function tokens(draw: Draw): Grown {
  const length = draw([4, 6]);
  const embedding = { type: "embedding", inputDim: 7, outputDim: draw([4, 6]), maskZero: draw([true, false]) } as const;
  const positions = { type: "positionalEncoding", kind: draw(["sinusoidal", "learned"] as const) } as const;
  const blocks = times(draw, 2, () => [
    {
      type: draw(["encoderBlock", "decoderBlock"] as const),
      heads: draw([1, 2]),
      feedForward: 6,
      order: draw(["pre", "post"] as const),
      normalization: draw(["layer", "rms"] as const),
      activation: draw(["relu", "gelu"] as const),
      dropout: draw([0, 0.2]),
    },
  ]);
  const end = draw([
    [{ type: "globalAveragePooling1d" }],
    [{ type: "takeStep", step: "last" }],
    [{ type: "gru", units: 3 }],
  ] as const satisfies readonly (readonly LayerInput[])[]);
  return { input: { shape: [length], dtype: "int32" }, layers: [embedding, positions, ...blocks, ...end] };
}

function overSteps(draw: Draw): readonly LayerInput[] {
  const kind = draw(["convolve", "recurrent", "recurrent", "normalize", "between"] as const);
  if (kind === "normalize") return normalization(draw);
  if (kind === "between") return between(draw);
  if (kind === "recurrent") return [{ ...recurrent(draw), returnSequences: true }];
  const activation = draw(activations);
  return [
    { type: "conv1d", filters: 3, kernelSize: draw([2, 3]), padding: draw(["same", "causal"] as const), activation },
  ];
}

function recurrent(draw: Draw) {
  // Both at once are refused.
  const direction = draw(["forward", "forward", "both", "backward"] as const);
  return {
    type: draw(["simpleRNN", "lstm", "gru"] as const),
    units: draw([2, 3]),
    bidirectional: direction === "both",
    goBackwards: direction === "backward",
    recurrentDropout: draw([0, 0, 0.2]),
  };
}

function lastStep(draw: Draw): LayerInput[] {
  const end = draw(["recurrent", "average", "flatten"] as const);
  if (end === "recurrent") return [recurrent(draw)];
  return [{ type: end === "average" ? "globalAveragePooling1d" : "flatten" }];
}

function hidden(draw: Draw): LayerInput[] {
  if (draw([true, false])) return [];
  return [
    { type: "dense", units: 4, activation: draw(activations), kernelRegularizer: draw([undefined, "l2"] as const) },
  ];
}

function normalization(draw: Draw): LayerInput[] {
  return [{ type: draw(["batchNormalization", "layerNormalization"] as const) }];
}

function between(draw: Draw): readonly LayerInput[] {
  return draw<readonly LayerInput[]>([
    [{ type: "dropout", rate: 0.3 }],
    [{ type: "gaussianNoise", stddev: 0.1 }],
    [{ type: "leakyReLU" }],
    [{ type: "activation", activation: "tanh" }],
  ]);
}
