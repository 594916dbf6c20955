import { DataError } from "../../shared/errors";
import type { EncodedInputs } from "../encoded-inputs";
import type { ExampleInputs } from "../example-set";

type VectorInputs = Extract<ExampleInputs, { kind: "vector" }>;

/** Feature columns as float32 `[features]` in the order of `names`. Throws DataError when `inputs` lack one of them. */
export function encodeVectors(
  inputs: VectorInputs,
  names: readonly string[],
  origin: (index: number) => string,
): EncodedInputs {
  const columns = names.map((name) => inputs.names.indexOf(name));
  const missing = names.filter((_, index) => (columns[index] as number) < 0);
  if (missing.length > 0) {
    throw new DataError(`The inputs lack ${missing.length === 1 ? "a column" : "columns"}: ${missing.join(", ")}`, {
      hint: `The model takes ${names.join(", ")}.`,
    });
  }
  return {
    shape: [names.length],
    dtype: "float32",
    async read(examples) {
      const data = new Float32Array(examples.length * names.length);
      let offset = 0;
      for (const example of examples) {
        for (const column of columns) data[offset++] = inputs.values[example * inputs.names.length + column] as number;
      }
      requireNumbers(data, examples, names, origin);
      return { data, shape: [examples.length, names.length] };
    },
    async close() {},
  };
}

function requireNumbers(
  data: Float32Array,
  examples: Int32Array,
  names: readonly string[],
  origin: (index: number) => string,
): void {
  const index = data.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  const example = examples[Math.floor(index / names.length)] as number;
  const name = names[index % names.length];
  const what = Number.isNaN(data[index]) ? "has no value" : "is too large for float32";
  throw new DataError(`${origin(example)}: column ${name} ${what}`, { hint: "Fill in a number, or drop the row." });
}
