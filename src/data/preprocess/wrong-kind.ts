import { DataError } from "../../shared/errors";
import type { InputKind } from "../example-set";

const names: Readonly<Record<InputKind, string>> = {
  image: "images",
  vector: "numbers",
  series: "series of numbers",
  text: "texts",
  corpus: "a text",
  window: "windows of a table",
  tokens: "token ids",
};

/** The error for inputs that are not of the kind the model was trained on. */
export function wrongKind(expected: InputKind, received: InputKind): DataError {
  return new DataError(`The model takes ${names[expected]}, and the inputs are ${names[received]}`, {
    hint: "Name inputs of the kind that it was trained on.",
  });
}
