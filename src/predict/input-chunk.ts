import type { HostTensor } from "../shared/host-tensor";
import type { InputName } from "./prediction";

/** A few inputs, read and preprocessed on the host, in the user's order. */
export interface InputChunk {
  readonly items: readonly InputItem[];
  /** `[readable, ...input shape]`: the items without a problem, in their order; undefined where all have one. */
  readonly inputs: HostTensor | undefined;
}

export interface InputItem {
  readonly name: InputName;
  /** Why it can't be predicted. */
  readonly problem?: string;
  /** Where each word has a label of its own. */
  readonly words?: InputWords;
  /** Where what the model puts out is not yet in the data's own units. */
  toOriginal?(outputs: Float32Array): Float32Array;
}

/** The words of a text, and which of them each of the model's steps is about; -1: none. */
export interface InputWords {
  readonly words: readonly string[];
  readonly wordOfStep: Int32Array;
}
