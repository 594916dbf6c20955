import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Checkpoint,
  listCheckpoints,
  readBestWeights,
  readLastCheckpoint,
  rotateCheckpoints,
  writeBestWeights,
  writeCheckpoint,
} from "../../../src/checkpoint/checkpoint";
import { EnvironmentError, ModelFolderError } from "../../../src/shared/errors";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlctl-checkpoint-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tensor = (name: string, values: number[], shape: number[]) => ({ name, data: Float32Array.from(values), shape });

function checkpoint(step: number, { epoch = 0, best = null as Checkpoint["state"]["best"] } = {}): Checkpoint {
  return {
    state: {
      step,
      epoch,
      batch: 3,
      sums: { count: 12, steps: 3, weight: 12, lossSum: 0.1 + 0.2, penaltySum: 0, metrics: [[1 / 3, 12]] },
      schedule: { rate: 1e-3 },
      earlyStopping: { best: null, wait: 1, isStopped: false },
      best,
      seconds: 1.5,
    },
    weights: [tensor("a/kernel", [1, -0, 1e-45, 3.4e38, step], [5]), tensor("a/bias", [], [0])],
    slots: { "a/kernel/m": { data: Float32Array.of(0.1, 0.2), shape: [1, 2] } },
  };
}

const fail = (problem: string) => {
  throw new Error(problem);
};

test("a checkpoint comes back bit for bit", async () => {
  const path = await writeCheckpoint(folder, checkpoint(7));
  expect(readdirSync(path).sort()).toEqual(["checkpoint.json", "slots.bin", "weights.bin"]);
  const read = await readLastCheckpoint(folder, fail);
  expect(read.state).toEqual(checkpoint(7).state);
  expect(read.weights).toEqual(checkpoint(7).weights);
  expect(Object.is(read.weights[0]?.data[1], -0)).toBe(true);
  expect(read.slots["a/kernel/m"]?.data).toEqual(Float32Array.of(0.1, 0.2));
  expect(read.slots["a/kernel/m"]?.shape).toEqual([1, 2]);
});

test("checkpoints are in the order of their steps, not of their names", async () => {
  for (const step of [9, 100, 20]) await writeCheckpoint(folder, checkpoint(step));
  await writeCheckpoint(folder, checkpoint(100, { epoch: 1 }));
  expect(await listCheckpoints(folder)).toEqual([
    "step-9-epoch-0",
    "step-20-epoch-0",
    "step-100-epoch-0",
    "step-100-epoch-1",
  ]);
});

test.each<[string, (path: string) => void]>([
  ["a byte changed", (path) => writeFileSync(path, readFileSync(path).fill(1, 3, 4))],
  ["cut short", (path) => truncateSync(path, 4)],
  ["missing", (path) => rmSync(path)],
])("weights.bin %s: the one before is used, and the damaged file named", async (_name, harm) => {
  await writeCheckpoint(folder, checkpoint(1));
  harm(join(await writeCheckpoint(folder, checkpoint(2)), "weights.bin"));
  const problems: string[] = [];
  const read = await readLastCheckpoint(folder, (problem) => problems.push(problem));
  expect(read.state.step).toBe(1);
  expect(problems).toEqual([expect.stringMatching(/step-2-epoch-0\/weights\.bin/)]);
  // Else rotation would keep it as the newest, in the place of a good one.
  expect(await listCheckpoints(folder)).toEqual(["step-1-epoch-0"]);
});

test.each([
  ["not JSON", "{"],
  ["of another version", '{"formatVersion":2}'],
  ["incomplete", '{"formatVersion":1,"state":{}}'],
])("checkpoint.json %s: an error that names it when there is no other", async (_name, content) => {
  const path = await writeCheckpoint(folder, checkpoint(1));
  writeFileSync(join(path, "checkpoint.json"), content);
  const problems: string[] = [];
  const reading = readLastCheckpoint(folder, (problem) => problems.push(problem));
  await expect(reading).rejects.toThrow(ModelFolderError);
  expect(problems.join()).toContain("checkpoint.json is damaged");
  expect(await listCheckpoints(folder)).toHaveLength(1);
});

test("rotation keeps the newest and the best that these refer to", async () => {
  const best = async (epoch: number) => ({
    epoch,
    value: 1 / epoch,
    folder: await writeBestWeights(folder, epoch, [tensor("a", [epoch], [1])]),
  });
  const bests = [await best(1), await best(2), await best(3)];
  for (const [index, step] of [8, 9, 10, 11].entries()) {
    await writeCheckpoint(folder, checkpoint(step, { best: bests[Math.min(index, 1)] ?? null }));
  }
  writeFileSync(join(folder, ".step-12-epoch-0.abc.tmp"), "half written");
  await rotateCheckpoints(folder, 2);
  expect(readdirSync(folder).sort()).toEqual(["best-2", "step-10-epoch-0", "step-11-epoch-0"]);
  expect((await readBestWeights(folder, "best-2"))[0]?.data).toEqual(Float32Array.of(2));
  await rotateCheckpoints(folder, 0);
  expect(await listCheckpoints(folder)).toEqual(["step-11-epoch-0"]);
});

test("a folder that can't be written is an EnvironmentError that names the path, and leaves nothing", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const writing = writeCheckpoint(join(file, "checkpoints"), checkpoint(1));
  await expect(writing).rejects.toThrow(EnvironmentError);
  await expect(writing).rejects.toThrow(join(file, "checkpoints"));
});
