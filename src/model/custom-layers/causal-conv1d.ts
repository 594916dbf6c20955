import type { tf } from "../../runtime/tf";
import type { Tf } from "./tensorflow";

interface ConvolutionConfig extends Record<string, unknown> {
  readonly kernelSize: number | readonly [number];
  readonly dilationRate?: number | readonly [number];
}

type ConvolutionClass = (new (
  config: Record<string, unknown>,
) => tf.layers.Layer) & {
  fromConfig: tf.serialization.FromConfigMethod<tf.layers.Layer>;
};

const numberOf = (value: number | readonly [number] | undefined) => (typeof value === "object" ? value[0] : value) ?? 1;

/**
 * A convolution over steps whose output at a step depends on none after it: zeros stand before the first one. TensorFlow.js's
 * Conv1D knows the option by name, and refuses it.
 */
export function defineCausalConv1d(tf: Tf) {
  const Base = tf.layers.conv1d({ filters: 1, kernelSize: 1 }).constructor as unknown as ConvolutionClass;
  return class DlctlConv1D extends Base {
    static readonly className: string = "DlctlConv1D";
    /** Zeros before the first step. */
    readonly zeros: number;

    constructor(config: ConvolutionConfig) {
      super({ ...config, padding: "valid" });
      this.zeros = (numberOf(config.kernelSize) - 1) * numberOf(config.dilationRate);
    }

    /** The input with the zeros. */
    lengthen(x: tf.Tensor): tf.Tensor {
      return tf.pad(x, [
        [0, 0],
        [this.zeros, 0],
        [0, 0],
      ]);
    }

    override computeOutputShape([batch, steps, channels]: [number, number, number]): tf.Shape {
      return super.computeOutputShape([batch, steps + this.zeros, channels]) as tf.Shape;
    }

    override call(
      inputs: tf.Tensor | tf.Tensor[],
      args: Parameters<tf.layers.Layer["call"]>[1],
    ): tf.Tensor | tf.Tensor[] {
      return tf.tidy(() => super.call(this.lengthen((Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor), args));
    }

    override getConfig(): tf.serialization.ConfigDict {
      return { ...super.getConfig(), padding: "causal" };
    }
  };
}
