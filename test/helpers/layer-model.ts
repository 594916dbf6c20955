import { buildModel } from "../../src/model/build-model";
import { layerSchema } from "../../src/model/layer-config";
import { tf } from "../../src/runtime/tf";
import type { LayerSample } from "./layer-samples";

/**
 * A model with the sample's layer, named "sample", as its output. Several inputs are cut out of one flat input, so that every
 * sample is a model of one input.
 */
export function modelOf({ inputs, config, dtype }: LayerSample, seed = 3): tf.LayersModel {
  const parse = (layer: object) => layerSchema.parse(layer);
  const [shape = []] = inputs;
  if (inputs.length === 1) {
    return buildModel({
      layers: [parse({ ...config, name: "sample" })],
      input: { shape, dtype: dtype ?? "float32" },
      seed,
    });
  }
  const size = inputs.reduce((sum, input) => sum + volume(input), 0);
  let offset = 0;
  const branches = inputs.flatMap((input, index) => {
    const before = offset;
    offset += volume(input);
    return [
      // As an image of one row, so that cropping can cut.
      parse({
        type: "cropping2D",
        name: `cut${index}`,
        inputs: ["image"],
        cropping: [
          [0, 0],
          [before, size - offset],
        ],
      }),
      parse({ type: "reshape", name: `input${index}`, targetShape: [...input] }),
    ];
  });
  const joined = parse({ ...config, name: "sample", inputs: inputs.map((_, index) => `input${index}`) });
  const image = parse({ type: "reshape", name: "image", targetShape: [1, size, 1] });
  return buildModel({ layers: [image, ...branches, joined], input: { shape: [size], dtype: "float32" }, seed });
}

const volume = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/**
 * An input for the model: `batch` examples of numbers about -1.5 to 1.5 without pattern or ties, or of whole numbers from 0 to 6. The
 * caller disposes it.
 */
export function inputFor(model: tf.LayersModel, batch = 2): tf.Tensor {
  const [input] = model.inputs as [tf.SymbolicTensor];
  const shape = [batch, ...(input.shape.slice(1) as number[])];
  if (input.dtype === "int32") {
    return tf.tensor(
      Int32Array.from({ length: volume(shape) }, (_, index) => (index * index + 1) % 7),
      shape,
      "int32",
    );
  }
  const values = Float32Array.from(
    { length: volume(shape) },
    (_, index) => 1.5 * Math.sin(index * index * 0.37 + index + 0.7),
  );
  return tf.tensor(values, shape);
}

export function numbersOf(tensor: tf.Tensor): number[] {
  return Array.from(tensor.dataSync());
}

export function largestDifference(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return Math.max(0, ...a.map((value, index) => Math.abs(value - (b[index] as number))));
}
