import type { tf } from "../../runtime/tf";
import type { BaseLayer } from "./base-layer";
import { normalizeExamples } from "./normalize-examples";
import type { Tf } from "./tensorflow";

export type NormalizationKind = "layer" | "rms";

/** Layer or RMS normalization over the last axis inside a layer. */
export class NormalizationPart {
  private gamma!: tf.LayerVariable;
  private beta: tf.LayerVariable | undefined;

  constructor(
    private readonly tf: Tf,
    private readonly layer: BaseLayer,
    private readonly prefix: string,
    private readonly kind: NormalizationKind,
    private readonly epsilon: number,
  ) {}

  build(width: number): void {
    this.gamma = this.layer.weight(`${this.prefix}gamma`, [width], "ones");
    if (this.kind === "layer") this.beta = this.layer.weight(`${this.prefix}beta`, [width], "zeros");
  }

  apply(x: tf.Tensor): tf.Tensor {
    const [gamma, beta] = [this.gamma.read(), this.beta?.read() ?? null];
    const options = { epsilon: this.epsilon, isCentred: this.kind === "layer" };
    const fused = this.layer.fused();
    if (fused) return fused.normalize(x, gamma, beta, options);
    return normalizeExamples(this.tf, x, gamma, beta, { axes: [x.rank - 1], ...options });
  }
}
