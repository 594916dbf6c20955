import { activation } from "./activation";
import { add } from "./add";
import { alphaDropout } from "./alpha-dropout";
import { average } from "./average";
import { averagePooling1d } from "./average-pooling1d";
import { averagePooling2d } from "./average-pooling2d";
import { averagePooling3d } from "./average-pooling3d";
import { batchNormalization } from "./batch-normalization";
import { carryMask } from "./carry-mask";
import { classToken } from "./class-token";
import { concatenate } from "./concatenate";
import { conv1d } from "./conv1d";
import { conv2d } from "./conv2d";
import { conv2dTranspose } from "./conv2d-transpose";
import { conv3d } from "./conv3d";
import { conv3dTranspose } from "./conv3d-transpose";
import { cropping2D } from "./cropping2d";
import { decoderBlock } from "./decoder-block";
import { dense } from "./dense";
import { depthwiseConv2d } from "./depthwise-conv2d";
import { dot } from "./dot";
import { dropout } from "./dropout";
import { elu } from "./elu";
import { embedding } from "./embedding";
import { encoderBlock } from "./encoder-block";
import { flatten } from "./flatten";
import { gaussianDropout } from "./gaussian-dropout";
import { gaussianNoise } from "./gaussian-noise";
import { globalAveragePooling1d } from "./global-average-pooling1d";
import { globalAveragePooling2d } from "./global-average-pooling2d";
import { globalMaxPooling1d } from "./global-max-pooling1d";
import { globalMaxPooling2d } from "./global-max-pooling2d";
import { gru } from "./gru";
import { layerNormalization } from "./layer-normalization";
import { leakyReLU } from "./leaky-re-lu";
import { lstm } from "./lstm";
import { masking } from "./masking";
import { maxPooling1d } from "./max-pooling1d";
import { maxPooling2d } from "./max-pooling2d";
import { maxPooling3d } from "./max-pooling3d";
import { maximum } from "./maximum";
import { minimum } from "./minimum";
import { multiHeadAttention } from "./multi-head-attention";
import { multiply } from "./multiply";
import { patchEmbedding } from "./patch-embedding";
import { permute } from "./permute";
import { positionalEncoding } from "./positional-encoding";
import { prelu } from "./prelu";
import { reLU } from "./re-lu";
import { repeatVector } from "./repeat-vector";
import { rescaling } from "./rescaling";
import { reshape } from "./reshape";
import { rmsNormalization } from "./rms-normalization";
import { separableConv2d } from "./separable-conv2d";
import { simpleRNN } from "./simple-rnn";
import { softmax } from "./softmax";
import { spatialDropout1d } from "./spatial-dropout1d";
import { spatialDropout2d } from "./spatial-dropout2d";
import { takeStep } from "./take-step";
import { thresholdedReLU } from "./thresholded-re-lu";
import { unmask } from "./unmask";
import { upSampling2d } from "./up-sampling2d";
import { zeroPadding2d } from "./zero-padding2d";

/** Every kind of layer, in the order of the docs: a new one is a file beside this and a line here. */
export const layerDefinitions = {
  dense,
  activation,
  reLU,
  leakyReLU,
  elu,
  prelu,
  thresholdedReLU,
  softmax,
  conv1d,
  conv2d,
  conv3d,
  conv2dTranspose,
  conv3dTranspose,
  separableConv2d,
  depthwiseConv2d,
  maxPooling1d,
  maxPooling2d,
  maxPooling3d,
  averagePooling1d,
  averagePooling2d,
  averagePooling3d,
  globalMaxPooling1d,
  globalMaxPooling2d,
  globalAveragePooling1d,
  globalAveragePooling2d,
  cropping2D,
  zeroPadding2d,
  upSampling2d,
  embedding,
  masking,
  unmask,
  carryMask,
  simpleRNN,
  lstm,
  gru,
  flatten,
  reshape,
  permute,
  repeatVector,
  batchNormalization,
  layerNormalization,
  rmsNormalization,
  multiHeadAttention,
  encoderBlock,
  decoderBlock,
  positionalEncoding,
  patchEmbedding,
  classToken,
  takeStep,
  dropout,
  spatialDropout1d,
  spatialDropout2d,
  gaussianNoise,
  gaussianDropout,
  alphaDropout,
  rescaling,
  add,
  multiply,
  average,
  maximum,
  minimum,
  concatenate,
  dot,
} as const;

export type LayerType = keyof typeof layerDefinitions;
