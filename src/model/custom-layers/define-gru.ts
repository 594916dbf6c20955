import type { tf as TensorFlow } from "../../runtime/tf";
import type { Tf } from "./tensorflow";

/** What a subclass needs of tfjs's GRU cell; the fields are not in its types. */
interface GruCell extends TensorFlow.layers.Layer {
  readonly units: number;
  readonly useBias: boolean;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly activation: { apply(x: TensorFlow.Tensor): TensorFlow.Tensor };
  readonly recurrentActivation: { apply(x: TensorFlow.Tensor): TensorFlow.Tensor };
  readonly kernel: TensorFlow.LayerVariable;
  readonly recurrentKernel: TensorFlow.LayerVariable;
  bias: TensorFlow.LayerVariable | null;
  readonly dropoutFunc?: (ones: TensorFlow.Tensor, rate: number) => TensorFlow.Tensor;
  /** Drawn at the first step of a call; the layer disposes them at the next call. */
  dropoutMask: TensorFlow.Tensor[] | null;
  recurrentDropoutMask: TensorFlow.Tensor[] | null;
}

type Config = Record<string, unknown>;
type CellClass = new (config: Config) => GruCell;
type LayerClass = (new (config: Config) => TensorFlow.layers.Layer & { cell: GruCell }) & Registered;
/** How tfjs makes a layer from model.json. */
type Registered = { fromConfig: TensorFlow.serialization.FromConfigMethod<TensorFlow.layers.Layer> };

/**
 * The class of a GRU that applies the reset gate after the product with the state, as Keras's does by default and tfjs's
 * can't. Made of `tf` alone, without anything else of dlctl: its source is shipped with models, for plain TensorFlow.js.
 * A bias is [2, 3 * units], one for the inputs and one for the state; the gates' order is z, r, h.
 */
export function defineGru(tf: Tf) {
  const BaseCell = tf.layers.gruCell({ units: 1 }).constructor as unknown as CellClass;
  const BaseLayer = tf.layers.gru({ units: 1 }).constructor as unknown as LayerClass;

  class DlctlGRUCell extends BaseCell {
    static readonly className: string = "DlctlGRUCell";

    constructor(config: Config) {
      super({ ...config, resetAfter: false });
    }

    override build(inputShape: TensorFlow.Shape | TensorFlow.Shape[]): void {
      const add = this.addWeight;
      this.addWeight = (name, shape, ...rest) => {
        const [size] = shape as [number];
        return add.call(this, name, name === "bias" ? [2, size] : shape, ...rest);
      };
      try {
        super.build(inputShape);
      } finally {
        this.addWeight = add;
      }
    }

    private draw(x: TensorFlow.Tensor, rate: number): TensorFlow.Tensor[] {
      const ones = tf.onesLike(x);
      return [tf.keep(this.dropoutFunc ? this.dropoutFunc(ones, rate) : tf.dropout(ones, rate))];
    }

    override call(inputs: TensorFlow.Tensor[], { training }: { training?: boolean } = {}): TensorFlow.Tensor[] {
      return tf.tidy(() => {
        let [x, h] = inputs as [TensorFlow.Tensor, TensorFlow.Tensor];
        if (training && this.dropout > 0) this.dropoutMask ??= this.draw(x, this.dropout);
        if (training && this.recurrentDropout > 0) this.recurrentDropoutMask ??= this.draw(h, this.recurrentDropout);
        if (this.dropoutMask) x = tf.mul(x, this.dropoutMask[0] as TensorFlow.Tensor);
        if (this.recurrentDropoutMask) h = tf.mul(h, this.recurrentDropoutMask[0] as TensorFlow.Tensor);
        let fromInputs = tf.matMul(x, this.kernel.read());
        let fromState = tf.matMul(h, this.recurrentKernel.read());
        if (this.bias) {
          const [ofInputs, ofState] = tf.unstack(this.bias.read());
          fromInputs = tf.add(fromInputs, ofInputs as TensorFlow.Tensor);
          fromState = tf.add(fromState, ofState as TensorFlow.Tensor);
        }
        const [xz, xr, xh] = tf.split(fromInputs, 3, 1) as [TensorFlow.Tensor, TensorFlow.Tensor, TensorFlow.Tensor];
        const [hz, hr, hh] = tf.split(fromState, 3, 1) as [TensorFlow.Tensor, TensorFlow.Tensor, TensorFlow.Tensor];
        const z = this.recurrentActivation.apply(tf.add(xz, hz));
        const r = this.recurrentActivation.apply(tf.add(xr, hr));
        const candidate = this.activation.apply(tf.add(xh, tf.mul(r, hh)));
        const next = tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), candidate));
        return [next, next];
      });
    }

    override getConfig(): TensorFlow.serialization.ConfigDict {
      return { ...super.getConfig(), resetAfter: true };
    }
  }

  return class DlctlGRU extends BaseLayer {
    static readonly className: string = "DlctlGRU";

    constructor(config: Config) {
      super({ ...config, resetAfter: false });
      this.cell = new DlctlGRUCell(config);
    }
  };
}
