import type { NativeBackend } from "../native-backend";
import { tf } from "../tf";
import { reluGradient, sigmoidGradient, tanhGradient } from "./activation-gradients";
import { add } from "./add";
import { batchMatMul } from "./batch-mat-mul";
import { fusedConv2d, fusedMatMul } from "./bias-add";
import { cast } from "./cast";
import { gatherV2 } from "./gather-v2";
import type { GradientOverride, KernelCall, KernelOverride } from "./kernel-override";
import { reshape } from "./reshape";
import { step } from "./step";
import { sum } from "./sum";
import { tileGradient } from "./tile-gradient";

export const kernelOverrides: readonly KernelOverride[] = [
  add,
  batchMatMul,
  cast,
  fusedConv2d,
  fusedMatMul,
  gatherV2,
  reshape,
  step,
  sum,
];

export const gradientOverrides: readonly GradientOverride[] = [
  reluGradient,
  sigmoidGradient,
  tanhGradient,
  tileGradient,
];

type KernelArguments = Omit<KernelCall, "attrs"> & { readonly attrs?: KernelCall["attrs"] };

/** Puts the overrides in place of tfjs's own, for the backend of this name. To be called once for each tfjs. */
export function registerOverrides(backendName: string): void {
  for (const override of kernelOverrides) overrideKernel(override, backendName);
  for (const override of gradientOverrides) overrideGradient(override, backendName);
}

function overrideKernel({ kernel, run }: KernelOverride, backendName: string): void {
  const own = tf.getKernel(kernel, backendName);
  tf.unregisterKernel(kernel, backendName);
  tf.registerKernel({
    ...own,
    kernelFunc: (call: KernelArguments) => run({ ...call, attrs: call.attrs ?? {} }) ?? own.kernelFunc(call as never),
  } as unknown as tf.KernelConfig);
}

/** Gradients are registered for all backends together, so that others must keep tfjs's own. */
function overrideGradient(
  { kernel, gradient, inputsToSave, outputsToSave }: GradientOverride,
  backendName: string,
): void {
  const own = tf.getGradient(kernel);
  tf.unregisterGradient(kernel);
  tf.registerGradient({
    kernelName: kernel,
    ...(inputsToSave ? { inputsToSave: [...inputsToSave] } : {}),
    ...(outputsToSave ? { outputsToSave: [...outputsToSave] } : {}),
    gradFunc: (dy, saved, attrs) => {
      if (tf.getBackend() !== backendName) return own.gradFunc(dy, saved, attrs);
      const backend = tf.backend() as unknown as NativeBackend;
      const ownGradient = () => (own.gradFunc(dy, saved, attrs).x as () => tf.Tensor)();
      return { x: () => gradient(dy as tf.Tensor, saved, attrs, backend) ?? ownGradient() };
    },
  });
}
