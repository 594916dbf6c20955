import { type NativeOps, nativeBackend } from "../../runtime/native-ops";
import { tf } from "../../runtime/tf";

interface NormalizedBatch {
  /** (x - mean) / sqrt(variance + epsilon) * gamma + beta; its gradient takes the statistics as functions of x. */
  readonly output: tf.Tensor;
  /** Over all axes but the last one, without gradient. */
  readonly mean: tf.Tensor;
  /** The biased one: divided by the number of values, as in Keras. */
  readonly variance: tf.Tensor;
}

/** One way to compute it, with what its gradient needs. */
interface Normalization extends NormalizedBatch {
  readonly saved: tf.Tensor[];
  /** Of x, gamma and beta, from that of the output and `saved`. */
  gradients(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[];
}

/**
 * Batch normalization in training over all axes of `x` but the last one (Ioffe and Szegedy, 2015). `gamma` and `beta` are 1 and 0 where
 * absent. For use inside tf.tidy.
 */
export function normalizeBatch(
  x: tf.Tensor,
  gamma: tf.Tensor | undefined,
  beta: tf.Tensor | undefined,
  epsilon: number,
): NormalizedBatch {
  const channels = [x.shape.at(-1) as number];
  const native = nativeBackend();
  let statistics: tf.Tensor[] = [];
  const normalize = tf.customGrad((...given) => {
    const [x, gamma, beta, save] = given as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const { output, mean, variance, saved, gradients } = wayOf(native, x)(x, gamma, beta, epsilon);
    // What is made in here is gone at its end, unless it is kept.
    statistics = [tf.keep(mean), tf.keep(variance)];
    save(saved);
    return { value: output, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradients(dy, saved) };
  });
  const output = normalize(x, gamma ?? tf.ones(channels), beta ?? tf.zeros(channels));
  // Clones belong to the caller's tidy, what was kept does not.
  const [mean, variance] = statistics.map((tensor) => tensor.clone()) as [tf.Tensor, tf.Tensor];
  tf.dispose(statistics);
  return { output, mean, variance };
}

/** The same of sequences `[batch, time, channels]` with the mean and variance of the steps that `mask` (`[batch, time]`) lets through. */
export function normalizeUnmasked(
  x: tf.Tensor,
  mask: tf.Tensor,
  gamma: tf.Tensor | undefined,
  beta: tf.Tensor | undefined,
  epsilon: number,
): NormalizedBatch {
  const weight = tf.expandDims(tf.cast(mask, "float32"), -1);
  const count = tf.maximum(tf.sum(weight), 1);
  const meanOf = (values: tf.Tensor) => tf.div(tf.sum(tf.mul(values, weight), [0, 1]), count);
  const mean = meanOf(x);
  const centred = tf.sub(x, mean);
  const variance = meanOf(tf.square(centred));
  const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
  return { output: tf.add(tf.mul(normal, gamma ?? 1), beta ?? 0), mean, variance };
}

type Way = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number) => Normalization;

/** Ours works on vectors of channels, of which AVX-512 holds so many. */
const channelsOfVector = 16;

function wayOf(native: NativeOps | undefined, x: tf.Tensor): Way {
  if (!native || (native.isGpu && !isMadeOfPixels(x))) return normalizeByParts;
  const isOwn = native.hasOwnOps && (x.shape.at(-1) as number) >= channelsOfVector;
  const normalize = isOwn ? normalizeByOwn : normalizeFused;
  return (...given) => normalize(native, ...given);
}

/** Images of more than one pixel: a GPU's fused operation has no variance of a single number, and a limit to their count. */
const isMadeOfPixels = ({ shape }: tf.Tensor): boolean =>
  shape.length === 4 && (shape[1] as number) * (shape[2] as number) > 1;

/** In tfjs's operations, with the closed form of the gradient. */
function normalizeByParts(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): Normalization {
  const axes = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
  const mean = tf.mean(x, axes);
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), axes);
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const normal = tf.mul(centred, inverse);
  return {
    output: tf.add(tf.mul(normal, gamma), beta),
    mean,
    variance,
    saved: [normal, inverse, gamma],
    gradients: (dy, saved) => {
      const [normal, inverse, gamma] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const product = tf.mul(dy, normal);
      const correction = tf.add(tf.mean(dy, axes), tf.mul(normal, tf.mean(product, axes)));
      const inputGradient = tf.mul(tf.sub(dy, correction), tf.mul(gamma, inverse));
      return [inputGradient, tf.sum(product, axes), tf.sum(dy, axes)];
    },
  };
}

/** In TensorFlow's one operation for it, and the one for its gradient. */
function normalizeFused(
  native: NativeOps,
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
): Normalization {
  const asImages = (tensor: tf.Tensor) =>
    tensor.rank === 4 ? tensor : tf.reshape(tensor, [-1, 1, 1, tensor.shape.at(-1) as number]);
  const attributes = {
    T: { dtype: "float32" },
    U: { dtype: "float32" },
    epsilon: { float: epsilon },
    data_format: { string: "NHWC" },
    is_training: { bool: true },
  } as const;
  const none = tf.zeros([0]);
  const forward = { ...attributes, exponential_avg_factor: { float: 1 } } as const;
  const inputs = [asImages(x), gamma, beta, none, none];
  const [output, mean, unbiased, ...reserved] = native.executeOp("FusedBatchNormV3", forward, inputs, 6) as [
    ...[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor],
  ];
  // What it reserves for its gradient is the variance on a CPU and an inverse deviation on a GPU; this one is the same on both: divided by
  // the number of values less one.
  const count = x.size / (x.shape.at(-1) as number);
  return {
    output: tf.reshape(output, x.shape),
    mean,
    variance: tf.sub(unbiased, tf.mul(unbiased, 1 / count)),
    saved: [x, gamma, ...reserved],
    gradients: (dy, saved) => {
      const [x, ...others] = saved as [tf.Tensor, ...tf.Tensor[]];
      const inputs = [asImages(dy), asImages(x), ...others];
      const [image, factor, shift] = native.executeOp("FusedBatchNormGradV3", attributes, inputs, 5) as tf.Tensor[];
      return [tf.reshape(image as tf.Tensor, x.shape), factor as tf.Tensor, shift as tf.Tensor];
    },
  };
}

/** In our own operations, native/ops/batch_norm.cc; engine/graph/fuse-batch-norms.ts joins what follows with them. */
function normalizeByOwn(
  native: NativeOps,
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
): Normalization {
  const attributes = { epsilon: { float: epsilon }, relu: { bool: false } } as const;
  const inputs = [x, gamma, beta, tf.zeros([0])];
  const [output, mean, variance] = native.executeOp("DlctlBatchNorm", attributes, inputs, 3) as [
    ...[tf.Tensor, tf.Tensor, tf.Tensor],
  ];
  return {
    output,
    mean,
    variance,
    saved: [x, gamma, beta, mean, variance],
    gradients: (dy, saved) => {
      const gradient = { ...attributes, residual: { bool: false } };
      return native.executeOp("DlctlBatchNormGradient", gradient, [dy, ...saved, tf.zeros([0])], 4).slice(0, 3);
    },
  };
}
