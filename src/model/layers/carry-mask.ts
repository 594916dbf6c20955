import { customLayers } from "../custom-layers/custom-layers";
import { defineLayer } from "./define-layer";

export const carryMask = defineLayer({
  type: "carryMask",
  description:
    "Its input, with the mask of padding kept where attention finds it. dlctl puts it before the second input of attention, whose mask TensorFlow.js would not hand over.",
  shape: "[batch, ...] -> the same",
  options: {},
  cost: () => [],
  build: () => new (customLayers().DlctlCarryMask)({}),
});
