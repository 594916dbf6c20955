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
}
