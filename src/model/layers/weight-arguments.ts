import type { z } from "zod";
import type { LayerContext } from "./define-layer";
import type { biasOptions, kernelOptions } from "./shared-options";
import { withoutUndefined } from "./without-undefined";

type BiasOptions = z.output<z.ZodObject<typeof biasOptions>>;
type KernelOptions = z.output<z.ZodObject<typeof kernelOptions>>;

/** The arguments of a tfjs layer that `biasOptions` stand for. */
export function biasArguments(options: BiasOptions, context: LayerContext) {
  return withoutUndefined({
    useBias: options.useBias,
    biasInitializer: context.initializer(options.biasInitializer, "bias"),
    biasRegularizer: context.regularizer(options.biasRegularizer),
    biasConstraint: context.constraint(options.biasConstraint),
  });
}

/** The arguments of a tfjs layer that `kernelOptions` stand for. */
export function kernelArguments(options: KernelOptions, context: LayerContext) {
  return {
    activation: options.activation,
    ...withoutUndefined({
      kernelInitializer: context.initializer(options.kernelInitializer, "kernel"),
      kernelRegularizer: context.regularizer(options.kernelRegularizer),
      kernelConstraint: context.constraint(options.kernelConstraint),
    }),
    ...biasArguments(options, context),
  };
}
