import { z } from "zod";
import { copy } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { customLayers } from "../custom-layers/custom-layers";
import { defineLayer } from "./define-layer";

export const takeStep = defineLayer({
  type: "takeStep",
  description: "One step of each sequence. Masked steps (padding) are not counted.",
  shape: "[batch, steps, features] -> [batch, features]",
  options: {
    step: z
      .enum(["first", "last"])
      .default("first")
      .describe("Which one: the first is where classToken puts its token."),
  },
  inputRank: 3,
  cost: (_options, { output }) => [copy(sizeOf(output))],
  build: (options) => new (customLayers().DlctlTakeStep)(options),
});
