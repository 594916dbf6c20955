import { readImageSize } from "../data/images/decode-image";
import { forEachInParallel } from "../data/images/for-each-in-parallel";
import { normalizeValue } from "../data/preprocess/normalization";
import type { TrainingData } from "../train/open-data";
import { isAlike, type Look, lookOf } from "./look-alikes";
import { namedSpread } from "./named-spread";
import { isFarOut, spreadOf } from "./spread";
import type { NamedSpread, Survey } from "./survey";

type ImageSurvey = Required<Pick<Survey, "spreads" | "lookAlikes" | "outliers" | "decoded">>;

/** Images that are read at once. */
const chunk = 64;
const mostNamed = 10;

/** Sizes, values and look-alikes of `examples`, which are decoded for it. Throws DataError for one that can't be. */
export async function surveyImages(
  { set, inputs, preprocessing: { record } }: TrainingData,
  examples: Int32Array,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<ImageSurvey> {
  if (set.inputs.kind !== "image" || record.kind !== "image") throw new Error("these are no images");
  const { image } = set.inputs;
  const shape = inputs.shape as [number, number, number];
  const sizes = { width: new Float64Array(examples.length), height: new Float64Array(examples.length) };
  const channels = Array.from({ length: shape[2] }, (): number[] => []);
  const looks: (Look | undefined)[] = [];
  for (let start = 0; start < examples.length; start += chunk) {
    const some = examples.slice(start, start + chunk);
    await forEachInParallel(
      some.length,
      async (index) => {
        const example = some[index] as number;
        const { width, height } = await readImageSize(image(example), set.origin(example));
        sizes.width[start + index] = width;
        sizes.height[start + index] = height;
      },
      signal,
    );
    const { data } = await inputs.read(some, signal);
    const size = data.length / some.length;
    for (let index = 0; index < some.length; index++) {
      const pixels = (data as Uint8Array).subarray(index * size, (index + 1) * size);
      looks.push(lookOf(pixels, shape));
      for (const [channel, means] of channels.entries()) means.push(...thinned(pixels, channel, shape[2]));
    }
    onProgress(start + some.length);
  }
  const names = shape[2] === 1 ? ["gray"] : ["red", "green", "blue"];
  const values = channels.map((pixels, channel) =>
    namedSpread(
      `${names[channel]}, normalized`,
      pixels.map((value) => normalizeValue(value, channel, record.normalize)),
    ),
  );
  const measured = [namedSpread("width", sizes.width), namedSpread("height", sizes.height), ...values];
  const outliers = (["width", "height"] as const).flatMap((what) => {
    const spread = spreadOf(sizes[what]);
    return [...sizes[what].entries()]
      .filter(([, value]) => spread && isFarOut(value, spread))
      .map(([index, value]) => ({ origin: set.origin(examples[index] as number), what, value }));
  });
  return {
    spreads: measured.filter((each): each is NamedSpread => each !== undefined),
    outliers: outliers.slice(0, mostNamed),
    lookAlikes: pairsOf(looks, (index) => set.origin(examples[index] as number)),
    decoded: examples.length,
  };
}

/** So many pixels of an image say how bright it is. */
const mostPixels = 64;

function* thinned(pixels: Uint8Array, channel: number, channels: number): Generator<number> {
  const count = pixels.length / channels;
  const step = Math.max(1, Math.floor(count / mostPixels));
  for (let place = Math.floor(step / 2); place < count; place += step)
    yield pixels[place * channels + channel] as number;
}

function pairsOf(looks: readonly (Look | undefined)[], nameOf: (index: number) => string): ImageSurvey["lookAlikes"] {
  const first: (readonly [string, string])[] = [];
  let pairs = 0;
  for (const [index, look] of looks.entries()) {
    if (!look) continue;
    for (let other = 0; other < index; other++) {
      const earlier = looks[other];
      if (!earlier || !isAlike(earlier, look)) continue;
      pairs++;
      if (first.length < mostNamed) first.push([nameOf(other), nameOf(index)]);
    }
  }
  return { pairs, first };
}
