import { DataError } from "../../shared/errors";
import type { ExampleInputs } from "../example-set";
import { readImageSize } from "../images/decode-image";
import { forEachInParallel } from "../images/for-each-in-parallel";

type ImageInputs = Extract<ExampleInputs, { kind: "image" }>;

/** As many headers are read before training; the size of every image is checked again when it is decoded. */
const sampleSize = 256;

/**
 * The size that the images have which `examples` name, by an even sample of them. Throws DataError naming two of
 * different size, or one that can't be read.
 */
export async function measureImages(
  inputs: ImageInputs,
  examples: Int32Array,
  origin: (index: number) => string,
): Promise<{ width: number; height: number }> {
  const count = Math.min(sampleSize, examples.length);
  const sample = Array.from({ length: count }, (_, i) => examples[Math.floor((i * examples.length) / count)] as number);
  const sizes: { width: number; height: number }[] = [];
  await forEachInParallel(count, async (i) => {
    const example = sample[i] as number;
    sizes[i] = await readImageSize(inputs.image(example), origin(example));
  });
  const [first] = sizes;
  const other = sizes.findIndex(({ width, height }) => width !== first?.width || height !== first.height);
  if (!first) throw new Error("there are no images to measure");
  if (other < 0) return first;
  const name = (i: number) => `${origin(sample[i] as number)} is ${sizes[i]?.width}x${sizes[i]?.height}`;
  throw new DataError(`The images differ in size (${name(0)}, ${name(other)}), and no op brings them to one`, {
    hint: 'Begin data.preprocess with a resize, such as { "op": "resize", "width": 224, "height": 224 }.',
  });
}
