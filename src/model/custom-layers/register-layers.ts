import { defineBaseLayer } from "./base-layer";
import { defineCarryMask } from "./carry-mask";
import { defineCausalConv1d } from "./causal-conv1d";
import { defineClassToken } from "./class-token";
import { defineGru } from "./define-gru";
import { defineMaskedAveragePooling1d } from "./masked-average-pooling1d";
import { defineMultiHeadAttention } from "./multi-head-attention";
import { definePatchEmbedding } from "./patch-embedding";
import { definePositionalEncoding } from "./positional-encoding";
import { defineRmsNormalization } from "./rms-normalization";
import { defineTakeStep } from "./take-step";
import type { Tf } from "./tensorflow";
import { defineTransformerBlocks } from "./transformer-block";
import { defineUnmask } from "./unmask";

/**
 * Makes dlctl's own layers known to a TensorFlow.js, so that its `loadLayersModel` opens models that have them. Returns their
 * classes by name. All of them begin with "Dlctl".
 */
export function registerDlctlLayers(tf: Tf) {
  const Base = defineBaseLayer(tf);
  const classes = {
    DlctlMultiHeadAttention: defineMultiHeadAttention(tf, Base),
    DlctlPositionalEncoding: definePositionalEncoding(tf, Base),
    DlctlRmsNormalization: defineRmsNormalization(tf, Base),
    DlctlClassToken: defineClassToken(tf, Base),
    DlctlPatchEmbedding: definePatchEmbedding(tf, Base),
    DlctlTakeStep: defineTakeStep(tf, Base),
    ...defineTransformerBlocks(tf, Base),
    DlctlGRU: defineGru(tf),
    DlctlConv1D: defineCausalConv1d(tf),
    DlctlGlobalAveragePooling1D: defineMaskedAveragePooling1d(tf, Base),
    DlctlUnmask: defineUnmask(Base),
    DlctlCarryMask: defineCarryMask(Base),
  };
  for (const layer of Object.values(classes)) tf.serialization.registerClass(layer as never);
  return classes;
}

export type CustomLayers = ReturnType<typeof registerDlctlLayers>;
