import { customLayers } from "../custom-layers/custom-layers";
import { defineLayer } from "./define-layer";

export const unmask = defineLayer({
  type: "unmask",
  description:
    "Its input without the mask of padding: what comes behind counts padding like anything else. dlctl puts it where a layer has lost the mask and TensorFlow.js would go on using it.",
  shape: "[batch, ...] -> the same",
  options: {},
  cost: () => [],
  build: () => new (customLayers().DlctlUnmask)({}),
});
