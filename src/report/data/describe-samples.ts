import type { ExampleInputs, ExampleSet } from "../../data/example-set";
import { showExample } from "../../evaluate/show-example";
import { showSteps } from "../../evaluate/show-steps";
import type { ShownInput } from "../../evaluate/shown-input";
import { formatFigure } from "../format-number";
import type { PictureBudget } from "../picture-budget";
import type { ReportedSample } from "../reported-run";
import { thin } from "../thin";
import type { RunData } from "./describe-data";
import { samplePictures } from "./sample-pictures";

const mostSamples = 8;
const mostTokens = 40;
const mostCharacters = 160;
const mostChannels = 6;

/** Some training examples, evenly spread, as they are and as the model sees them. */
export async function describeSamples(data: RunData, budget: PictureBudget): Promise<ReportedSample[]> {
  const { set, splits } = data;
  const examples = Int32Array.from(thin(Array.from(splits.train), mostSamples));
  const pictures = await samplePictures(data, examples, budget);
  return Array.from(examples, (example, index) => {
    const shown = showExample(set, example);
    return {
      ...shown,
      input: shown.input ?? showWindow(set.inputs, example),
      label: labelOf(set, example),
      pictures: pictures[index] ?? [],
      tokens: tokensOf(data, example),
    };
  });
}

/** A forecast's window, as the series that it is. */
function showWindow(inputs: ExampleInputs, example: number): ShownInput | null {
  if (inputs.kind !== "window") return null;
  return showSteps(inputs, inputs.starts[example] as number, inputs.length, mostChannels);
}

function labelOf({ targets, inputs }: ExampleSet, example: number): string {
  switch (targets.kind) {
    case "class":
      return targets.labels[targets.indices[example] as number] ?? "";
    case "values": {
      if (inputs.kind === "window") return "what comes next is to be said";
      const { names, values } = targets;
      return names
        .slice(0, mostChannels)
        .map((name, column) => `${name} ${formatFigure(values[example * names.length + column])}`)
        .join(", ");
    }
    case "sequence":
      // A language model's labels are its tokens, which are shown.
      if (inputs.kind === "tokens") return "";
      return Array.from(targets.steps(example).slice(0, mostTokens))
        .filter((label) => label >= 0)
        .map((label) => targets.labels[label])
        .join(" ");
  }
}

function tokensOf(
  { set: { inputs }, preprocessing: { tokenizer } }: RunData,
  example: number,
): ReportedSample["tokens"] {
  if (!tokenizer) return undefined;
  const ids =
    inputs.kind === "text"
      ? tokenizer.encode(inputs.text(example))
      : inputs.kind === "tokens"
        ? inputs.tokens.subarray(inputs.starts[example] as number, (inputs.starts[example] as number) + inputs.length)
        : undefined;
  if (!ids) return undefined;
  const isCharacters = tokenizer.unit === "character";
  const tokens = Array.from(
    ids.slice(0, isCharacters ? mostCharacters : mostTokens),
    (id) => tokenizer.tokens[id] ?? "?",
  );
  return { first: isCharacters ? [tokens.join("")] : tokens, isCut: ids.length > tokens.length, count: ids.length };
}
