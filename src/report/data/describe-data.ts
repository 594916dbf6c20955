import type { Config } from "../../config/config-schema";
import { classCounts } from "../../data/class-balance";
import type { ExampleSet, SplitIndices } from "../../data/example-set";
import type { Preprocessing } from "../../data/preprocess/preprocessing";
import type { PictureBudget } from "../picture-budget";
import type { Distribution, ReportedData } from "../reported-run";
import { thin } from "../thin";
import { describeSamples } from "./describe-samples";
import { featureFigures } from "./feature-figures";
import { histogramOf } from "./histogram-of";

/** The examples of a run as the model takes them, and how they are divided and preprocessed. */
export interface RunData {
  readonly config: Config;
  readonly set: ExampleSet;
  readonly splits: SplitIndices;
  readonly preprocessing: Preprocessing;
}

/** Texts are tokenized for their lengths; so many say enough. */
const mostTokenized = 1000;
/** Charts of more targets are left out. */
const mostTargets = 4;

/** What a report says of the data: how it is divided and spread, and some of it as the model sees it. */
export async function describeData(data: RunData, budget: PictureBudget): Promise<ReportedData> {
  const { set, splits } = data;
  const { targets, inputs } = set;
  const { train, validation, test } = splits;
  return {
    kind: inputs.kind,
    examples: { train: train.length, validation: validation.length, test: test.length },
    balance: targets.kind === "class" ? { labels: targets.labels, counts: classCounts(targets, splits) } : undefined,
    distributions: [lengthsOf(data), ...valuesOf(data)].filter((each) => each !== undefined),
    features: inputs.kind === "vector" ? featureFigures(inputs, train) : undefined,
    samples: await describeSamples(data, budget),
  };
}

function lengthsOf({
  set: { inputs },
  splits: { train },
  preprocessing: { tokenizer },
}: RunData): Distribution | undefined {
  if (inputs.kind === "series") {
    const lengths = Array.from(train, (example) => inputs.lengths[example] as number);
    return histogramOf(lengths, {
      title: "Lengths in steps",
      unit: "steps",
      note: "Before they are cut or filled up.",
    });
  }
  if (inputs.kind !== "text" || !tokenizer) return undefined;
  const examples = thin(Array.from(train), mostTokenized);
  const sample = examples.length < train.length ? ` Of ${examples.length} training examples, evenly spread.` : "";
  return histogramOf(
    examples.map((example) => tokenizer.encode(inputs.text(example)).length),
    { title: "Lengths in tokens", unit: "tokens", note: `Before they are cut or filled up.${sample}` },
  );
}

/** Of values that are predicted; forecasts predict what the inputs are, too. */
function valuesOf({ set: { targets, inputs }, splits: { train } }: RunData): (Distribution | undefined)[] {
  if (targets.kind !== "values" || inputs.kind === "window") return [];
  const { names, values } = targets;
  return names.slice(0, mostTargets).map((name, column) =>
    histogramOf(
      Array.from(train, (example) => values[example * names.length + column] as number),
      { title: `Values of ${name}`, unit: name },
    ),
  );
}
