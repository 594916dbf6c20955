import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { evaluationBatches } from "../../../../src/data/batches/evaluation-batches";
import type { HostBatch } from "../../../../src/data/batches/host-batch";
import { trainingBatches } from "../../../../src/data/batches/training-batches";
import type { EncodedInputs } from "../../../../src/data/encoded-inputs";
import type { ExampleTargets } from "../../../../src/data/example-set";

/** Inputs whose one value is ten times the example's number, and what was asked of them. */
function recordingInputs(options: { failAt?: number; milliseconds?: number } = {}) {
  const reads: number[][] = [];
  let running = 0;
  const inputs: EncodedInputs = {
    shape: [1],
    dtype: "float32",
    async read(examples, signal) {
      reads.push([...examples]);
      const isFailing = reads.length - 1 === options.failAt;
      running++;
      try {
        await sleep(options.milliseconds ?? 0, undefined, { signal });
        if (isFailing) throw new Error("can't be decoded");
        return { data: Float32Array.from(examples, (example) => example * 10), shape: [examples.length, 1] };
      } finally {
        running--;
      }
    },
    close: async () => undefined,
  };
  return { inputs, reads, running: () => running };
}

const classes: ExampleTargets = {
  kind: "class",
  labels: ["a", "b"],
  indices: Int32Array.from({ length: 100 }, (_, i) => i % 2),
};
const fromFive = Int32Array.from({ length: 10 }, (_, index) => index + 5);

async function collect(batches: AsyncIterable<HostBatch>): Promise<HostBatch[]> {
  const all: HostBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

const epochOf = (epoch: number, more: object = {}) =>
  trainingBatches({
    inputs: recordingInputs().inputs,
    targets: classes,
    examples: fromFive,
    batchSize: 4,
    seed: 1,
    epoch,
    ...more,
  });

describe("trainingBatches", () => {
  it("gives every example once, inputs and targets that belong together, the last batch smaller", async () => {
    const batches = await collect(epochOf(0));
    expect(batches.map(({ count }) => count)).toEqual([4, 4, 2]);
    expect(batches.flatMap(({ examples }) => [...examples]).sort((a, b) => a - b)).toEqual([...fromFive]);
    for (const { inputs, targets, examples, count } of batches) {
      expect(inputs).toEqual({ data: Float32Array.from(examples, (example) => example * 10), shape: [count, 1] });
      expect(targets).toEqual({ data: examples.map((example) => example % 2), shape: [count] });
    }
  });

  it("covers an epoch exactly once and skips exactly the first batches (any sizes)", async () => {
    const sizes = fc.record({
      count: fc.integer({ min: 0, max: 60 }),
      batchSize: fc.integer({ min: 1, max: 70 }),
      seed: fc.integer(),
      epoch: fc.nat(20),
      skipBatches: fc.nat(8),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ count, skipBatches, ...rest }) => {
        const examples = Int32Array.from({ length: count }, (_, index) => index * 3);
        const targets: ExampleTargets = { kind: "values", names: ["y"], values: new Float32Array(3 * count + 1) };
        const request = { inputs: recordingInputs().inputs, targets, examples, ...rest };
        const whole = (await collect(trainingBatches(request))).map((batch) => [...batch.examples]);
        expect(whole.flat().sort((a, b) => a - b)).toEqual([...examples]);
        const rest2 = (await collect(trainingBatches({ ...request, skipBatches }))).map((batch) => [...batch.examples]);
        expect(rest2).toEqual(whole.slice(skipBatches));
      }),
      { numRuns: 40 },
    );
  });

  it("has another order in each epoch and for each seed, and the same for the same", async () => {
    const order = async (batches: AsyncIterable<HostBatch>) =>
      (await collect(batches)).flatMap((batch) => [...batch.examples]);
    const first = await order(epochOf(0));
    expect(await order(epochOf(0))).toEqual(first);
    expect(await order(epochOf(1))).not.toEqual(first);
    expect(await order(epochOf(0, { seed: 2 }))).not.toEqual(first);
  });

  it("reads nothing of what is skipped", async () => {
    const { inputs, reads } = recordingInputs();
    await collect(epochOf(0, { inputs, skipBatches: 2 }));
    expect(reads.map((read) => read.length)).toEqual([2]);
  });

  it("reads two batches ahead while the consumer works, and not three", async () => {
    const { inputs, reads } = recordingInputs();
    const batches = epochOf(0, { inputs, batchSize: 2 });
    await batches.next();
    await sleep(20);
    expect(reads).toHaveLength(3);
    await batches.return();
  });

  it("throws a failure when its batch is asked for, not before", async () => {
    const batches = epochOf(0, { inputs: recordingInputs({ failAt: 1 }).inputs });
    expect((await batches.next()).value?.count).toBe(4);
    await sleep(20);
    await expect(batches.next()).rejects.toThrow("can't be decoded");
    expect((await batches.next()).done).toBe(true);
  });

  it("stops the reading when the consumer stops, and has ended it then", async () => {
    const { inputs, reads, running } = recordingInputs({ milliseconds: 30 });
    for await (const _ of epochOf(0, { inputs, batchSize: 2 })) break;
    expect(reads).toHaveLength(3);
    expect(running()).toBe(0);
  });

  it("throws when it is aborted, before and during", async () => {
    await expect(epochOf(0, { signal: AbortSignal.abort() }).next()).rejects.toThrow(/abort/i);
    const controller = new AbortController();
    const { inputs, running } = recordingInputs({ milliseconds: 10_000 });
    const pending = epochOf(0, { inputs, signal: controller.signal }).next();
    setTimeout(() => controller.abort(), 10);
    await expect(pending).rejects.toThrow(/abort/i);
    expect(running()).toBe(0);
  });
});

describe("evaluationBatches", () => {
  it("keeps the order, and gives values by row", async () => {
    const targets: ExampleTargets = {
      kind: "values",
      names: ["p", "q"],
      values: Float32Array.from({ length: 12 }, (_, i) => i),
    };
    const examples = Int32Array.of(4, 1, 3);
    const batches = await collect(
      evaluationBatches({ inputs: recordingInputs().inputs, targets, examples, batchSize: 2 }),
    );
    expect(batches.map((batch) => [...batch.examples])).toEqual([[4, 1], [3]]);
    expect(batches.map((batch) => batch.targets)).toEqual([
      { data: Float32Array.of(8, 9, 2, 3), shape: [2, 2] },
      { data: Float32Array.of(6, 7), shape: [1, 2] },
    ]);
  });
});
