import type { tf } from "../../runtime/tf";
import { product } from "./attention-part";
import type { BaseLayer } from "./base-layer";
import { gelu } from "./gelu";
import type { Tf } from "./tensorflow";

/** Two dense layers on each step, with the layer's activation between them. */
export class FeedForwardPart {
  private weights!: {
    readonly hidden: tf.LayerVariable;
    readonly hiddenBias: tf.LayerVariable | undefined;
    readonly output: tf.LayerVariable;
    readonly outputBias: tf.LayerVariable | undefined;
  };

  constructor(
    private readonly tf: Tf,
    private readonly layer: BaseLayer,
    private readonly prefix: string,
    private readonly units: number,
  ) {}

  build(width: number): void {
    const { layer, prefix, units } = this;
    const bias = (name: string, size: number) =>
      layer.options.useBias ? layer.weight(`${prefix}${name}/bias`, [size], "bias") : undefined;
    this.weights = {
      hidden: layer.weight(`${prefix}hidden/kernel`, [width, units], "kernel"),
      hiddenBias: bias("hidden", units),
      output: layer.weight(`${prefix}output/kernel`, [units, width], "kernel"),
      outputBias: bias("output", width),
    };
  }

  apply(x: tf.Tensor): tf.Tensor {
    const { hidden, hiddenBias, output, outputBias } = this.weights;
    const before = product(this.tf, x, hidden.read(), hiddenBias?.read());
    return product(this.tf, this.activate(before), output.read(), outputBias?.read());
  }

  private activate(x: tf.Tensor): tf.Tensor {
    const { activation } = this.layer.options;
    if (!activation) return x;
    return activation.getClassName() === "gelu" ? gelu(this.tf, x) : activation.apply(x);
  }
}
