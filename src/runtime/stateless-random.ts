import { nativeBackend } from "./native-ops";
import { type Counter, type Key, philox } from "./philox";
import { tf } from "./tf";

/** Two int32 numbers that alone decide what is drawn: often the run's seed and a number of the step and place. */
export type SeedPair = readonly [number, number];

/**
 * As SeedPair; the second may be an int32 scalar tensor (its owner's), for what is recorded once and then run for many
 * steps.
 */
export type Seeds = readonly [number, number | tf.Scalar];

/**
 * A float32 tensor of `shape`, uniform in [0, 1), that depends on `seeds` alone: no state is read or changed. The js
 * device draws the same bits as libtensorflow. No gradient. The caller disposes it.
 */
export function statelessUniform(shape: readonly number[], seeds: Seeds): tf.Tensor {
  return draw("StatelessRandomUniform", shape, seeds, (block, values, offset) => {
    for (let lane = 0; lane < 4 && offset + lane < values.length; lane++) {
      values[offset + lane] = toUnitInterval(block[lane] as number);
    }
  });
}

/**
 * A float32 tensor of `shape`, normal with mean 0 and standard deviation 1, that depends on `seeds` alone. The js
 * device gives libtensorflow's numbers up to the rounding of log, sin and cos. No gradient. The caller disposes it.
 */
export function statelessNormal(shape: readonly number[], seeds: Seeds): tf.Tensor {
  return draw("StatelessRandomNormal", shape, seeds, (block, values, offset) => {
    for (let lane = 0; lane < 4; lane += 2) {
      const [sine, cosine] = boxMuller(block[lane] as number, block[lane + 1] as number);
      if (offset + lane < values.length) values[offset + lane] = sine;
      if (offset + lane + 1 < values.length) values[offset + lane + 1] = cosine;
    }
  });
}

type FillBlock = (block: Counter, values: Float32Array, offset: number) => void;

function draw(op: string, shape: readonly number[], seeds: Seeds, fill: FillBlock): tf.Tensor {
  const native = nativeBackend();
  if (!native) return tf.tensor(generate(size(shape), seedNumbers(seeds), fill), [...shape], "float32");
  return tf.tidy(() => {
    const inputs = [tf.tensor1d([...shape], "int32"), seedTensor(seeds)];
    const attributes = { dtype: { dtype: "float32" }, T: { dtype: "int32" }, Tseed: { dtype: "int32" } } as const;
    return native.executeOp(op, attributes, inputs, 1)[0] as tf.Tensor;
  });
}

function seedTensor([first, second]: Seeds): tf.Tensor1D {
  if (typeof second === "number") return tf.tensor1d([first, second], "int32");
  return tf.stack([tf.scalar(first, "int32"), second]) as tf.Tensor1D;
}

function seedNumbers([first, second]: Seeds): SeedPair {
  return [first, typeof second === "number" ? second : (second.dataSync()[0] as number)];
}

/** As TensorFlow's FillPhiloxRandom: block n is the generator at its counter plus n. */
function generate(length: number, seeds: SeedPair, fill: FillBlock): Float32Array {
  const { counter, key } = scramble(seeds);
  const [, , high0, high1] = counter;
  const values = new Float32Array(length);
  for (let offset = 0; offset < length; offset += 4) {
    // Tensors with more than 2^34 elements don't fit in memory, so the second word of the counter stays 0.
    fill(philox([offset / 4, 0, high0, high1], key), values, offset);
  }
  return values;
}

/** As GenerateKey in TensorFlow's stateless_random_ops: near seeds get unrelated keys. */
function scramble([seed0, seed1]: SeedPair): { counter: Counter; key: Key } {
  // The seeds are int32, widened to 64 bits with their sign.
  const upper = (seed: number) => (seed < 0 ? -1 : 0);
  const [key0, key1, counter2, counter3] = philox([seed0, upper(seed0), seed1, upper(seed1)], [0x3ec8f720, 0x02461e29]);
  return { counter: [0, 0, counter2, counter3], key: [key0, key1] };
}

/** The low 23 bits as the fraction of a float32 in [1, 2), minus 1. */
function toUnitInterval(bits: number): number {
  return (bits & 0x7fffff) / 0x800000;
}

function boxMuller(bits0: number, bits1: number): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(Math.max(toUnitInterval(bits0), 1e-7)));
  const angle = 2 * Math.PI * toUnitInterval(bits1);
  return [radius * Math.sin(angle), radius * Math.cos(angle)];
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
