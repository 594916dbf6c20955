import type { ExampleInputs, ExampleSet, ExampleTargets } from "../../src/data/example-set";
import { codePoints } from "../../src/data/text/code-points";

/** A set with two classes in turn, all of which `data.split` divides. */
export function setOf(inputs: ExampleInputs, more: Partial<ExampleSet> = {}): ExampleSet {
  const indices = Int32Array.from({ length: inputs.count }, (_, index) => index % 2);
  return {
    inputs,
    targets: { kind: "class", labels: ["a", "b"], indices },
    count: inputs.count,
    ownSplit: () => undefined,
    origin: (index) => `example ${index}`,
    warnings: [],
    ...more,
  };
}

export function textSet(texts: readonly string[], more: Partial<ExampleSet> = {}): ExampleSet {
  return setOf({ kind: "text", count: texts.length, text: (index) => texts[index] as string }, more);
}

/** Each example is a list of steps, a step a list of channels. */
export function seriesSet(examples: readonly (readonly (readonly number[])[])[]): ExampleSet {
  const lengths = Int32Array.from(examples, ({ length }) => length);
  let before = 0;
  const offsets = lengths.map((length) => {
    before += length;
    return before - length;
  });
  const names = (examples[0]?.[0] ?? []).map((_, channel) => `c${channel}`);
  const values = Float32Array.from(examples.flat(2));
  return setOf({ kind: "series", count: examples.length, names, lengths, offsets, values });
}

/** Rows that follow on one another, to be cut into windows; `targets` are the columns of that name. */
export function rowSet(
  columns: Readonly<Record<string, readonly number[]>>,
  { features = Object.keys(columns), targets = features.slice(-1), segment = (_: number) => 0, ...window }: RowOptions,
): ExampleSet {
  const count = Object.values(columns)[0]?.length ?? 0;
  const pick = (names: readonly string[]) =>
    Float32Array.from({ length: count * names.length }, (_, index) => {
      const name = names[index % names.length] as string;
      return columns[name]?.[Math.floor(index / names.length)] as number;
    });
  const values: ExampleTargets = { kind: "values", names: targets, values: pick(targets) };
  return setOf(
    { kind: "vector", count, names: features, values: pick(features) },
    {
      targets: values,
      task: "forecasting",
      windows: { horizon: 1, stride: 1, segment, ...window },
      origin: (index) => `row ${index}`,
    },
  );
}

interface RowOptions {
  readonly features?: readonly string[];
  readonly targets?: readonly string[];
  readonly segment?: (index: number) => number;
  readonly length: number;
  readonly horizon?: number;
  readonly stride?: number;
  readonly relativeTo?: "last";
}

export function corpusSet(text: string, length: number, stride = length): ExampleSet {
  const { count, slice } = codePoints(text);
  return setOf(
    { kind: "corpus", count, text: slice },
    {
      targets: { kind: "sequence", labels: [], length: null, steps: () => new Int32Array() },
      task: "languageModel",
      windows: { length, horizon: 1, stride, segment: () => 0 },
    },
  );
}
