import { definitionOf } from "../model/equip-layer";
import type { tf } from "../runtime/tf";
import { UsageError } from "../shared/errors";
import { nearestNames } from "../shared/nearest-names";
import { formatShape, type Shape } from "../shared/shape";

/** Whether a layer puts out channels at places: of an image, or of steps. */
const hasPlaces = ({ outputShape }: tf.layers.Layer) => {
  const { length } = outputShape as Shape;
  return length === 3 || length === 4;
};

const isConvolution = (layer: tf.layers.Layer) => /conv/i.test(definitionOf(layer)?.type ?? layer.getClassName());

/** The layer that Grad-CAM looks at by itself: the last convolution. */
export function lastConvolution(model: tf.LayersModel): tf.layers.Layer | undefined {
  return model.layers.filter((layer) => isConvolution(layer) && hasPlaces(layer)).at(-1);
}

/** The layer that Grad-CAM is to look at. Throws UsageError when it can't be. */
export function chooseLayer(model: tf.LayersModel, name: string | undefined): tf.layers.Layer {
  if (name === undefined) {
    const last = lastConvolution(model);
    if (last) return last;
    throw new UsageError("Grad-CAM needs a convolution, and the model has none", {
      hint: "Take --method integrated-gradients, or name a layer with steps or an image as its output by --layer.",
    });
  }
  const layer = model.layers.find((each) => each.name === name);
  if (!layer) {
    const names = model.layers.map((each) => each.name);
    const near = nearestNames(name, names);
    throw new UsageError(`The model has no layer "${name}"`, {
      hint: near.length > 0 ? `Did you mean ${near.join(" or ")}?` : "`dlctl inspect` lists the layers.",
    });
  }
  if (hasPlaces(layer) && layer.getClassName() !== "InputLayer") return layer;
  throw new UsageError(
    `Grad-CAM can't look at ${name}: it puts out ${formatShape(layer.outputShape as Shape)}, which has no places`,
    { hint: "Name a layer whose output is [batch, height, width, channels] or [batch, steps, channels]." },
  );
}
