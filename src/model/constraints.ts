import { z } from "zod";
import { tf } from "../runtime/tf";
import { type KindConfig, kindSchema } from "../shared/kind-schema";

export type TfConstraint = ReturnType<typeof tf.constraints.nonNeg>;

const axis = z
  .union([z.int().nonnegative(), z.array(z.int().nonnegative()).min(1)])
  .default(0)
  .describe("Axis or axes over which the norm is taken: 0 for dense kernels, [0, 1, 2] for those of conv2d.");

const constraintDefinitions = {
  maxNorm: {
    type: "maxNorm",
    description: "Scales weights down whose norm is above maxValue.",
    options: { maxValue: z.number().positive().default(2).describe("The greatest norm."), axis },
  },
  minMaxNorm: {
    type: "minMaxNorm",
    description: "Brings the norm of weights between minValue and maxValue.",
    options: {
      minValue: z.number().nonnegative().default(0).describe("The least norm."),
      maxValue: z.number().positive().default(1).describe("The greatest norm."),
      rate: z.number().min(0).max(1).default(1).describe("How far to go at each step: 1 is all the way."),
      axis,
    },
  },
  nonNeg: { type: "nonNeg", description: "Sets negative weights to 0.", options: {} },
  unitNorm: { type: "unitNorm", description: "Scales weights to norm 1.", options: { axis } },
} as const;

/** `"nonNeg"` or `{ "type": "maxNorm", "maxValue": 3 }`. */
export const constraintSchema = kindSchema(constraintDefinitions);

export type ConstraintConfig = KindConfig<typeof constraintDefinitions>;

/** What TensorFlow.js does to one weight of a layer after each update. */
export function createConstraint(config: ConstraintConfig): TfConstraint {
  switch (config.type) {
    case "maxNorm":
      return tf.constraints.maxNorm(takingAxes(config));
    case "minMaxNorm":
      return tf.constraints.minMaxNorm(takingAxes(config));
    case "unitNorm":
      return tf.constraints.unitNorm(takingAxes(config));
    default:
      return tf.constraints.nonNeg();
  }
}

/** TensorFlow.js sums over several axes as well as over one; only its types say one. */
const takingAxes = <Config extends object>(config: Config) => config as Omit<Config, "axis"> & { axis: number };
