import type { LayerInput } from "../../src/model/layer-config";
import type { LayerType } from "../../src/model/layers/layer-definitions";

/** A small layer to test: the shapes of its inputs without the batch's axis, and its config without `inputs`. */
export interface LayerSample<Type extends LayerType = LayerType> {
  readonly inputs: readonly (readonly number[])[];
  /** Type of the inputs; for int32, whole numbers from 0 to 6. float32 by default. */
  readonly dtype?: "int32";
  readonly config: Omit<Extract<LayerInput, { type: Type }>, "name" | "inputs">;
}

const image = [5, 6, 3];
const sequence = [7, 3];
/** For layers that take each step by itself, and their time. */
const short = [3, 2];
const volume = [4, 5, 4, 2];

/** One sample or more of each kind of layer: a kind without one does not compile. */
export const layerSamples = {
  dense: [
    { inputs: [[4]], config: { type: "dense", units: 3, activation: "tanh" } },
    { inputs: [sequence], config: { type: "dense", units: 2, useBias: false, kernelInitializer: "heNormal" } },
  ],
  activation: [
    { inputs: [[4]], config: { type: "activation", activation: "gelu" } },
    { inputs: [[4]], config: { type: "activation", activation: "softmax" } },
    { inputs: [[4]], config: { type: "activation", activation: "elu" } },
    { inputs: [[4]], config: { type: "activation", activation: "selu" } },
    { inputs: [[4]], config: { type: "activation", activation: "relu6" } },
    { inputs: [[4]], config: { type: "activation", activation: "swish" } },
    { inputs: [[4]], config: { type: "activation", activation: "mish" } },
    { inputs: [[4]], config: { type: "activation", activation: "softplus" } },
    { inputs: [[4]], config: { type: "activation", activation: "softsign" } },
    { inputs: [[4]], config: { type: "activation", activation: "logSoftmax" } },
    { inputs: [[4]], config: { type: "activation", activation: "hardSigmoid" } },
    { inputs: [[4]], config: { type: "activation", activation: "sigmoid" } },
    { inputs: [[4]], config: { type: "activation", activation: "relu" } },
    { inputs: [[4]], config: { type: "activation", activation: "linear" } },
  ],
  reLU: [{ inputs: [[4]], config: { type: "reLU", maxValue: 0.5 } }],
  leakyReLU: [{ inputs: [[4]], config: { type: "leakyReLU" } }],
  elu: [{ inputs: [[4]], config: { type: "elu" } }],
  prelu: [
    { inputs: [[4]], config: { type: "prelu", alphaInitializer: { type: "constant", value: 0.2 } } },
    {
      inputs: [image],
      config: { type: "prelu", sharedAxes: [1, 2], alphaInitializer: { type: "randomUniform", minval: 0, maxval: 1 } },
    },
  ],
  thresholdedReLU: [{ inputs: [[4]], config: { type: "thresholdedReLU", theta: 0.4 } }],
  softmax: [{ inputs: [[3, 4]], config: { type: "softmax" } }],
  conv1d: [
    { inputs: [sequence], config: { type: "conv1d", filters: 2, kernelSize: 3, strides: 2, padding: "same" } },
    { inputs: [sequence], config: { type: "conv1d", filters: 2, kernelSize: 2, dilationRate: 3, activation: "tanh" } },
    { inputs: [sequence], config: { type: "conv1d", filters: 2, kernelSize: 3, strides: 2, padding: "causal" } },
    { inputs: [sequence], config: { type: "conv1d", filters: 3, kernelSize: 3, dilationRate: 2, padding: "causal" } },
  ],
  conv2d: [
    { inputs: [image], config: { type: "conv2d", filters: 2, kernelSize: 3, activation: "tanh" } },
    { inputs: [image], config: { type: "conv2d", filters: 2, kernelSize: [2, 3], strides: [2, 1], padding: "same" } },
    {
      inputs: [image],
      config: { type: "conv2d", filters: 2, kernelSize: 2, dilationRate: [2, 3], activation: "swish" },
    },
    { inputs: [image], config: { type: "conv2d", filters: 2, kernelSize: 3, dilationRate: 2, padding: "same" } },
    {
      inputs: [[3, 5, 6]],
      config: { type: "conv2d", filters: 2, kernelSize: 2, dilationRate: 2, dataFormat: "channelsFirst" },
    },
    { inputs: [[3, 5, 6]], config: { type: "conv2d", filters: 2, kernelSize: 2, dataFormat: "channelsFirst" } },
  ],
  conv3d: [
    { inputs: [volume], config: { type: "conv3d", filters: 2, kernelSize: 2, strides: [1, 2, 1], activation: "tanh" } },
    { inputs: [volume], config: { type: "conv3d", filters: 2, kernelSize: 3, padding: "same" } },
  ],
  conv2dTranspose: [
    { inputs: [[3, 4, 2]], config: { type: "conv2dTranspose", filters: 3, kernelSize: 3, strides: 2 } },
    {
      inputs: [[3, 4, 2]],
      config: { type: "conv2dTranspose", filters: 3, kernelSize: [2, 3], strides: 2, padding: "same" },
    },
  ],
  conv3dTranspose: [
    {
      inputs: [[2, 3, 2, 2]],
      config: { type: "conv3dTranspose", filters: 2, kernelSize: 2, strides: 2, padding: "same" },
    },
  ],
  separableConv2d: [
    {
      inputs: [image],
      config: { type: "separableConv2d", filters: 2, kernelSize: 3, depthMultiplier: 2, activation: "tanh" },
    },
    {
      inputs: [image],
      config: { type: "separableConv2d", filters: 2, kernelSize: 2, dilationRate: 2, padding: "same" },
    },
    {
      inputs: [image],
      config: { type: "separableConv2d", filters: 2, kernelSize: 3, strides: 2, pointwiseInitializer: "heNormal" },
    },
  ],
  depthwiseConv2d: [
    {
      inputs: [image],
      config: { type: "depthwiseConv2d", kernelSize: 3, depthMultiplier: 2, strides: 2, padding: "same" },
    },
    {
      inputs: [image],
      config: { type: "depthwiseConv2d", kernelSize: 2, depthwiseRegularizer: "l2", activation: "tanh" },
    },
  ],
  maxPooling1d: [{ inputs: [sequence], config: { type: "maxPooling1d", poolSize: 3, strides: 2, padding: "same" } }],
  maxPooling2d: [
    { inputs: [image], config: { type: "maxPooling2d" } },
    { inputs: [image], config: { type: "maxPooling2d", poolSize: [2, 3], strides: 2, padding: "same" } },
  ],
  maxPooling3d: [{ inputs: [volume], config: { type: "maxPooling3d" } }],
  averagePooling1d: [
    { inputs: [sequence], config: { type: "averagePooling1d", poolSize: 3, strides: 2, padding: "same" } },
  ],
  averagePooling2d: [
    { inputs: [image], config: { type: "averagePooling2d", poolSize: 3, strides: 2, padding: "same" } },
    { inputs: [[3, 5, 6]], config: { type: "averagePooling2d", dataFormat: "channelsFirst" } },
  ],
  averagePooling3d: [{ inputs: [volume], config: { type: "averagePooling3d", padding: "same" } }],
  globalMaxPooling1d: [{ inputs: [sequence], config: { type: "globalMaxPooling1d" } }],
  globalMaxPooling2d: [{ inputs: [image], config: { type: "globalMaxPooling2d" } }],
  globalAveragePooling1d: [{ inputs: [sequence], config: { type: "globalAveragePooling1d" } }],
  globalAveragePooling2d: [{ inputs: [image], config: { type: "globalAveragePooling2d" } }],
  cropping2D: [
    {
      inputs: [image],
      config: {
        type: "cropping2D",
        cropping: [
          [1, 2],
          [0, 3],
        ],
      },
    },
  ],
  zeroPadding2d: [{ inputs: [image], config: { type: "zeroPadding2d", padding: [1, 2] } }],
  upSampling2d: [
    { inputs: [image], config: { type: "upSampling2d", size: [3, 2] } },
    { inputs: [image], config: { type: "upSampling2d", interpolation: "bilinear" } },
  ],
  embedding: [
    { inputs: [[6]], dtype: "int32", config: { type: "embedding", inputDim: 7, outputDim: 3, maskZero: true } },
  ],
  masking: [{ inputs: [sequence], config: { type: "masking", maskValue: -1 } }],
  unmask: [{ inputs: [sequence], config: { type: "unmask" } }],
  carryMask: [{ inputs: [sequence], config: { type: "carryMask" } }],
  simpleRNN: [
    { inputs: [short], config: { type: "simpleRNN", units: 4 } },
    { inputs: [short], config: { type: "simpleRNN", units: 2, activation: "sigmoid", returnSequences: true } },
    {
      inputs: [short],
      config: { type: "simpleRNN", units: 3, bidirectional: true, returnSequences: true },
    },
    { inputs: [short], config: { type: "simpleRNN", units: 2, dropout: 0.3, recurrentDropout: 0.3 } },
  ],
  lstm: [
    { inputs: [short], config: { type: "lstm", units: 4 } },
    {
      inputs: [short],
      config: { type: "lstm", units: 2, returnSequences: true, goBackwards: true, useBias: false },
    },
    {
      inputs: [short],
      config: { type: "lstm", units: 3, bidirectional: "sum", returnSequences: true, dropout: 0.3 },
    },
    {
      inputs: [short],
      config: { type: "lstm", units: 2, recurrentActivation: "hardSigmoid", recurrentDropout: 0.4 },
    },
    {
      inputs: [short],
      config: { type: "lstm", units: 2, bidirectional: true, recurrentRegularizer: "l2", biasInitializer: "heNormal" },
    },
  ],
  gru: [
    { inputs: [short], config: { type: "gru", units: 4, biasInitializer: "glorotUniform" } },
    { inputs: [short], config: { type: "gru", units: 2, returnSequences: true, goBackwards: true, useBias: false } },
    {
      inputs: [short],
      config: { type: "gru", units: 3, bidirectional: "mul", returnSequences: true, dropout: 0.3 },
    },
    { inputs: [short], config: { type: "gru", units: 2, activation: "softsign", recurrentDropout: 0.4 } },
    { inputs: [short], config: { type: "gru", units: 3, resetAfter: false, bidirectional: "ave" } },
  ],
  flatten: [
    { inputs: [image], config: { type: "flatten" } },
    { inputs: [image], config: { type: "flatten", dataFormat: "channelsFirst" } },
  ],
  reshape: [{ inputs: [image], config: { type: "reshape", targetShape: [9, -1] } }],
  permute: [{ inputs: [image], config: { type: "permute", dims: [3, 1, 2] } }],
  repeatVector: [{ inputs: [[4]], config: { type: "repeatVector", n: 3 } }],
  batchNormalization: [
    {
      inputs: [image],
      config: { type: "batchNormalization", gammaInitializer: { type: "randomUniform", minval: 0.5, maxval: 2 } },
    },
    { inputs: [[4]], config: { type: "batchNormalization", scale: false } },
    { inputs: [sequence], config: { type: "batchNormalization", center: false, momentum: 0.9, epsilon: 0.01 } },
  ],
  layerNormalization: [
    { inputs: [sequence], config: { type: "layerNormalization" } },
    { inputs: [image], config: { type: "layerNormalization", axis: [1, -1], betaInitializer: "ones" } },
    { inputs: [[4]], config: { type: "layerNormalization", center: false, scale: false } },
  ],
  rmsNormalization: [{ inputs: [sequence], config: { type: "rmsNormalization" } }],
  multiHeadAttention: [
    { inputs: [[5, 4]], config: { type: "multiHeadAttention", heads: 2, biasInitializer: "glorotUniform" } },
    {
      inputs: [[5, 4]],
      config: { type: "multiHeadAttention", heads: 2, keyDimension: 4, causal: true, rotary: true, useBias: false },
    },
    {
      inputs: [
        [5, 4],
        [3, 6],
      ],
      config: { type: "multiHeadAttention", heads: 2, keyDimension: 3, valueDimension: 2, outputShape: 5 },
    },
    { inputs: [[5, 4]], config: { type: "multiHeadAttention", heads: 1, valueDimension: 3, dropout: 0.3 } },
  ],
  encoderBlock: [
    { inputs: [[5, 4]], config: { type: "encoderBlock", heads: 2 } },
    {
      inputs: [[5, 4]],
      config: {
        type: "encoderBlock",
        heads: 2,
        order: "post",
        activation: "tanh",
        dropout: 0.2,
        kernelRegularizer: "l2",
      },
    },
    {
      inputs: [[5, 4]],
      config: { type: "encoderBlock", heads: 1, normalization: "rms", feedForward: 6, rotary: true, useBias: false },
    },
  ],
  decoderBlock: [
    { inputs: [[5, 4]], config: { type: "decoderBlock", heads: 2, dropout: 0.1 } },
    {
      inputs: [
        [5, 4],
        [3, 6],
      ],
      config: { type: "decoderBlock", heads: 2, rotary: true, order: "post" },
    },
  ],
  positionalEncoding: [
    { inputs: [sequence], config: { type: "positionalEncoding" } },
    { inputs: [sequence], config: { type: "positionalEncoding", kind: "learned", maxLength: 9, scaleInput: true } },
  ],
  patchEmbedding: [{ inputs: [[4, 6, 2]], config: { type: "patchEmbedding", size: [2, 3], units: 3 } }],
  classToken: [{ inputs: [sequence], config: { type: "classToken", tokenInitializer: "glorotUniform" } }],
  takeStep: [
    { inputs: [sequence], config: { type: "takeStep" } },
    { inputs: [sequence], config: { type: "takeStep", step: "last" } },
  ],
  dropout: [
    { inputs: [[40]], config: { type: "dropout", rate: 0.4 } },
    { inputs: [sequence], config: { type: "dropout", rate: 0.4, noiseShape: [null, 1, null] } },
  ],
  spatialDropout1d: [{ inputs: [sequence], config: { type: "spatialDropout1d", rate: 0.4 } }],
  spatialDropout2d: [{ inputs: [image], config: { type: "spatialDropout2d", rate: 0.4 } }],
  gaussianNoise: [{ inputs: [[4]], config: { type: "gaussianNoise", stddev: 0.3 } }],
  gaussianDropout: [{ inputs: [[4]], config: { type: "gaussianDropout", rate: 0.3 } }],
  alphaDropout: [{ inputs: [[4]], config: { type: "alphaDropout", rate: 0.3 } }],
  rescaling: [{ inputs: [image], config: { type: "rescaling", scale: 0.5, offset: -1 } }],
  add: [{ inputs: [image, image, image], config: { type: "add" } }],
  multiply: [{ inputs: [image, [1, 1, 3]], config: { type: "multiply" } }],
  average: [{ inputs: [[4], [4], [4]], config: { type: "average" } }],
  maximum: [{ inputs: [[4], [4]], config: { type: "maximum" } }],
  minimum: [{ inputs: [[4], [4]], config: { type: "minimum" } }],
  concatenate: [
    { inputs: [sequence, [7, 2]], config: { type: "concatenate" } },
    { inputs: [sequence, [2, 3]], config: { type: "concatenate", axis: 1 } },
  ],
  dot: [
    { inputs: [[4], [4]], config: { type: "dot", axes: 1, normalize: true } },
    {
      inputs: [
        [3, 4],
        [5, 4],
      ],
      config: { type: "dot", axes: 2 },
    },
    { inputs: [[3, 4], [3]], config: { type: "dot", axes: [1, 1] } },
  ],
} satisfies { readonly [Type in LayerType]: readonly LayerSample<Type>[] };

/** Each sample with a title for its test. */
export const titledSamples: readonly (readonly [string, LayerSample])[] = Object.values(layerSamples).flatMap(
  (samples) =>
    (samples as readonly LayerSample[]).map((sample): [string, LayerSample] => {
      const { type, ...options } = sample.config;
      return [`${type} ${JSON.stringify(options)}`, sample];
    }),
);
