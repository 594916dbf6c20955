import type { BaseLayer } from "../custom-layers/base-layer";
import type { InitializerConfig } from "../initializers";
import type { LayerContext } from "./define-layer";

interface Starts {
  readonly kernelInitializer: InitializerConfig;
  readonly biasInitializer?: InitializerConfig;
}

const named = (type: "ones" | "zeros") => ({ type }) as InitializerConfig;

/** Lets each weight of one of dlctl's own layers start from a seed of its own: they have several of each role. */
export function seedWeights<Layer extends BaseLayer>(
  layer: Layer,
  { kernelInitializer, biasInitializer = named("zeros") }: Starts,
  context: LayerContext,
): Layer {
  const starts = { kernel: kernelInitializer, bias: biasInitializer, ones: named("ones"), zeros: named("zeros") };
  layer.initializerOf = (name, role) => context.initializer(starts[role], name);
  return layer;
}
