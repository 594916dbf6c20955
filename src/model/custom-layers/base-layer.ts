import type { tf } from "../../runtime/tf";
import type { FusedKernels } from "./fused-kernels";
import { rememberMask } from "./masks";
import type { CallArguments, LayerArguments, Tf } from "./tensorflow";

type Initializer = ReturnType<Tf["initializers"]["zeros"]>;

/** How a weight starts, and which penalty and constraint it has: the layer's options for its kernels, those for its biases, or none. */
export type WeightRole = "kernel" | "bias" | "ones" | "zeros";

/** Options that these layers share with `dense`, as objects of TensorFlow.js or as model.json has them. */
export interface WeightOptions {
  readonly activation?: unknown;
  readonly useBias?: boolean;
  readonly kernelInitializer?: unknown;
  readonly kernelRegularizer?: unknown;
  readonly kernelConstraint?: unknown;
  readonly biasInitializer?: unknown;
  readonly biasRegularizer?: unknown;
  readonly biasConstraint?: unknown;
}

const weightOptionNames = [
  "activation",
  "useBias",
  "kernelInitializer",
  "kernelRegularizer",
  "kernelConstraint",
  "biasInitializer",
  "biasRegularizer",
  "biasConstraint",
] as const;

type Dense = ReturnType<Tf["layers"]["dense"]>;

interface DenseFields {
  readonly activation: { apply(x: tf.Tensor): tf.Tensor; getClassName(): string } | null;
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly kernelRegularizer: never;
  readonly kernelConstraint: never;
  readonly biasInitializer: Initializer;
  readonly biasRegularizer: never;
  readonly biasConstraint: never;
}

function pick(values: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => names.includes(name) && value != null));
}

/** The class that dlctl's own layers extend. */
export function defineBaseLayer(tf: Tf) {
  return class DlctlLayer extends tf.layers.Layer {
    /** Never built: TensorFlow.js does not export what reads and writes initializers, regularizers and activations, a layer does it. */
    private readonly dense: Dense;
    private lastOutput: tf.Tensor | undefined;

    constructor(config: LayerArguments & WeightOptions) {
      super(config);
      this.supportsMasking = true;
      this.dense = tf.layers.dense({ units: 1, name: `${this.name}_options`, ...pick(config, weightOptionNames) });
    }

    get options(): DenseFields {
      return this.dense as unknown as DenseFields;
    }

    /** How the weight `name` starts; dlctl puts initializers that are seeded by weight in its place. */
    initializerOf(_name: string, role: WeightRole): Initializer {
      if (role === "kernel") return this.options.kernelInitializer;
      return role === "bias" ? this.options.biasInitializer : tf.initializers[role]();
    }

    /** Adds a weight that is trained. */
    weight(name: string, shape: number[], role: WeightRole): tf.LayerVariable {
      const { options } = this;
      const initializer = this.initializerOf(name, role);
      if (role === "ones" || role === "zeros") return this.addWeight(name, shape, "float32", initializer);
      const [regularizer, constraint] =
        role === "kernel"
          ? [options.kernelRegularizer, options.kernelConstraint]
          : [options.biasRegularizer, options.biasConstraint];
      return this.addWeight(name, shape, "float32", initializer, regularizer, true, constraint);
    }

    /** Factors of dropout in training, 0 or 1 / (1 - rate). dlctl puts random numbers in its place that it can repeat. */
    dropFactors(shape: readonly number[], rate: number, _place: string): tf.Tensor {
      return tf.dropout(tf.ones([...shape]), rate);
    }

    /** Faster ways to compute parts of the layer; dlctl says where it has some. */
    fused(): FusedKernels | undefined {
      return undefined;
    }

    /** What the layer computes, inside a tidy; a class says it. */
    compute(_inputs: tf.Tensor[], _args: CallArguments): tf.Tensor {
      throw new Error(`${this.getClassName()} computes nothing`);
    }

    override call(inputs: tf.Tensor | tf.Tensor[], args: CallArguments): tf.Tensor {
      const output = tf.tidy(() => this.compute(Array.isArray(inputs) ? inputs : [inputs], args ?? {}));
      this.lastOutput = output;
      return output;
    }

    /** The mask of the output: that of the first input. */
    maskOfOutput(_inputs: tf.Tensor[], masks: (tf.Tensor | undefined)[]): tf.Tensor | undefined {
      return masks[0];
    }

    override computeMask(inputs: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | tf.Tensor[]): tf.Tensor {
      const masks = (Array.isArray(mask) ? mask : [mask]).map((each) => each ?? undefined);
      const found = this.maskOfOutput(Array.isArray(inputs) ? inputs : [inputs], masks);
      // After `call` the executor comes here once without masks, and then once with those of all inputs.
      if (mask !== undefined && this.lastOutput && !this.lastOutput.isDisposed) rememberMask(this.lastOutput, found);
      return (found ?? null) as unknown as tf.Tensor;
    }

    override getConfig(): tf.serialization.ConfigDict {
      const written = pick(this.dense.getConfig(), weightOptionNames);
      return { ...super.getConfig(), ...(written as tf.serialization.ConfigDict) };
    }
  };
}

export type BaseLayerClass = ReturnType<typeof defineBaseLayer>;
export type BaseLayer = InstanceType<BaseLayerClass>;
