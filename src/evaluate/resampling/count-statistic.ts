import type { ResampledStatistic } from "./bootstrap";

interface PredictedClasses {
  readonly truth: Int32Array;
  readonly predicted: Int32Array;
  readonly classes: number;
  /** Where each unit's positions begin, and, last, where all end; undefined where each position is a unit. */
  readonly offsets: Int32Array | undefined;
}

/** Accuracy, balanced accuracy and macro F1 of drawn units, as `classAverages` has them. */
export function countStatistic({ truth, predicted, classes, offsets }: PredictedClasses): ResampledStatistic {
  const hits = new Int32Array(classes);
  const actual = new Int32Array(classes);
  const guessed = new Int32Array(classes);
  const units = offsets ? offsets.length - 1 : truth.length;
  const count = (position: number) => {
    const [is, says] = [truth[position] as number, predicted[position] as number];
    actual[is] = (actual[is] as number) + 1;
    guessed[says] = (guessed[says] as number) + 1;
    if (is === says) hits[is] = (hits[is] as number) + 1;
  };
  const resample = (drawn: Int32Array, values: Float64Array) => {
    for (const counts of [hits, actual, guessed]) counts.fill(0);
    for (let index = 0; index < drawn.length; index++) {
      const unit = drawn[index] as number;
      const end = offsets ? (offsets[unit + 1] as number) : unit + 1;
      for (let position = offsets ? (offsets[unit] as number) : unit; position < end; position++) count(position);
    }
    figuresOf({ hits, actual, guessed }, values);
  };
  const whole = new Float64Array(3);
  resample(
    Int32Array.from({ length: units }, (_, unit) => unit),
    whole,
  );
  const names = ["accuracy", "balancedAccuracy", "macroF1"];
  return {
    figures: names.map((figure, index) => ({ figure, target: null, value: whole[index] as number })),
    resample,
  };
}

interface ClassTotals {
  readonly hits: Int32Array;
  readonly actual: Int32Array;
  readonly guessed: Int32Array;
}

function figuresOf({ hits, actual, guessed }: ClassTotals, values: Float64Array): void {
  let [allHits, all, recalls, withExamples, f1s, there] = [0, 0, 0, 0, 0, 0];
  for (let label = 0; label < hits.length; label++) {
    const [hit, is, says] = [hits[label] as number, actual[label] as number, guessed[label] as number];
    allHits += hit;
    all += is;
    if (is > 0) {
      recalls += hit / is;
      withExamples++;
    }
    if (is + says > 0) {
      f1s += (2 * hit) / (is + says);
      there++;
    }
  }
  values[0] = allHits / all;
  values[1] = recalls / withExamples;
  values[2] = f1s / there;
}
