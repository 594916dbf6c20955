import type { tf } from "../../runtime/tf";
import { attend, attendPacked, attentionShares, type Heads } from "./attention";
import type { BaseLayer } from "./base-layer";
import type { AttentionConditions, FusedKernels } from "./fused-kernels";
import { causalBias, paddingBias } from "./masks";
import { rotary, rotaryTable } from "./rotary";
import type { Tf } from "./tensorflow";

export interface AttentionConfig {
  readonly heads: number;
  readonly keyDimension: number;
  readonly valueDimension: number;
  readonly isCausal: boolean;
  readonly rotary: boolean;
  readonly dropout: number;
}

interface Projection {
  readonly kernel: tf.LayerVariable;
  readonly bias: tf.LayerVariable | undefined;
  readonly width: number;
}

/** Which steps of the keys may be seen, and whether shares are dropped. */
export interface AttentionCall {
  readonly mask: tf.Tensor | undefined;
  readonly isTraining: boolean;
}

/** Multi-head attention inside a layer: its weights (in Keras's shapes and order, biases on one axis) and what it computes. */
export class AttentionPart {
  private query!: Projection;
  private key!: Projection;
  private value!: Projection;
  private result!: { readonly kernel: tf.LayerVariable; readonly bias: tf.LayerVariable | undefined };

  constructor(
    private readonly tf: Tf,
    private readonly layer: BaseLayer,
    private readonly prefix: string,
    readonly config: AttentionConfig,
  ) {}

  build(queryWidth: number, memoryWidth: number, outputWidth: number): void {
    const { heads, keyDimension, valueDimension } = this.config;
    this.query = this.addProjection("query", queryWidth, keyDimension);
    this.key = this.addProjection("key", memoryWidth, keyDimension);
    this.value = this.addProjection("value", memoryWidth, valueDimension);
    this.result = {
      kernel: this.layer.weight(`${this.prefix}output/kernel`, [heads, valueDimension, outputWidth], "kernel"),
      bias: this.addBias("output", outputWidth),
    };
  }

  /** Attention of `x` to itself, `[batch, time, width]`. */
  toItself(x: tf.Tensor, { mask, isTraining }: AttentionCall): tf.Tensor {
    const isEven = this.config.keyDimension === this.config.valueDimension;
    const fused = this.layer.fused();
    if (fused) {
      const conditions = this.conditionsFor(x, x, mask, isTraining);
      return this.finish(
        isEven ? fused.attendPacked(this.pack(x), conditions) : fused.attend(this.split(x, x), conditions),
      );
    }
    const options = this.optionsFor(x, x, mask, isTraining);
    return this.finish(
      isEven ? attendPacked(this.tf, this.pack(x), options) : attend(this.tf, this.split(x, x), options),
    );
  }

  /** Attention of `x` to the steps of `memory`. */
  toMemory(x: tf.Tensor, memory: tf.Tensor, { mask, isTraining }: AttentionCall): tf.Tensor {
    const heads = this.split(x, memory);
    const fused = this.layer.fused();
    if (fused) return this.finish(fused.attend(heads, this.conditionsFor(x, memory, mask, isTraining)));
    return this.finish(attend(this.tf, heads, this.optionsFor(x, memory, mask, isTraining)));
  }

  /**
   * The shares that each step of `x` takes of the steps of `memory`, `[batch, heads, queries, keys]`, without dropout: what attention
   * computes on its way, for people to look at. For use inside tf.tidy.
   */
  shares(x: tf.Tensor, memory: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
    const { biases, rotation } = this.optionsFor(x, memory, mask, false);
    const [query, key] = this.split(x, memory);
    return attentionShares(this.tf, query, key, { biases, drop: undefined, rotation });
  }

  /** Queries, keys and values of new steps, `[batch, time, heads, width]` each: what generation keeps of them. */
  split(x: tf.Tensor, memory: tf.Tensor): Heads {
    const of = (from: tf.Tensor, { kernel, bias, width }: Projection) =>
      this.tf.reshape(this.project(from, this.flat(kernel.read()), bias?.read()), this.headsOf(from, width));
    return [of(x, this.query), of(memory, this.key), of(memory, this.value)];
  }

  /** The layer's output from the heads' `[batch, time, heads, width]`. */
  finish(heads: tf.Tensor): tf.Tensor {
    const { tf } = this;
    const [batch = 0, time = 0, count = 0, width = 0] = heads.shape;
    const kernel = tf.reshape(this.result.kernel.read(), [count * width, -1]);
    return this.project(tf.reshape(heads, [batch, time, count * width]), kernel, this.result.bias?.read());
  }

  private pack(x: tf.Tensor): tf.Tensor {
    const { tf } = this;
    const projections = [this.query, this.key, this.value];
    const kernel = tf.concat(
      projections.map(({ kernel }) => this.flat(kernel.read())),
      1,
    );
    const bias = this.query.bias && tf.concat(projections.map(({ bias }) => (bias as tf.LayerVariable).read()));
    const [batch = 0, time = 0] = x.shape;
    const { heads, keyDimension } = this.config;
    return tf.reshape(this.project(x, kernel, bias), [batch, time, 3, heads, keyDimension]);
  }

  private optionsFor(x: tf.Tensor, memory: tf.Tensor, mask: tf.Tensor | undefined, isTraining: boolean) {
    const { tf } = this;
    const { keyDimension, isCausal } = this.config;
    const [queries, keys] = [x.shape[1] as number, memory.shape[1] as number];
    return {
      biases: [...(mask ? [paddingBias(tf, mask)] : []), ...(isCausal ? [causalBias(tf, queries, keys)] : [])],
      drop: this.drop(x, memory, isTraining),
      rotation: this.config.rotary ? rotary(tf, Math.max(queries, keys), keyDimension) : undefined,
    };
  }

  /** The same as fused kernels take it. */
  private conditionsFor(
    x: tf.Tensor,
    memory: tf.Tensor,
    mask: tf.Tensor | undefined,
    isTraining: boolean,
  ): AttentionConditions {
    const { tf } = this;
    const { isCausal, keyDimension } = this.config;
    const steps = Math.max(x.shape[1] as number, memory.shape[1] as number);
    const rotation = this.config.rotary ? rotaryTable(steps, keyDimension) : undefined;
    return {
      isCausal,
      padding: mask && tf.reshape(paddingBias(tf, mask), mask.shape),
      drop: this.drop(x, memory, isTraining),
      rotation: rotation && tf.tensor(rotation, [2, steps, keyDimension]),
    };
  }

  private drop(x: tf.Tensor, memory: tf.Tensor, isTraining: boolean): tf.Tensor | undefined {
    const { heads, dropout } = this.config;
    if (!isTraining || dropout === 0) return undefined;
    const shape = [x.shape[0] as number, heads, x.shape[1] as number, memory.shape[1] as number];
    return this.layer.dropFactors(shape, dropout, `${this.prefix}shares`);
  }

  private project(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor {
    return product(this.tf, x, kernel, bias, this.layer.fused());
  }

  private flat(kernel: tf.Tensor): tf.Tensor {
    return this.tf.reshape(kernel, [kernel.shape[0] as number, -1]);
  }

  private headsOf(x: tf.Tensor, width: number): number[] {
    return [x.shape[0] as number, x.shape[1] as number, this.config.heads, width];
  }

  private addProjection(name: string, inputs: number, width: number): Projection {
    const { heads } = this.config;
    return {
      kernel: this.layer.weight(`${this.prefix}${name}/kernel`, [inputs, heads, width], "kernel"),
      bias: this.addBias(name, heads * width),
      width,
    };
  }

  private addBias(name: string, size: number): tf.LayerVariable | undefined {
    return this.layer.options.useBias ? this.layer.weight(`${this.prefix}${name}/bias`, [size], "bias") : undefined;
  }
}

/** x times the matrix `kernel`, over the last axis, plus `bias`. */
export function product(
  tf: Tf,
  x: tf.Tensor,
  kernel: tf.Tensor,
  bias: tf.Tensor | undefined,
  fused?: FusedKernels,
): tf.Tensor {
  const [inputs = 0, outputs = 0] = kernel.shape;
  const rows = tf.reshape(x, [-1, inputs]) as tf.Tensor2D;
  const matrix = kernel as tf.Tensor2D;
  if (fused) return tf.reshape(fused.dense(rows, matrix, bias), [...x.shape.slice(0, -1), outputs]);
  const result = bias ? tf.fused.matMul({ a: rows, b: matrix, bias }) : tf.matMul(rows, matrix);
  return tf.reshape(result, [...x.shape.slice(0, -1), outputs]);
}
