import { z } from "zod";
import type { SeedPair } from "../../runtime/stateless-random";
import { tf } from "../../runtime/tf";
import { defineInitializer } from "./define-initializer";
import { drawNormal, drawTruncatedNormal, drawUniform } from "./draw-values";

interface VarianceScaling {
  readonly scale: number;
  readonly mode: "fanIn" | "fanOut" | "fanAvg";
  readonly distribution: "truncatedNormal" | "untruncatedNormal" | "uniform";
}

/** Standard deviation of a standard normal variable that is cut off at -2 and 2. */
const truncatedDeviation = 0.8796256610342398;

/** Weights with a variance of `scale` over the number of inputs, outputs, or their mean; Keras's formulas. */
function draw(shape: number[], { scale, mode, distribution }: VarianceScaling, seeds: SeedPair): tf.Tensor {
  const [fanIn, fanOut] = fans(shape);
  const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
  const variance = scale / Math.max(1, fan);
  if (distribution === "uniform") {
    const limit = Math.sqrt(3 * variance);
    return drawUniform(-limit, limit, shape, seeds);
  }
  if (distribution === "untruncatedNormal") return drawNormal(0, Math.sqrt(variance), shape, seeds);
  return drawTruncatedNormal(0, Math.sqrt(variance) / truncatedDeviation, shape, seeds);
}

/** Inputs and outputs of one unit: kernels end in `[inputs, outputs]`, after the axes of their window. */
function fans(shape: readonly number[]): [number, number] {
  const [inputs = 1, outputs = inputs] = shape.slice(-2);
  const window = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return [inputs * window, outputs * window];
}

/** TensorFlow.js calls the truncated normal distribution "normal" and has no other one. */
const standard = ({ scale, mode, distribution }: VarianceScaling) =>
  tf.initializers.varianceScaling({ scale, mode, distribution: distribution === "uniform" ? "uniform" : "normal" });

export const varianceScaling = defineInitializer({
  type: "varianceScaling",
  description: "Variance `scale` over the number of inputs, outputs or their mean (what the named ones are made of).",
  options: {
    scale: z.number().positive().default(1).describe("Factor of the variance."),
    mode: z
      .enum(["fanIn", "fanOut", "fanAvg"])
      .default("fanIn")
      .describe("Whether the number of a unit's inputs, outputs or their mean divides it."),
    distribution: z
      .enum(["truncatedNormal", "untruncatedNormal", "uniform"])
      .default("truncatedNormal")
      .describe("Distribution; the truncated one is scaled so that its variance is right after truncation."),
  },
  standard,
  draw,
});

function named<const Type extends string>(type: Type, description: string, options: VarianceScaling) {
  return defineInitializer({
    type,
    description,
    options: {},
    standard: () => standard(options),
    draw: (shape, _options, seeds) => draw(shape, options, seeds),
  });
}

export const glorotUniform = named(
  "glorotUniform",
  "Uniform with variance 2 / (inputs + outputs). Glorot and Bengio, 2010.",
  {
    scale: 1,
    mode: "fanAvg",
    distribution: "uniform",
  },
);

export const glorotNormal = named(
  "glorotNormal",
  "Truncated normal with variance 2 / (inputs + outputs). Glorot and Bengio, 2010.",
  { scale: 1, mode: "fanAvg", distribution: "truncatedNormal" },
);

export const heUniform = named("heUniform", "Uniform with variance 2 / inputs. He et al., 2015.", {
  scale: 2,
  mode: "fanIn",
  distribution: "uniform",
});

export const heNormal = named("heNormal", "Truncated normal with variance 2 / inputs. He et al., 2015.", {
  scale: 2,
  mode: "fanIn",
  distribution: "truncatedNormal",
});

export const leCunUniform = named("leCunUniform", "Uniform with variance 1 / inputs. LeCun et al., 1998.", {
  scale: 1,
  mode: "fanIn",
  distribution: "uniform",
});

export const leCunNormal = named("leCunNormal", "Truncated normal with variance 1 / inputs. LeCun et al., 1998.", {
  scale: 1,
  mode: "fanIn",
  distribution: "truncatedNormal",
});
