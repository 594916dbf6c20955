import { z } from "zod";
import { type NativeOps, nativeBackend } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";

/** Options of every augmentation that looks outside of the image. */
export const fillOptions = {
  fill: z
    .enum(["reflect", "nearest", "constant"])
    .default("reflect")
    .describe(
      "What is seen outside of the image: its mirror image (dcba|abcd|dcba), its nearest pixel (aaaa|abcd|dddd), or `fillValue`.",
    ),
  fillValue: z.number().min(0).max(255).default(0).describe("Pixel value for `fill: constant`, 0 to 255."),
};

export interface Resampling {
  readonly fill: "reflect" | "nearest" | "constant";
  readonly fillValue: number;
  readonly interpolation: "nearest" | "bilinear";
}

/**
 * Where each image of a batch is read, pixel centres at whole numbers: `xx`, `xy`, `yx`, `yy` (each `[batch]`) map an
 * output pixel, seen from the centre of the image, to an input pixel seen from there; `x` and `y` are added.
 */
export interface AffineMaps {
  readonly xx: tf.Tensor1D;
  readonly xy: tf.Tensor1D;
  readonly yx: tf.Tensor1D;
  readonly yy: tf.Tensor1D;
  readonly x: tf.Tensor1D;
  readonly y: tf.Tensor1D;
}

/**
 * Images `[batch, height, width, channels]` read through a map each: output(column, row) = input(column', row') with
 * (column', row') = map(column, row), interpolated. For use inside tf.tidy; no gradient.
 */
export function affineResample(images: tf.Tensor4D, maps: AffineMaps, resampling: Resampling): tf.Tensor4D {
  const [, height, width] = images.shape;
  const centreX = (width - 1) / 2;
  const centreY = (height - 1) / 2;
  const { xx, xy, yx, yy } = maps;
  const x = maps.x.add<tf.Tensor1D>(centreX).sub<tf.Tensor1D>(xx.mul(centreX)).sub<tf.Tensor1D>(xy.mul(centreY));
  const y = maps.y.add<tf.Tensor1D>(centreY).sub<tf.Tensor1D>(yx.mul(centreX)).sub<tf.Tensor1D>(yy.mul(centreY));
  const native = nativeBackend();
  if (native?.hasOwnOps) return transformByOwn(native, images, tf.stack([xx, xy, x, yx, yy, y], 1), resampling);
  const none = tf.zerosLike(xx);
  const transforms = tf.stack([xx, xy, x, yx, yy, y, none, none], 1) as tf.Tensor2D;
  return transform(native, images, transforms, resampling);
}

/** As native/ops/resample.cc numbers them. */
const fillNumbers = { constant: 0, nearest: 1, reflect: 2 } as const;

function transformByOwn(native: NativeOps, images: tf.Tensor4D, maps: tf.Tensor, of: Resampling): tf.Tensor4D {
  const attributes = {
    bilinear: { bool: of.interpolation === "bilinear" },
    outside: { int: fillNumbers[of.fill] },
    value: { float: of.fillValue },
  } as const;
  return native.executeOp("DlctlResample", attributes, [images, maps], 1)[0] as tf.Tensor4D;
}

function transform(
  native: NativeOps | undefined,
  images: tf.Tensor4D,
  transforms: tf.Tensor2D,
  resampling: Resampling,
): tf.Tensor4D {
  const { interpolation, fill, fillValue } = resampling;
  if (!native) {
    // tfjs's own kernel transforms the first image of a batch only.
    const each = tf.unstack(images).map((image, index) => {
      const one = image.expandDims<tf.Tensor4D>(0);
      return tf.image.transform(one, transforms.slice([index, 0], [1, 8]), interpolation, fill, fillValue);
    });
    return tf.concat(each, 0);
  }
  const [, height, width] = images.shape;
  const attributes = {
    dtype: { dtype: "float32" },
    interpolation: { string: interpolation.toUpperCase() },
    fill_mode: { string: fill.toUpperCase() },
  } as const;
  const inputs = [images, transforms, tf.tensor1d([height, width], "int32"), tf.scalar(fillValue)];
  return native.executeOp("ImageProjectiveTransformV3", attributes, inputs, 1)[0] as tf.Tensor4D;
}
