import { bindAugmentations } from "../../data/augmentation-config";
import type { EncodedInputs } from "../../data/encoded-inputs";
import type { Pixels } from "../../data/images/define-image-op";
import { uploadTensor } from "../../engine/upload-tensor";
import { tf } from "../../runtime/tf";
import { deriveSeed } from "../../shared/derive-seed";
import type { HostTensor } from "../../shared/host-tensor";
import type { PictureBudget } from "../picture-budget";
import type { ReportedSample } from "../reported-run";
import type { RunData } from "./describe-data";

type Pictures = ReportedSample["pictures"];

/** Of each example: as it is, as the model takes it, and augmented as in training's first two steps; none for what is no image. */
export async function samplePictures(
  { config, set, preprocessing }: RunData,
  examples: Int32Array,
  budget: PictureBudget,
): Promise<Pictures[]> {
  const { inputs } = set;
  if (inputs.kind !== "image" || examples.length === 0) return [];
  const encoded = preprocessing.encode(inputs, {
    origin: (index) => set.origin(index),
    cache: config.data.cache,
    isReadOnce: true,
  });
  try {
    const host = await encoded.read(examples);
    const isChanged = "path" in inputs.image(examples[0] as number) || encodedOps(preprocessing.record) > 0;
    const changed = augmentedBatches(config, host);
    const all: Pictures[] = [];
    for (const [index, example] of examples.entries()) {
      const own = isChanged ? await budget.addExample(inputs, example, { origin: set.origin(example) }) : undefined;
      const views = [
        { what: "as it is", uri: own },
        { what: "as the model takes it", uri: await budget.add(pixelsAt(host.data as Uint8Array, index, encoded)) },
      ];
      for (const data of changed) {
        views.push({ what: "augmented", uri: await budget.add(pixelsAt(data, index, encoded)) });
      }
      all.push(views.filter((view): view is Pictures[number] => view.uri !== undefined));
    }
    return all;
  } finally {
    await encoded.close();
  }
}

function encodedOps(record: RunData["preprocessing"]["record"]): number {
  return record.kind === "image" ? record.ops.length : 0;
}

function pixelsAt(data: Uint8Array, index: number, { shape }: EncodedInputs): Pixels {
  const [height, width, channels] = shape as [number, number, 1 | 3];
  const size = height * width * channels;
  return { data: data.subarray(index * size, (index + 1) * size), width, height, channels };
}

/** The batch as two steps of training would change it; none without augmentation. */
export function augmentedBatches({ data, seed }: RunData["config"], host: HostTensor): Uint8Array[] {
  const augmentation = bindAugmentations(data.augment);
  if (!augmentation) return [];
  return [0, 1].map((step) =>
    tf.tidy(() => {
      const targets = tf.zeros([host.shape[0] as number, 1]);
      const { inputs } = augmentation({ inputs: uploadTensor(host), targets }, [
        deriveSeed(seed, "augmentation"),
        step,
      ]);
      return Uint8Array.from(inputs.dataSync(), (value) => Math.round(Math.min(255, Math.max(0, value))));
    }),
  );
}
