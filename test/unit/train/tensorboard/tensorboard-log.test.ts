import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layerGraph } from "../../../../src/train/tensorboard/graph-def";
import { TensorBoardLog } from "../../../../src/train/tensorboard/tensorboard-log";
import { parse, readRecords } from "../../../helpers/event-files";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-tensorboard-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function readScalars(event: Buffer): { step: number; scalars: Record<string, number> } {
  const { 2: [step] = [], 5: [summary] = [] } = parse(event);
  const values = parse(summary as Buffer)[1] ?? [];
  const scalars = values.map((value) => {
    const { 1: [tag] = [], 2: [simple] = [] } = parse(value as Buffer);
    return [String(tag), (simple as Buffer).readFloatLE()];
  });
  return { step: step as number, scalars: Object.fromEntries(scalars) };
}

const recordsOf = (split: string, index = 0) =>
  readRecords(join(folder, split, readdirSync(join(folder, split)).sort()[index] as string));

const entry = (epoch: number, metrics: Record<string, number>) => ({
  epoch,
  step: 10 * epoch,
  metrics,
  learningRate: 0.5,
  seconds: 1,
});

test("training and validation become two runs with the same tags", async () => {
  const log = await TensorBoardLog.open(folder, 0, true);
  await log.endEpoch(entry(1, { loss: 0.75, accuracy: 0.5, val_loss: 1.5, val_accuracy: 0.25 }));
  await log.endEpoch(entry(300, { loss: 0.5, accuracy: 1, val_loss: 1, val_accuracy: 0.5 }));
  await log.close();
  const train = recordsOf("train");
  expect(String(parse(train[0] as Buffer)[3]?.[0])).toBe("brain.Event:2");
  // The wall clock, in seconds.
  const [wallTime] = parse(train[0] as Buffer)[1] ?? [];
  expect(Math.abs((wallTime as Buffer).readDoubleLE() - Date.now() / 1000)).toBeLessThan(60);
  expect(readScalars(train[2] as Buffer)).toEqual({
    step: 1,
    scalars: { epoch_learning_rate: 0.5, epoch_loss: 0.75, epoch_accuracy: 0.5 },
  });
  expect(readScalars(train[3] as Buffer).step).toBe(300);
  expect(train).toHaveLength(4);
  expect(readScalars(recordsOf("validation")[2] as Buffer)).toEqual({
    step: 1,
    scalars: { epoch_loss: 1.5, epoch_accuracy: 0.25 },
  });
});

test("a resumed run begins a file that says from which step earlier ones no longer count", async () => {
  const first = await TensorBoardLog.open(folder, 0, false);
  await first.close();
  await new Promise((resolve) => setTimeout(resolve, 5));
  const second = await TensorBoardLog.open(folder, 3, false);
  await second.close();
  expect(readdirSync(folder)).toEqual(["train"]);
  const { 2: step, 7: session } = parse(recordsOf("train", 1)[1] as Buffer);
  expect(step).toEqual([4]);
  expect(parse(session?.[0] as Buffer)).toEqual({ 1: [1] });
});

const doubles = (bytes: Buffer) =>
  Array.from({ length: bytes.length / 8 }, (_, index) => bytes.readDoubleLE(8 * index));

test("histograms, pictures and the stack of layers are in the fields of TensorFlow's definitions", async () => {
  const log = await TensorBoardLog.open(folder, 0, false);
  const histogram = { min: -1, max: 3, count: 4, sum: 5, sumOfSquares: 7, limits: [1, 3], counts: [1, 3] };
  await log.histograms(2, { "dense/kernel": histogram });
  await log.images({ "training_images/0": { width: 3, height: 2, channels: 1, png: Buffer.from("png") } });
  await log.graph(
    layerGraph([
      { name: "input", type: "input", inputs: [], outputShape: [null, 4], parameters: 0, trainable: 0 },
      { name: "out", type: "dense", inputs: ["input"], outputShape: [null, 2], parameters: 10, trainable: 10 },
    ]),
  );
  await log.close();
  const [, , histograms, images, graph] = recordsOf("train");
  const entryOf = (event: Buffer) => parse(parse(parse(event)[5]?.[0] as Buffer)[1]?.[0] as Buffer);
  expect(parse(histograms as Buffer)[2]).toEqual([2]);
  const { 1: tag, 5: histo } = entryOf(histograms as Buffer);
  expect(String(tag?.[0])).toBe("dense/kernel");
  const fields = parse(histo?.[0] as Buffer);
  expect([1, 2, 3, 4, 5].map((field) => doubles(fields[field]?.[0] as Buffer)[0])).toEqual([-1, 3, 4, 5, 7]);
  expect([6, 7].map((field) => doubles(fields[field]?.[0] as Buffer))).toEqual([
    [1, 3],
    [1, 3],
  ]);
  const { 4: image } = entryOf(images as Buffer);
  expect(parse(image?.[0] as Buffer)).toEqual({ 1: [2], 2: [3], 3: [1], 4: [Buffer.from("png")] });
  const nodes = (parse(parse(graph as Buffer)[4]?.[0] as Buffer)[1] ?? []).map((node) => parse(node as Buffer));
  expect(nodes.map((node) => [1, 2, 3].map((field) => (node[field] ?? []).map(String)))).toEqual([
    [["input"], ["input"], []],
    [["out"], ["dense"], ["input"]],
  ]);
});
