import type { Evaluation } from "../../evaluate/evaluation";
import { formatFigure } from "../format-number";

export interface NamedFigure {
  readonly name: string;
  readonly value: number;
  /** "0.85 to 0.89"; undefined where none was estimated. */
  readonly interval?: string | undefined;
}

/** All figures of an evaluation with their intervals, the loss first. */
export function figuresOf({
  loss,
  metrics,
  confidence,
}: Pick<Evaluation, "loss" | "metrics" | "confidence">): NamedFigure[] {
  const intervals = (confidence?.figures ?? []).map(({ figure, target, value, low, high }) => ({
    name: target === null ? figure : `${figure} of ${target}`,
    value,
    interval: `${formatFigure(low)} to ${formatFigure(high)}`,
  }));
  const named = Object.entries({ loss, ...metrics }).map(([name, value]) => ({
    name,
    value,
    interval: intervals.find((each) => each.name === name)?.interval,
  }));
  return [...named, ...intervals.filter(({ name }) => !named.some((each) => each.name === name))];
}
