import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { parseConfig } from "../../../../src/config/load-config";
import { parse, readRecords } from "../../../helpers/event-files";
import { startJsRuntime } from "../../../helpers/runtime";
import { makeTinyImages, tinyColours } from "../../../helpers/tiny-images";
import { ringsRequest, trainAll, weightsOf, writeRings } from "../../../helpers/tiny-training";

let folder: string;
beforeAll(() => startJsRuntime());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-tensorboard-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The tags of a run's training events, each with its step, and the bytes of its value. */
function valuesOf(model: string): { tag: string; step: number; value: Record<number, (number | Buffer)[]> }[] {
  const events = join(model, "run", "tensorboard", "train");
  return readdirSync(events).flatMap((name) =>
    readRecords(join(events, name)).flatMap((record) => {
      const { 2: [step = 0] = [], 5: [summary] = [] } = parse(record);
      const values = summary === undefined ? [] : (parse(summary as Buffer)[1] ?? []);
      return values.map((each) => {
        const value = parse(each as Buffer);
        return { tag: String(value[1]?.[0]), step: Number(step), value };
      });
    }),
  );
}

test("looking at weights and gradients changes nothing of the run, to the bit", async () => {
  writeRings(join(folder, "rings.csv"));
  const looking = ['train.tensorBoard={"histograms":2,"gradients":true}'];
  await trainAll(await ringsRequest(folder, ["train.tensorBoard=false"], { model: join(folder, "blind") }));
  await trainAll(await ringsRequest(folder, looking, { model: join(folder, "seeing") }));
  expect(weightsOf(join(folder, "seeing"))).toEqual(weightsOf(join(folder, "blind")));
  const values = valuesOf(join(folder, "seeing")).filter(({ value }) => value[5] !== undefined);
  // Every second of three epochs, and the first weights.
  const kernels = values.filter(({ tag }) => /^dense[^/]*\/kernel$/.test(tag));
  expect(kernels.map(({ step }) => step)).toEqual([0, 0, 2, 2]);
  expect(values.filter(({ tag }) => tag.endsWith("kernel/gradient"))).toHaveLength(4);
});

test("pictures are what training sees, after augmentation", async () => {
  await makeTinyImages(join(folder, "pictures"), { perClass: 4 });
  const config = {
    name: "colours",
    seed: 1,
    data: {
      source: "image-folder",
      path: "pictures",
      cache: "none",
      augment: [{ op: "brightness", amount: 1 }],
    },
    model: { layers: [{ type: "flatten" }, { type: "dense", units: "classes", activation: "softmax" }] },
    train: { epochs: 1, batchSize: 4, tensorBoard: { images: 3 } },
  };
  await trainAll({
    ...(await ringsRequest(folder)),
    config: parseConfig(config, "colours.json", []),
  });
  const images = valuesOf(join(folder, "model")).filter(({ tag }) => tag.startsWith("training_images/"));
  expect(images.map(({ tag, step }) => [tag, step])).toEqual([0, 1, 2].map((index) => [`training_images/${index}`, 1]));
  const sources = Object.values(tinyColours).flatMap((colour) =>
    [0, 3, 6, 9].map((shade) => String(colour.map((part) => part + shade))),
  );
  for (const { value } of images) {
    const { 1: height, 2: width, 3: channels, 4: png } = parse(value[4]?.[0] as Buffer);
    expect([height, width, channels]).toEqual([[8], [8], [3]]);
    const { data } = await sharp(png?.[0] as Buffer)
      .raw()
      .toBuffer({ resolveWithObject: true });
    // Of one colour still, but of none that a file has.
    const colours = new Set(
      Array.from({ length: 64 }, (_, pixel) => String([...data.subarray(3 * pixel, 3 * pixel + 3)])),
    );
    expect(colours.size).toBe(1);
    expect(sources).not.toContain([...colours][0]);
  }
});
