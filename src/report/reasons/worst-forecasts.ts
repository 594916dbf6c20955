import type { ForecastDetails, ForecastSample } from "../../evaluate/evaluation";

/** A target's worst forecast, at the step ahead where it was farthest off. */
export interface WorstForecast extends ForecastSample {
  /** "height+5", as the model's output is called. */
  readonly output: string;
  readonly predictedThen: number;
  readonly truthThen: number;
}

/** One for each target. */
export function worstForecasts({ targets }: ForecastDetails): WorstForecast[] {
  return targets.flatMap(({ name, samples = [] }) =>
    samples.filter(({ isWorst }) => isWorst).map((sample) => farthestOff(name, sample)),
  );
}

function farthestOff(target: string, sample: ForecastSample): WorstForecast {
  const errors = sample.truth.map((truth, step) => Math.abs(truth - (sample.predicted[step] ?? Number.NaN)));
  const step = Math.max(0, errors.indexOf(Math.max(...errors)));
  return {
    ...sample,
    output: `${target}+${step + 1}`,
    predictedThen: sample.predicted[step] ?? Number.NaN,
    truthThen: sample.truth[step] ?? Number.NaN,
  };
}
