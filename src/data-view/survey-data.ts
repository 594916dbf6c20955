import { classCounts } from "../data/class-balance";
import type { ExampleInputs } from "../data/example-set";
import { thin } from "../report/thin";
import type { TrainingData } from "../train/open-data";
import { type Copies, findCopies } from "./find-copies";
import { namedSpread } from "./named-spread";
import { isFarOut, spreadOf } from "./spread";
import type { NamedSpread, Survey } from "./survey";
import { surveyImages } from "./survey-images";

export interface SurveyOptions {
  /** Images that are decoded, evenly spread over all; all where there are no more. */
  readonly mostDecoded: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, all: number) => void;
}

/** Texts that are tokenized for their lengths. */
const mostTokenized = 5000;
const mostColumns = 60;
const mostNamed = 10;

/** Looks through the data of a run. Throws DataError for an image that can't be decoded. */
export async function surveyData(data: TrainingData, options: SurveyOptions): Promise<Survey> {
  const { task, set, splits, preprocessing, facts, warnings } = data;
  const { inputs, targets } = set;
  const counts = targets.kind === "class" ? classCounts(targets, splits) : undefined;
  const classes =
    counts && targets.kind === "class"
      ? targets.labels.map((label, index) => ({
          label,
          train: counts.train[index] ?? 0,
          validation: counts.validation[index] ?? 0,
          test: counts.test[index] ?? 0,
        }))
      : undefined;
  const looked = await lookAt(data, options);
  return {
    task,
    kind: inputs.kind,
    shape: preprocessing.shape,
    examples: { train: splits.train.length, validation: splits.validation.length, test: splits.test.length },
    ...(classes ? { classes } : {}),
    ...looked,
    spreads: [...looked.spreads, ...targetSpreads(data)],
    ...(data.contents ? { copies: describeCopies(findCopies(data.contents, targets, splits), set.origin) } : {}),
    facts,
    warnings,
  };
}

async function lookAt(data: TrainingData, { mostDecoded, signal, onProgress }: SurveyOptions) {
  const { set, splits } = data;
  if (set.inputs.kind === "image") {
    const all = [...splits.train, ...splits.validation, ...splits.test].sort((a, b) => a - b);
    const examples = Int32Array.from(thin(all, mostDecoded));
    return surveyImages(data, examples, signal, (done) => onProgress?.(done, examples.length));
  }
  return { spreads: numberSpreads(data), outliers: oddLengths(data) };
}

/** Lengths of training examples, and the values of their channels or features. */
function numberSpreads({ set: { inputs }, splits: { train }, preprocessing }: TrainingData): NamedSpread[] {
  const lengths = lengthsOf(inputs, train, preprocessing.tokenizer?.encode);
  const unit = inputs.kind === "text" ? "tokens" : "steps";
  return [
    lengths && namedSpread(`length in ${unit}`, lengths.lengths),
    ...columnsOf(inputs, train).map(({ name, values }) => namedSpread(name, values)),
  ].filter((each): each is NamedSpread => each !== undefined);
}

function lengthsOf(
  inputs: ExampleInputs,
  train: Int32Array,
  encode: ((text: string) => Int32Array) | undefined,
): { readonly examples: readonly number[]; readonly lengths: number[] } | undefined {
  if (inputs.kind === "series") {
    const examples = Array.from(train);
    return { examples, lengths: examples.map((example) => inputs.lengths[example] as number) };
  }
  if (inputs.kind !== "text" || !encode) return undefined;
  const examples = thin(Array.from(train), mostTokenized);
  return { examples, lengths: examples.map((example) => encode(inputs.text(example)).length) };
}

interface Column {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/** Numbers of the training examples, column by column; of windows the rows that they cover, each once. */
function columnsOf(inputs: ExampleInputs, train: Int32Array): Column[] {
  if (inputs.kind !== "vector" && inputs.kind !== "series" && inputs.kind !== "window") return [];
  const { names, values } = inputs;
  const rows = rowsOf(inputs, train);
  return names.slice(0, mostColumns).map((name, column) => ({
    name,
    values: rows.map((row) => values[row * names.length + column] as number),
  }));
}

function rowsOf(inputs: Extract<ExampleInputs, { values: Float32Array }>, train: Int32Array): number[] {
  if (inputs.kind === "vector") return Array.from(train);
  const rows = new Set<number>();
  for (const example of train) {
    const start = (inputs.kind === "series" ? inputs.offsets[example] : inputs.starts[example]) as number;
    const length = inputs.kind === "series" ? (inputs.lengths[example] as number) : inputs.length;
    for (let row = start; row < start + length; row++) rows.add(row);
  }
  return [...rows];
}

function oddLengths({ set, splits: { train }, preprocessing }: TrainingData): Survey["outliers"] {
  const found = lengthsOf(set.inputs, train, preprocessing.tokenizer?.encode);
  const spread = found && spreadOf(found.lengths);
  if (!found || !spread) return [];
  return found.examples
    .map((example, index) => ({ example, length: found.lengths[index] as number }))
    .filter(({ length }) => isFarOut(length, spread))
    .sort((a, b) => b.length - a.length)
    .slice(0, mostNamed)
    .map(({ example, length }) => ({ origin: set.origin(example), what: "length", value: length }));
}

/** Values to predict; forecasts predict what the inputs are. */
function targetSpreads({ set: { targets, inputs }, splits: { train } }: TrainingData): NamedSpread[] {
  if (targets.kind !== "values" || inputs.kind === "window") return [];
  const { names, values } = targets;
  return names
    .slice(0, mostColumns)
    .map((name, column) =>
      namedSpread(
        `${name}, to predict`,
        Array.from(train, (example) => values[example * names.length + column] as number),
      ),
    )
    .filter((each): each is NamedSpread => each !== undefined);
}

function describeCopies(copies: readonly Copies[], origin: (index: number) => string): NonNullable<Survey["copies"]> {
  const more = ({ examples }: Copies) => examples.length - 1;
  return {
    examples: copies.reduce((sum, group) => sum + more(group), 0),
    acrossSplits: copies.filter(({ splits }) => splits.length > 1).reduce((sum, group) => sum + more(group), 0),
    contradictory: copies.filter(({ isContradictory }) => isContradictory).length,
    groups: copies.slice(0, mostNamed).map(({ examples, splits }) => ({
      splits,
      origins: examples.slice(0, mostNamed).map((example) => origin(example)),
    })),
  };
}
