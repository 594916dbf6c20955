import { paddingValue } from "../data/series/padding-value";
import { targetNames } from "../data/target-names";
import { seriesDrawing } from "../explain/draw/series-drawing";
import type { TrainingData } from "../train/open-data";

/** An SVG of each example, as the model takes it: scaled, cut, padding left out. None where the inputs are no series. */
export async function seriesDrawings(
  { set, inputs, preprocessing: { record } }: TrainingData,
  examples: Int32Array,
): Promise<string[]> {
  if (record.kind !== "series" && record.kind !== "window") return [];
  const { data, shape } = await inputs.read(examples);
  const [, steps = 1, channels = 1] = shape;
  const size = steps * channels;
  return Array.from(examples, (example, index) =>
    seriesDrawing({
      title: `${set.origin(example)}${labelOf(set.targets, example)}`,
      names: record.channels,
      values: Float32Array.from(data.subarray(index * size, (index + 1) * size), (value) =>
        value === paddingValue ? Number.NaN : value,
      ),
      weights: new Array<number>(steps).fill(0),
    }),
  );
}

function labelOf(targets: TrainingData["set"]["targets"], example: number): string {
  return targets.kind === "class" ? `: ${targetNames(targets)[targets.indices[example] as number]}` : "";
}
