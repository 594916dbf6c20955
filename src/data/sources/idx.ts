import { basename, resolve } from "node:path";
import { z } from "zod";
import { DataError } from "../../shared/errors";
import type { ExampleSet, ImageSource, SplitName } from "../example-set";
import { classTargets } from "./class-targets";
import { defineSource, type SourceContext } from "./define-source";
import { type IdxFile, readIdxFile } from "./idx-file";
import { labelList } from "./label-list";

const file = z.string().min(1);

export const idx = defineSource({
  type: "idx",
  description: "Images and labels in the IDX files of MNIST and Fashion-MNIST, gzip or not.",
  options: {
    images: file.describe("Images: unsigned bytes [examples, height, width], or [examples, height, width, 1 or 3]."),
    labels: file.describe("Their labels: unsigned bytes [examples]."),
    testImages: file.optional().describe("Images of the test split."),
    testLabels: file.optional().describe("Labels of the test split."),
    labelNames: labelList
      .optional()
      .describe("Names of the labels 0, 1, 2, ... (`labels` is a file here, and holds only numbers)."),
  },
  paths: ["images", "labels", "testImages", "testLabels"],
  async open({ images, labels, testImages, testLabels }, context) {
    if ((testImages === undefined) !== (testLabels === undefined)) {
      throw new DataError(`data.${testImages ? "testImages" : "testLabels"} is stated without its counterpart`, {
        hint: "State both testImages and testLabels, or neither.",
      });
    }
    const parts = [await readPart(images, labels, context)];
    if (testImages && testLabels) parts.push(await readPart(testImages, testLabels, context));
    return combine(parts, context);
  },
});

interface Part {
  readonly images: IdxFile;
  readonly labels: IdxFile;
}

async function readPart(images: string, labels: string, { baseFolder, signal }: SourceContext): Promise<Part> {
  const part = {
    images: await readIdxFile(resolve(baseFolder, images), [3, 4], signal),
    labels: await readIdxFile(resolve(baseFolder, labels), [1], signal),
  };
  const [count = 0, height = 0, width = 0, channels = 1] = part.images.shape;
  const [labelCount] = part.labels.shape;
  if (count !== labelCount) {
    throw new DataError(`${part.images.path} has ${count} images, but ${part.labels.path} has ${labelCount} labels`, {
      hint: "Name two files that belong together.",
    });
  }
  if (count === 0) throw new DataError(`${part.images.path} has no images`);
  if (height === 0 || width === 0) throw new DataError(`${part.images.path} has images of size ${width} x ${height}`);
  if (channels !== 1 && channels !== 3) {
    throw new DataError(`${part.images.path} has images of ${channels} channels; 1 or 3 are read`);
  }
  return part;
}

function combine(parts: readonly Part[], { labels }: SourceContext): ExampleSet {
  const [first, test] = parts as [Part, Part | undefined];
  const trainCount = first.images.shape[0] as number;
  const count = trainCount + (test?.images.shape[0] ?? 0);
  const placeOf = (index: number): [Part, number] =>
    test && index >= trainCount ? [test, index - trainCount] : [first, index];
  const origin = (index: number) => {
    const [part, position] = placeOf(index);
    return `${basename(part.images.path)} image ${position}`;
  };
  const given = parts.flatMap((part) => labelsOf(part.labels, labels));
  return {
    inputs: { kind: "image", count, image: (index) => pixelsOf(...placeOf(index)) },
    targets: classTargets({ given, labels, origin, where: basename(first.labels.path) }),
    count,
    ownSplit: (index): SplitName | undefined => (index >= trainCount ? "test" : undefined),
    origin,
    warnings: [],
  };
}

/** A view into the file's pixels, not a copy. */
function pixelsOf({ images }: Part, position: number): ImageSource {
  const [, height, width, channels = 1] = images.shape as [number, number, number, number?];
  const size = height * width * channels;
  const pixels = images.data.subarray(position * size, (position + 1) * size);
  return { pixels, width, height, channels: channels as 1 | 3 };
}

/** Names by position; names that are numbers themselves, as a model has that was trained without names, by value. */
function labelsOf({ path, data }: IdxFile, names: readonly string[] | undefined): string[] {
  const areNumbers = names?.every((name) => /^\d+$/.test(name)) ?? true;
  return Array.from(data, (value, position) => {
    if (areNumbers) return String(value);
    const name = names?.[value];
    if (name !== undefined) return name;
    throw new DataError(`${path}: label ${value} of image ${position} is out of range: ${names?.length} are named`, {
      hint: "Name every label in data.labelNames, 0 first, or take the file that belongs to these names.",
    });
  });
}
