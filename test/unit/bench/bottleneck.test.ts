import type { BenchFigures } from "../../../src/bench/bench";
import { findBottlenecks } from "../../../src/bench/bottleneck";

const span = { seconds: 1, cores: 1 };
const timing = (mean: number) => ({ calls: 10, mean, p50: mean, p90: mean, p99: mean });

/** A step of 10 ms for 32 examples, 3,200 a second; prediction of 8,000 at best. */
function figures(cold: number, waiting: number): BenchFigures {
  const data = { ...span, examples: 100 };
  return {
    ...{ name: "m", parameters: 1, inputShape: [2], inputKind: "vector", notes: [], peakMemoryBytes: 1 },
    data: {
      openSeconds: 1,
      cold: { ...data, examplesPerSecond: cold },
      cached: { ...data, examplesPerSecond: 10 * cold },
    },
    training: {
      ...span,
      ...{ engine: "graph", batchSize: 32, firstStepSeconds: 1, prepareSeconds: 1, examplesPerSecond: 3200 },
      step: timing(10),
      waiting,
      gpu: null,
      peakMemoryBytes: 1,
    },
    prediction: {
      prepareSeconds: 1,
      batches: [
        { ...span, batchSize: 1, latency: timing(1), examplesPerSecond: 1000 },
        { ...span, batchSize: 32, latency: timing(4), examplesPerSecond: 8000 },
      ],
    },
  };
}

describe("findBottlenecks", () => {
  test("data that is faster than step and model holds up nothing", () => {
    expect(findBottlenecks(figures(9000, 0.05))).toEqual({ training: "step", firstEpoch: "step", prediction: "model" });
  });

  test("slow decoding is felt in the first epoch and in prediction, not later", () => {
    expect(findBottlenecks(figures(3000, 0.05))).toEqual({ training: "step", firstEpoch: "data", prediction: "data" });
  });

  test("a step that waits much is held up by its data", () => {
    expect(findBottlenecks(figures(9000, 0.5)).training).toBe("data");
  });

  test("nothing is said of what was not measured", () => {
    const unknown = { training: null, firstEpoch: null, prediction: null };
    expect(findBottlenecks({ ...figures(1, 0), data: null, training: null })).toEqual(unknown);
  });
});
