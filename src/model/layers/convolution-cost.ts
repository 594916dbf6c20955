import type { ActivationName } from "../activations";
import { activation, bias } from "../costs/elementwise";
import { type CostShapes, type Operation, sizeOf } from "../costs/operation";
import { convolution } from "../costs/products";
import { product } from "../costs/windows";

interface ConvolutionOptions {
  readonly filters: number;
  readonly kernelSize: number | readonly number[];
  readonly dataFormat?: "channelsLast" | "channelsFirst";
  readonly useBias: boolean;
  readonly activation: ActivationName;
}

/** The cost of a convolution whose windows lie over `axes` axes, or of its transpose, whose windows lie over those of the output. */
export function convolutionCost(axes: number, { isTransposed } = { isTransposed: false }) {
  return (options: ConvolutionOptions, { inputs: [input = []], output }: CostShapes): Operation[] => {
    const { filters, kernelSize, dataFormat, useBias } = options;
    const channels = (dataFormat === "channelsFirst" ? input[0] : input.at(-1)) ?? 1;
    const outputs = sizeOf(output);
    return [
      convolution({
        positions: isTransposed ? sizeOf(input) / channels : outputs / filters,
        window: product(kernelSize, axes) * channels,
        filters,
        input: sizeOf(input),
        output: outputs,
      }),
      ...bias(useBias, outputs, filters),
      ...activation(options.activation, outputs),
    ];
  };
}
