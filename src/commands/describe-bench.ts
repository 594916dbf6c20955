import type { BenchFigures } from "../bench/bench";
import type { Bottlenecks } from "../bench/bottleneck";
import type { Span } from "../bench/stopwatch";
import type { Timing } from "../bench/timing";
import { formatShape } from "../shared/shape";
import { formatBytes, formatDuration } from "./format-figures";
import { formatTable } from "./format-table";

const count = (value: number) => value.toLocaleString("en-US");
/** Three digits are all that such figures are good for. */
const rate = (value: number) => count(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
const cores = ({ cores }: Span) => cores.toFixed(1);
const milliseconds = (value: number) => formatDuration(value / 1000);
const percentiles = ({ p50, p90, p99 }: Timing) => [p50, p90, p99].map(milliseconds);

/** The figures for people, and what they mean. */
export function describeBench(figures: BenchFigures, bottlenecks: Bottlenecks): string[] {
  const { name, parameters, inputShape, inputKind, notes, data, training, prediction, peakMemoryBytes } = figures;
  return [
    `model   ${name}: ${count(parameters)} parameters, input ${formatShape([null, ...inputShape])} ${inputKind}`,
    ...notes.map((note) => `note    ${note}`),
    ...(data ? ["", ...dataTable(data)] : []),
    ...(training ? ["", ...trainingTable(training)] : []),
    "",
    ...predictionTable(prediction),
    "",
    `peak memory of the process: ${training ? `${formatBytes(training.peakMemoryBytes)} with training, ` : ""}${formatBytes(peakMemoryBytes)} with prediction`,
    ...describeBottlenecks(bottlenecks),
  ];
}

function dataTable({ openSeconds, cold, cached }: NonNullable<BenchFigures["data"]>): string[] {
  const row = (name: string, figures: typeof cold) => [
    name,
    rate(figures.examplesPerSecond),
    cores(figures),
    count(figures.examples),
  ];
  return [
    ...formatTable(
      ["data", "examples/s", "cores", "examples"],
      [row("read and preprocessed", cold), row("again, kept in memory", cached)],
    ),
    `opened in ${formatDuration(openSeconds)}`,
  ];
}

function trainingTable({ step, ...training }: NonNullable<BenchFigures["training"]>): string[] {
  return [
    ...formatTable(
      ["training", "batch", "examples/s", "p50", "p90", "p99", "cores"],
      [
        [
          `step, ${training.engine} engine`,
          training.batchSize,
          rate(training.examplesPerSecond),
          ...percentiles(step),
          cores(training),
        ],
      ],
    ),
    `prepared in ${formatDuration(training.prepareSeconds)}, the first steps in ${formatDuration(training.firstStepSeconds)}; waits for data ${Math.round(100 * training.waiting)} % of the time`,
    ...(training.gpu
      ? [
          `the GPU computes ${Math.round(100 * training.gpu.utilization)} % of the time; ${formatBytes(training.gpu.memoryBytes)} of its memory are in use`,
        ]
      : []),
  ];
}

function predictionTable({ prepareSeconds, batches }: BenchFigures["prediction"]): string[] {
  return [
    ...formatTable(
      ["prediction", "examples/s", "p50", "p90", "p99", "cores"],
      batches.map((batch) => [
        `batch of ${batch.batchSize}`,
        rate(batch.examplesPerSecond),
        ...percentiles(batch.latency),
        cores(batch),
      ]),
    ),
    `prepared in ${formatDuration(prepareSeconds)}; without reading and preprocessing files`,
  ];
}

const meanings = {
  training: {
    step: "training: the step is the slower part, the data keeps up",
    data: "training: the step waits for data; preprocessing is the slower part even when it is kept",
  },
  firstEpoch: {
    step: "first epoch: the data keeps up, too",
    data: "first epoch: reading and preprocessing is slower than the step; later epochs, and runs that find it in the cache, do without",
  },
  prediction: {
    model: "predicting many inputs: the model is the slower part",
    data: "predicting many inputs: reading and preprocessing them is the slower part",
  },
};

function describeBottlenecks({ training, firstEpoch, prediction }: Bottlenecks): string[] {
  return [
    ...(training ? [meanings.training[training]] : []),
    ...(firstEpoch ? [meanings.firstEpoch[firstEpoch]] : []),
    ...(prediction ? [meanings.prediction[prediction]] : []),
  ];
}
