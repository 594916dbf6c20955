import { classProbabilities } from "../predict/class-probabilities";
import { UsageError } from "../shared/errors";
import type { HostTensor } from "../shared/host-tensor";
import { nearestNames } from "../shared/nearest-names";
import type { ExplainedOutput } from "./explanation";

export interface ChosenOutput {
  readonly output: ExplainedOutput;
  /** What the model says for it: a probability of a class. */
  readonly value: number;
}

interface OutputRequest {
  /** The model's, for one example: `[1, width]` or `[1, steps, width]`. */
  readonly outputs: HostTensor<Float32Array>;
  /** Of the classes; null where values are predicted. */
  readonly labels: readonly string[] | null;
  /** Of the values; null where classes are predicted. */
  readonly targets: readonly string[] | null;
  /** By its name; undefined: the class that is predicted, or the first value. */
  readonly wanted?: string | undefined;
  /** Where outputs have an axis of steps. */
  readonly step?: number | undefined;
}

/** Which of the model's outputs is explained. Throws UsageError when there is none of that name. */
export function chooseOutput({ outputs, labels, targets, wanted, step }: OutputRequest): ChosenOutput {
  const { data, shape } = outputs;
  const width = shape.at(-1) ?? 1;
  const place = shape.length > 2 ? { step: step ?? 0 } : {};
  const row = data.subarray((place.step ?? 0) * width, ((place.step ?? 0) + 1) * width);
  const names = labels ?? targets ?? Array.from({ length: width }, (_, index) => `output ${index + 1}`);
  const values = labels ? classProbabilities(row, labels.length) : row;
  const index = wanted === undefined ? (labels ? values.indexOf(Math.max(...values)) : 0) : names.indexOf(wanted);
  if (index < 0) throw unknownOutput(wanted ?? "", names, labels !== null);
  const isSingle = width === 1 && labels?.length === 2;
  return {
    output: {
      name: names[index] as string,
      index: isSingle ? 0 : index,
      sign: isSingle && index === 0 ? -1 : 1,
      ...place,
    },
    value: values[index] as number,
  };
}

function unknownOutput(wanted: string, names: readonly string[], areClasses: boolean): UsageError {
  const near = nearestNames(wanted, names);
  const listed =
    names.length > 12 ? `${names.slice(0, 12).join(", ")} and ${names.length - 12} more` : names.join(", ");
  return new UsageError(`The model has no ${areClasses ? "class" : "output"} "${wanted}"`, {
    hint: near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `It has ${listed}.`,
  });
}
