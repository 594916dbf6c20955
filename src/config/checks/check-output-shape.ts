import type { ConfigProblem } from "../../shared/errors";
import { formatShape, type Shape } from "../../shared/shape";
import type { Config } from "../config-schema";

/** What the data gives to predict: so many classes, or so many numbers. */
export type Wanted = { readonly classes: number } | { readonly values: number };

/** Whether what the last layer puts out, `outputShape` with the batch, is what the data gives to predict. */
export function checkOutputShape(
  { model }: Pick<Config, "model">,
  outputShape: Shape,
  wanted: Wanted,
): ConfigProblem[] {
  const path = `model.layers[${model.layers.length - 1}]`;
  const shape = formatShape(outputShape);
  const width = outputShape[1];
  if (outputShape.length !== 2 || width === null || width === undefined) {
    return [
      {
        path,
        message: `the last layer must put out [batch, width]; it puts out ${shape}`,
        hint: "Put flatten or a global pooling layer, then dense, at the end.",
      },
    ];
  }
  if ("values" in wanted) {
    if (width === wanted.values) return [];
    const count = wanted.values === 1 ? "1 number" : `${wanted.values} numbers`;
    return [
      {
        path,
        message: `the data gives ${count} to predict, and the last layer puts out ${width}: ${shape}`,
        hint: `Set "units": ${wanted.values} in the last layer.`,
      },
    ];
  }
  if (width === wanted.classes || (width === 1 && wanted.classes === 2)) return [];
  return [
    {
      path,
      message: `the data has ${wanted.classes} classes, and the last layer puts out ${width}: ${shape}`,
      hint: 'Set "units": "classes" in the last layer.',
    },
  ];
}
