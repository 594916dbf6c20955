import { DataError } from "../../shared/errors";
import type { EncodedInputs } from "../encoded-inputs";
import type { ExampleSet } from "../example-set";
import { paddingValue } from "../series/padding-value";
import { keptPart } from "./apply-lengths";
import { commonLength, tooLong } from "./common-length";
import type { EncodeOptions, InputsOf, Preprocessing } from "./define-preprocessing";
import { describeLengths } from "./describe-lengths";
import { fitNormalizations } from "./fit-numeric-ops";
import { lengthRules } from "./length-op-config";
import { normalizeValue } from "./normalization";
import { numericOps } from "./numeric-ops";
import type { PreprocessConfig } from "./preprocess-config";
import type { SeriesRecord } from "./preprocessing-record";
import { withoutStage } from "./without-stage";
import { wrongKind } from "./wrong-kind";

type SeriesInputs = InputsOf<"series">;

/** Fits statistics for each channel on the steps of the training examples that truncation leaves. */
export function fitSeries(
  ops: PreprocessConfig,
  inputs: SeriesInputs,
  trainingExamples: Int32Array,
  origin: ExampleSet["origin"],
): Preprocessing {
  const rules = lengthRules(ops);
  const length = commonLength({ lengths: inputs.lengths, rules, origin, unit: "steps" });
  const steps = keptSteps(inputs, trainingExamples, rules);
  const width = inputs.names.length;
  const normalize = fitNormalizations(numericOps(ops), width, (channel) =>
    Float64Array.from(steps, (step) => inputs.values[step * width + channel] as number),
  );
  const trained = Int32Array.from(trainingExamples, (example) => inputs.lengths[example] as number);
  const facts = [`series: ${describeLengths(trained, rules, "steps")}`];
  return restoreSeries({ kind: "series", channels: [...inputs.names], normalize, ...rules, length }, facts);
}

/** Numbers of all steps, of the listed examples, that are kept. */
function keptSteps(
  { lengths, offsets }: SeriesInputs,
  examples: Int32Array,
  rules: Parameters<typeof keptPart>[1],
): number[] {
  const steps: number[] = [];
  for (const example of examples) {
    const { from, count } = keptPart(lengths[example] as number, rules);
    const first = (offsets[example] as number) + from;
    for (let step = first; step < first + count; step++) steps.push(step);
  }
  return steps;
}

export function restoreSeries(record: SeriesRecord, facts: readonly string[] = []): Preprocessing {
  return {
    record,
    shape: [record.length, record.channels.length],
    dtype: "float32",
    deviceStage: withoutStage,
    ...(record.pad ? { maskValue: paddingValue } : {}),
    facts,
    arrange: (set, splits) => ({ set, splits, warnings: [] }),
    encode(inputs, options) {
      if (inputs.kind !== "series") throw wrongKind("series", inputs.kind);
      return encodeSeries(inputs, record, options);
    },
  };
}

function encodeSeries(inputs: SeriesInputs, record: SeriesRecord, { origin }: EncodeOptions): EncodedInputs {
  const { channels, length } = record;
  const columns = channels.map((name) => inputs.names.indexOf(name));
  const missing = channels.filter((_, index) => (columns[index] as number) < 0);
  if (missing.length > 0) {
    throw new DataError(`The inputs lack the channels ${missing.join(", ")}`, {
      hint: `The model takes ${channels.join(", ")}.`,
    });
  }
  const size = length * channels.length;
  return {
    shape: [length, channels.length],
    dtype: "float32",
    async read(examples) {
      const data = new Float32Array(examples.length * size).fill(paddingValue);
      for (const [position, example] of examples.entries()) {
        writeSeries(data.subarray(position * size, (position + 1) * size), {
          inputs,
          example,
          columns,
          record,
          origin,
        });
      }
      return { data, shape: [examples.length, length, channels.length] };
    },
    async close() {},
  };
}

interface WriteRequest {
  readonly inputs: SeriesInputs;
  readonly example: number;
  /** Position in the inputs of each of the model's channels. */
  readonly columns: readonly number[];
  readonly record: SeriesRecord;
  readonly origin: (index: number) => string;
}

function writeSeries(target: Float32Array, { inputs, example, columns, record, origin }: WriteRequest): void {
  const { channels, length, normalize, pad } = record;
  const steps = inputs.lengths[example] as number;
  const { from, count, before } = keptPart(steps, record);
  if (pad && count > length) throw tooLong(`${origin(example)} has ${count} steps`, length);
  if (count !== length && !pad) {
    throw new DataError(`${origin(example)} has ${steps} steps, and the model takes ${length}`, {
      hint: 'Train with "pad" in data.preprocess to take series of other lengths.',
    });
  }
  const first = (inputs.offsets[example] as number) + from;
  for (let step = 0; step < count; step++) {
    for (const [channel, column] of columns.entries()) {
      const value = inputs.values[(first + step) * inputs.names.length + column] as number;
      const normal = Math.fround(normalizeValue(value, channel, normalize));
      if (!Number.isFinite(normal)) {
        const what = Number.isNaN(value) ? "has no value" : "is too large for float32";
        throw new DataError(`${origin(example)}: step ${from + step + 1} of channel ${channels[channel]} ${what}`, {
          hint: "Fill in a number, or leave the example out.",
        });
      }
      target[(before + step) * channels.length + channel] = normal;
    }
  }
}
