import type { tf } from "../../runtime/tf";
import { product } from "./attention-part";
import type { BaseLayerClass, WeightOptions } from "./base-layer";
import type { CallArguments, LayerArguments, Tf } from "./tensorflow";

export interface PatchEmbeddingConfig extends LayerArguments, WeightOptions {
  /** Height and width of a patch. */
  readonly size: readonly [number, number];
  readonly units: number;
}

/** Cuts an image into patches, row by row, and makes a vector of each: "An image is worth 16x16 words" (Dosovitskiy et al., 2021). */
export function definePatchEmbedding(tf: Tf, Base: BaseLayerClass) {
  return class DlctlPatchEmbedding extends Base {
    static className = "DlctlPatchEmbedding";
    private kernel!: tf.LayerVariable;
    private bias: tf.LayerVariable | undefined;

    constructor(private readonly given: PatchEmbeddingConfig) {
      super(given);
    }

    override build(inputShape: tf.Shape | tf.Shape[]): void {
      const { size, units } = this.given;
      const channels = (inputShape as tf.Shape).at(-1) as number;
      this.kernel = this.weight("kernel", [...size, channels, units], "kernel");
      if (this.options.useBias) this.bias = this.weight("bias", [units], "bias");
      super.build(inputShape);
    }

    override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
      const [batch, height, width] = inputShape as tf.Shape;
      const [rows, columns] = this.grid(height as number, width as number);
      return [batch ?? null, rows * columns, this.given.units];
    }

    override compute([input]: tf.Tensor[], _args: CallArguments): tf.Tensor {
      const x = input as tf.Tensor;
      const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
      const [patchHeight, patchWidth] = this.given.size;
      const [rows, columns] = this.grid(height, width);
      const line = patchWidth * channels;
      const cut = tf.transpose(tf.reshape(x, [batch * rows, patchHeight, columns, line]), [0, 2, 1, 3]);
      const patches = tf.reshape(cut, [batch, rows * columns, patchHeight * line]);
      const kernel = tf.reshape(this.kernel.read(), [patchHeight * line, this.given.units]);
      return product(tf, patches, kernel, this.bias?.read());
    }

    private grid(height: number, width: number): [rows: number, columns: number] {
      return [height / this.given.size[0], width / this.given.size[1]];
    }

    override getConfig(): tf.serialization.ConfigDict {
      const { size, units } = this.given;
      return { ...super.getConfig(), size: [...size], units };
    }
  };
}
