import type { Metric } from "../objectives/metrics/define-metric";
import { ConfigError } from "../shared/errors";
import type { Figures } from "./events";

/** One figure of each epoch that decides which epoch is better. */
export interface Monitor {
  readonly name: string;
  readonly isHigherBetter: boolean;
}

interface Available {
  readonly metrics: readonly Metric[];
  readonly hasValidation: boolean;
}

/**
 * The monitor that the config names at `path`. Throws ConfigError when this run has no such figure: no such metric, or no
 * validation data.
 */
export function createMonitor(
  name: string,
  mode: "auto" | "min" | "max",
  { metrics, hasValidation }: Available,
  path: string,
): Monitor {
  const bare = name.replace(/^val_/, "");
  const metric = metrics.find((candidate) => candidate.name === bare);
  if (bare !== "loss" && !metric) {
    const known = ["loss", ...metrics.map((candidate) => candidate.name)];
    const names = hasValidation ? known.flatMap((figure) => [figure, `val_${figure}`]) : known;
    throw new ConfigError(
      [{ path, message: `there is no figure "${name}" in this run; there are ${names.join(", ")}` }],
      {
        hint: "Name one of these, or add the metric to train.metrics.",
      },
    );
  }
  if (name !== bare && !hasValidation) {
    throw new ConfigError([{ path, message: `"${name}" needs validation data, and there is none` }], {
      hint: 'Set data.split to { "validation": 0.1 }, or monitor "loss".',
    });
  }
  return { name, isHigherBetter: mode === "auto" ? (metric?.isHigherBetter ?? false) : mode === "max" };
}

/** Whether `value` is better than `best` by more than `minDelta`. NaN is never better; anything is better than null. */
export function isBetter({ isHigherBetter }: Monitor, value: number, best: number | null, minDelta = 0): boolean {
  if (Number.isNaN(value)) return false;
  if (best === null) return true;
  return isHigherBetter ? value - minDelta > best : value + minDelta < best;
}

/** The monitored figure of an epoch; NaN where it is not defined. */
export function monitored({ name }: Monitor, figures: Figures): number {
  return figures[name] ?? Number.NaN;
}
