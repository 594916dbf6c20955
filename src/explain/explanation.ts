import type { Patches } from "./find-patches";

export const explainMethods = ["grad-cam", "integrated-gradients", "saliency", "occlusion", "attention"] as const;

/** How it is found out what an answer hangs on; docs/explain.md defines each. */
export type ExplainMethod = (typeof explainMethods)[number];

/** One of the numbers that a model puts out. */
export interface ExplainedOutput {
  /** The class's label, or the value's name. */
  readonly name: string;
  /** Where it stands on the output's last axis. */
  readonly index: number;
  /** -1 where a single sigmoid unit speaks for the second of two classes, and this is the first. */
  readonly sign: 1 | -1;
  /** The step of the output, where it has an axis of steps. */
  readonly step?: number;
}

/** Importance by place: of pixels `[height, width]`, of tokens or steps `[steps]`, or of features `[features]`. */
export interface HeatMap {
  readonly values: Float32Array;
  readonly shape: readonly number[];
  /** Places that speak against the output are negative; else all are 0 or more. */
  readonly isSigned: boolean;
}

/** Integrated gradients: how nearly the map adds up to what it has to. */
export interface Completeness {
  /** Of the map. */
  readonly sum: number;
  /** Score of the input minus score of the baseline: what the sum is in theory. */
  readonly difference: number;
  /** Points of the path that gradients were taken at. */
  readonly steps: number;
}

/** The shares that attention gives from one step to all of them. */
export interface AttentionShares {
  readonly layer: string;
  /** For each head the shares `[keys]`, which sum to 1. */
  readonly heads: readonly Float32Array[];
}

/** Why a model says what it says of one input. */
export interface Explanation {
  readonly method: ExplainMethod;
  readonly output: ExplainedOutput;
  /** The number that was explained: a class's logit where it has one, else the output itself. */
  readonly score: number;
  /** What the model says for the output, after its activation. */
  readonly value: number;
  readonly map: HeatMap;
  /** Series: the map before it was summed over the channels, `[steps, channels]`. */
  readonly byChannel?: Float32Array;
  /** Whose outputs Grad-CAM looked at. */
  readonly layer?: string;
  readonly completeness?: Completeness;
  /** Attention layer by layer, the first layer first. */
  readonly attention?: readonly AttentionShares[];
  /** Attention in images: which steps are patches. */
  readonly patches?: Patches;
}
