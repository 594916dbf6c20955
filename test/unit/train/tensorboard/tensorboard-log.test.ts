import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { maskedCrc32c } from "../../../../src/train/tensorboard/crc32c";
import { TensorBoardLog } from "../../../../src/train/tensorboard/tensorboard-log";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-tensorboard-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The records of an event file; fails where framing or a sum is wrong. */
function readRecords(path: string): Buffer[] {
  const file = readFileSync(path);
  const records: Buffer[] = [];
  for (let offset = 0; offset < file.length; ) {
    const length = Number(file.readBigUInt64LE(offset));
    expect(file.readUInt32LE(offset + 8)).toBe(maskedCrc32c(file.subarray(offset, offset + 8)));
    const data = file.subarray(offset + 12, offset + 12 + length);
    expect(data.length).toBe(length);
    expect(file.readUInt32LE(offset + 12 + length)).toBe(maskedCrc32c(data));
    records.push(data);
    offset += 16 + length;
  }
  return records;
}

type Field = number | Buffer;

/** Fields of a protobuf message by number, each a list; fixed-width ones as bytes. */
function parse(message: Buffer): Record<number, Field[]> {
  const fields: Record<number, Field[]> = {};
  let offset = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[offset++] as number;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (offset < message.length) {
    const key = varint();
    const wire = key & 7;
    const length = wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? varint() : 0;
    const field = wire === 0 ? varint() : message.subarray(offset, offset + length);
    offset += length;
    fields[key >>> 3] = [...(fields[key >>> 3] ?? []), field];
  }
  return fields;
}

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
