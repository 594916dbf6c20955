import { z } from "zod";
import { activationSchema } from "../activations";
import { initializerSchema } from "../initializers";
import { biasOptions, constraint, initializer, regularizer } from "./shared-options";

const share = (what: string) =>
  z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe(`Share of ${what} that is dropped in training, the same ones at each step.`);

/** Options of every recurrent layer. */
export const recurrentOptions = {
  units: z.int().positive().describe("Width of the state, and of the output of one direction."),
  activation: activationSchema.default("tanh").describe("What is done to the new state."),
  ...biasOptions,
  kernelInitializer: initializer("glorotUniform", "kernel of the inputs"),
  recurrentInitializer: initializerSchema.prefault("orthogonal").describe("How the kernel of the state starts."),
  kernelRegularizer: regularizer("kernel of the inputs"),
  recurrentRegularizer: regularizer("kernel of the state"),
  kernelConstraint: constraint("kernel of the inputs"),
  recurrentConstraint: constraint("kernel of the state"),
  dropout: share("the inputs"),
  recurrentDropout: share("the state"),
  returnSequences: z.boolean().default(false).describe("Gives out the state after every step, not only the last one."),
  goBackwards: z
    .boolean()
    .default(false)
    .describe("Reads the sequence from its end; the steps that returnSequences gives out are then in that order, too."),
  bidirectional: z
    .union([z.boolean(), z.enum(["concat", "sum", "mul", "ave"])])
    .default(false)
    .describe(
      'Reads the sequence in both directions, each with weights of its own, and joins the two outputs; true is "concat".',
    ),
};

/** The option of layers with gates. */
export const recurrentActivation = activationSchema.default("sigmoid").describe("What is done to the gates.");

export function directionProblem({
  bidirectional,
  goBackwards,
}: {
  bidirectional: boolean | string;
  goBackwards: boolean;
}) {
  return bidirectional !== false && goBackwards
    ? "bidirectional reads the sequence from its end, too: goBackwards can't be added to it"
    : undefined;
}
