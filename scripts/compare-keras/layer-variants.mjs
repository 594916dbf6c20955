// What is compared of each kind of layer: input shapes (without the batch) and options; several kinds have several.
const image = [7, 6, 4];
const steps = [8, 3];
const volume = [5, 6, 4, 2];
const row = [6];

/** Masks of three examples of eight steps: padding at the end, at the start, in the middle. */
const masks = {
  end: [
    [1, 1, 1, 1, 1, 1, 1, 1],
    [1, 1, 1, 1, 1, 0, 0, 0],
    [1, 0, 0, 0, 0, 0, 0, 0],
  ],
  start: [
    [0, 0, 0, 1, 1, 1, 1, 1],
    [0, 0, 0, 0, 0, 0, 0, 1],
    [1, 1, 1, 1, 1, 1, 1, 1],
  ],
  holes: [
    [1, 0, 1, 1, 0, 0, 1, 1],
    [0, 1, 0, 0, 0, 1, 0, 0],
    [0, 1, 1, 1, 1, 1, 1, 0],
  ],
};

/** What is compared of each recurrent layer. */
const recurrent = (...more) => [
  [steps, { units: 4 }],
  [steps, { units: 4, returnSequences: true, useBias: false, kernelRegularizer: "l2" }],
  [steps, { units: 3, goBackwards: true, returnSequences: true }],
  [steps, { units: 3, bidirectional: true, returnSequences: true }, { mask: masks.end }],
  [steps, { units: 3, bidirectional: "sum" }, { mask: masks.start }],
  [steps, { units: 3, bidirectional: "mul", recurrentRegularizer: "l2" }],
  [steps, { units: 3, bidirectional: "ave", returnSequences: true }, { mask: masks.holes }],
  [steps, { units: 4 }, { mask: masks.end }],
  [steps, { units: 4 }, { mask: masks.start }],
  [steps, { units: 4, returnSequences: true }, { mask: masks.end }],
  [steps, { units: 4, returnSequences: true }, { mask: masks.start }],
  [steps, { units: 4, returnSequences: true }, { mask: masks.holes }],
  [steps, { units: 4, returnSequences: true, goBackwards: true }, { mask: masks.holes }],
  [steps, { units: 4, activation: "relu" }, { mask: masks.end }],
  ...more,
];

export const layerVariants = {
  dense: [
    [row, { units: 5, activation: "tanh" }],
    [steps, { units: 4, useBias: false, kernelRegularizer: { type: "l1l2", l1: 0.01, l2: 0.02 } }],
    [row, { units: 3, activation: "softmax", biasRegularizer: "l2" }],
  ],
  activation: [[row, { activation: "relu" }]],
  elu: [[row, {}]],
  leakyReLU: [
    [row, {}],
    [row, { alpha: 0.1 }],
  ],
  prelu: [
    [row, {}],
    [image, { sharedAxes: [1, 2] }],
  ],
  reLU: [
    [row, {}],
    [row, { maxValue: 0.4 }],
  ],
  softmax: [
    [row, {}],
    [image, { axis: -1 }],
  ],
  thresholdedReLU: [[row, { theta: 0.3 }]],
  conv1d: [
    [steps, { filters: 5, kernelSize: 3 }],
    [steps, { filters: 5, kernelSize: 4, strides: 2, padding: "same", activation: "relu" }],
    [steps, { filters: 2, kernelSize: 3, dilationRate: 2, padding: "same" }],
    [steps, { filters: 2, kernelSize: 3, padding: "causal", activation: "tanh" }],
    [steps, { filters: 2, kernelSize: 3, dilationRate: 2, padding: "causal" }],
    [steps, { filters: 2, kernelSize: 3, strides: 2, padding: "causal" }],
  ],
  conv2d: [
    [image, { filters: 5, kernelSize: 3 }],
    [image, { filters: 5, kernelSize: [2, 3], strides: 2, padding: "same", activation: "relu" }],
    [image, { filters: 3, kernelSize: [3, 2], strides: [1, 2], useBias: false }],
    [image, { filters: 3, kernelSize: 3, dilationRate: 2 }],
    [image, { filters: 3, kernelSize: 2, dilationRate: [3, 2], padding: "same" }],
  ],
  conv3d: [
    [volume, { filters: 3, kernelSize: 2 }],
    [volume, { filters: 3, kernelSize: [2, 3, 2], strides: 2, padding: "same", activation: "sigmoid" }],
  ],
  conv2dTranspose: [
    [image, { filters: 3, kernelSize: 3 }],
    [image, { filters: 3, kernelSize: 3, strides: 2, padding: "same", activation: "relu" }],
    [image, { filters: 2, kernelSize: [2, 4], strides: [2, 3] }],
  ],
  conv3dTranspose: [
    [volume, { filters: 2, kernelSize: 2 }],
    [volume, { filters: 2, kernelSize: 3, strides: 2, padding: "same" }],
  ],
  separableConv2d: [
    [image, { filters: 5, kernelSize: 3 }],
    [image, { filters: 5, kernelSize: 3, strides: 2, padding: "same", depthMultiplier: 2, activation: "relu" }],
    [image, { filters: 3, kernelSize: 2, dilationRate: 2 }],
  ],
  depthwiseConv2d: [
    [image, { kernelSize: 3 }],
    [image, { kernelSize: [2, 3], strides: 2, padding: "same", depthMultiplier: 2, activation: "relu" }],
  ],
  maxPooling1d: [
    [steps, {}],
    [steps, { poolSize: 3, strides: 2, padding: "same" }],
  ],
  maxPooling2d: [
    [image, {}],
    [image, { poolSize: [3, 2], strides: [2, 1], padding: "same" }],
  ],
  maxPooling3d: [
    [volume, {}],
    [volume, { poolSize: 2, strides: 1, padding: "same" }],
  ],
  averagePooling1d: [
    [steps, {}],
    [steps, { poolSize: 3, strides: 2, padding: "same" }],
  ],
  averagePooling2d: [
    [image, {}],
    [image, { poolSize: [3, 2], strides: [2, 1], padding: "same" }],
  ],
  averagePooling3d: [
    [volume, {}],
    [volume, { poolSize: 2, strides: 1, padding: "same" }],
  ],
  globalMaxPooling1d: [[steps, {}]],
  globalMaxPooling2d: [[image, {}]],
  globalAveragePooling1d: [
    [steps, {}],
    [steps, {}, { mask: masks.end }],
    [steps, {}, { mask: masks.holes }],
  ],
  globalAveragePooling2d: [[image, {}]],
  upSampling2d: [
    [image, {}],
    [image, { size: [3, 2], interpolation: "nearest" }],
    [image, { size: 2, interpolation: "bilinear" }],
  ],
  zeroPadding2d: [
    [image, {}],
    [
      image,
      {
        padding: [
          [1, 2],
          [0, 3],
        ],
      },
    ],
  ],
  cropping2D: [
    [
      image,
      {
        cropping: [
          [1, 2],
          [0, 3],
        ],
      },
    ],
  ],
  embedding: [
    [[8], { inputDim: 6, outputDim: 4 }, { ids: 6 }],
    [[8], { inputDim: 6, outputDim: 4, maskZero: true, embeddingsRegularizer: "l2" }, { ids: 6 }],
  ],
  masking: [[steps, { maskValue: 0.5 }]],
  unmask: [[steps, {}]],
  carryMask: [[steps, {}]],
  simpleRNN: recurrent([steps, { units: 4, activation: "sigmoid", returnSequences: true }]),
  lstm: recurrent(
    [steps, { units: 4, recurrentActivation: "hardSigmoid" }],
    [steps, { units: 4, activation: "softsign", returnSequences: true }],
  ),
  gru: recurrent(
    [steps, { units: 4, recurrentActivation: "hardSigmoid" }],
    [steps, { units: 4, resetAfter: false }],
    [steps, { units: 4, resetAfter: false, returnSequences: true, bidirectional: true }, { mask: masks.holes }],
    [steps, { units: 4, resetAfter: false, activation: "softsign", useBias: false }],
  ),
  rescaling: [[image, { scale: 0.25, offset: -1 }]],
  flatten: [[image, {}]],
  reshape: [[image, { targetShape: [14, 12] }]],
  permute: [[image, { dims: [3, 1, 2] }]],
  repeatVector: [[row, { n: 3 }]],
  batchNormalization: [
    [image, {}],
    [image, {}, { isTraining: true }],
    [row, { momentum: 0.8, epsilon: 0.01 }, { isTraining: true }],
    [steps, { center: false, scale: false }, { isTraining: true }],
    [steps, {}, { isTraining: true, mask: masks.end }],
    [steps, {}, { mask: masks.end }],
  ],
  layerNormalization: [
    [row, {}],
    [image, { axis: [1, 2, 3], epsilon: 0.01 }],
    [steps, { center: false }],
  ],
  add: [[[image, image, image], {}]],
  multiply: [[[image, image], {}]],
  average: [[[image, image, image], {}]],
  maximum: [[[image, image], {}]],
  minimum: [[[image, image, image], {}]],
  concatenate: [
    [[image, image], {}],
    [[image, image], { axis: 1 }],
  ],
  dot: [
    [[row, row], { axes: 1 }],
    [[steps, steps], { axes: [1, 1] }],
    [[steps, steps], { axes: 2, normalize: true }],
  ],
  multiHeadAttention: [
    [steps, { heads: 3, keyDimension: 4 }, { mask: masks.holes }],
    [steps, { heads: 3, keyDimension: 4, causal: true }, { mask: masks.end }],
    [steps, { heads: 3, keyDimension: 4, rotary: true }, { mask: masks.start }],
  ],
  encoderBlock: [[[8, 6], { heads: 2, order: "post" }, { mask: masks.start }]],
  decoderBlock: [[[8, 6], { heads: 3, normalization: "rms" }, { mask: masks.end }]],
  positionalEncoding: [
    [steps, {}, { mask: masks.start }],
    [steps, { kind: "learned", maxLength: 10 }, { mask: masks.start }],
  ],
  takeStep: [
    [steps, { step: "first" }, { mask: masks.start }],
    [steps, { step: "last" }, { mask: masks.start }],
  ],
};

/** Layers that do nothing at inference and draw random numbers in training; how many numbers share one draw. */
export const randomVariants = {
  dropout: [[[40, 30], { rate: 0.3 }, 1]],
  spatialDropout1d: [[[20, 30], { rate: 0.4 }, 20]],
  spatialDropout2d: [[[5, 4, 30], { rate: 0.4 }, 20]],
  gaussianNoise: [[[40, 30], { stddev: 0.5 }, 1]],
  gaussianDropout: [[[40, 30], { rate: 0.3 }, 1]],
  alphaDropout: [[[40, 30], { rate: 0.2 }, 1]],
};
