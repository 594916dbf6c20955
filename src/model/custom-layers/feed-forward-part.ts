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
    const activated =
      this.fusedHidden(x) ?? this.activate(product(this.tf, x, hidden.read(), hiddenBias?.read(), this.layer.fused()));
    return product(this.tf, activated, output.read(), outputBias?.read(), this.layer.fused());
  }

  /** The activated first layer where bias and GELU are one operation. */
  private fusedHidden(x: tf.Tensor): tf.Tensor | undefined {
    const { hidden, hiddenBias } = this.weights;
    const fused = this.layer.options.activation?.getClassName() === "gelu" ? this.layer.fused() : undefined;
    if (!fused) return undefined;
    const rows = this.tf.reshape(x, [-1, x.shape.at(-1) as number]);
    const activated = fused.biasGelu(fused.dense(rows, hidden.read(), undefined), hiddenBias?.read());
    return this.tf.reshape(activated, [...x.shape.slice(0, -1), this.units]);
  }

  private activate(x: tf.Tensor): tf.Tensor {
    const { activation } = this.layer.options;
    if (!activation) return x;
    return activation.getClassName() === "gelu" ? gelu(this.tf, x) : activation.apply(x);
  }
}
