import type { ExampleInputs, ExampleSet } from "../data/example-set";
import { shortestNumber } from "../predict/shortest-number";
import type { ShownExample, ShownInput } from "./shown-input";

const mostCharacters = 500;
const mostValues = 50;
const mostChannels = 8;
const mostSteps = 200;

/** An example with its input as it was before preprocessing, as far as it is small enough to show. */
export function showExample(set: ExampleSet, example: number): ShownExample {
  return { origin: set.origin(example), example, input: showInput(set.inputs, example) };
}

function showInput(inputs: ExampleInputs, example: number): ShownInput | null {
  switch (inputs.kind) {
    case "image": {
      const image = inputs.image(example);
      return { kind: "image", path: "path" in image ? image.path : null };
    }
    case "text": {
      const characters = Array.from(inputs.text(example));
      const text = characters.slice(0, mostCharacters).join("");
      return { kind: "text", text, isCut: characters.length > mostCharacters };
    }
    case "vector": {
      const { names, values } = inputs;
      const shown = names.slice(0, mostValues);
      return {
        kind: "vector",
        values: Object.fromEntries(
          shown.map((name, column) => [name, numberOrNull(values[example * names.length + column])]),
        ),
      };
    }
    case "series":
      return showSeries(inputs, example);
    default:
      return null;
  }
}

function showSeries(
  { names, offsets, lengths, values }: Extract<ExampleInputs, { kind: "series" }>,
  example: number,
): ShownInput {
  const [first, steps] = [offsets[example] ?? 0, lengths[example] ?? 0];
  const every = Math.max(1, Math.ceil(steps / mostSteps));
  const shown = names.slice(0, mostChannels);
  return {
    kind: "series",
    names: shown,
    values: shown.map((_, channel) =>
      Array.from({ length: Math.ceil(steps / every) }, (_, index) =>
        numberOrNull(values[(first + index * every) * names.length + channel]),
      ),
    ),
    every,
    steps,
    channels: names.length,
  };
}

/** JSON has no NaN. */
function numberOrNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : shortestNumber(value);
}
