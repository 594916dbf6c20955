import type { NativeBackend } from "../native-backend";
import type { tf } from "../tf";

/** Inputs, attributes and backend of a kernel's call, as tfjs gives them. */
export interface KernelCall {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly backend: NativeBackend;
}

/** Another implementation of one of tfjs's kernels on libtensorflow: the same values, faster or able to be recorded. */
export interface KernelOverride {
  /** tfjs's name. */
  readonly kernel: string;
  /** Why tfjs-node's own is not used. */
  readonly reason: string;
  /** The result; undefined leaves this call to tfjs-node's own kernel. */
  run(call: KernelCall): tf.TensorInfo | undefined;
}

/** Another gradient of one of tfjs's ops, used on libtensorflow only. */
export interface GradientOverride {
  readonly kernel: string;
  readonly reason: string;
  readonly inputsToSave?: readonly string[];
  readonly outputsToSave?: readonly boolean[];
  /** Gradient of the input `x`; undefined leaves this call to tfjs's own gradient, which gets the same saved tensors. */
  gradient(
    dy: tf.Tensor,
    saved: readonly tf.Tensor[],
    attrs: Readonly<Record<string, unknown>>,
    backend: NativeBackend,
  ): tf.Tensor | undefined;
}
