import { normalization } from "../costs/elementwise";
import { sizeOf } from "../costs/operation";
import { customLayers } from "../custom-layers/custom-layers";
import { equipFused } from "../fused/equip-fused";
import { epsilon } from "./attention-options";
import { defineLayer } from "./define-layer";

export const rmsNormalization = defineLayer({
  type: "rmsNormalization",
  description:
    "Divides each example by the root of its mean square over the last axis, then scales it by learned numbers. Zhang and Sennrich, 2019.",
  shape: "[batch, ..., features] -> the same",
  options: { epsilon: epsilon(1e-6) },
  check: (_options, [input = []]) =>
    input.at(-1) === null ? "rmsNormalization needs a fixed size on the last axis" : undefined,
  cost: (_options, { output }) => [normalization(sizeOf(output), output.at(-1) ?? 1)],
  build: (options) => new (customLayers().DlctlRmsNormalization)(options),
  equip: equipFused,
});
