import type { ExampleInputs, ExampleSet } from "../data/example-set";
import { numberOrNull, showSteps } from "./show-steps";
import type { ShownExample, ShownInput } from "./shown-input";

const mostCharacters = 500;
const mostValues = 50;
const mostChannels = 8;

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
      return showSteps(inputs, inputs.offsets[example] ?? 0, inputs.lengths[example] ?? 0, mostChannels);
    default:
      return null;
  }
}
