import { defaultMetrics } from "../../objectives/default-metrics";
import type { ConfigProblem } from "../../shared/errors";
import { didYouMean } from "../../shared/nearest-names";
import type { Config } from "../config-schema";
import type { ConfigFacts } from "./config-facts";
import { metricName } from "./metric-name";

/** A figure that the config names somewhere. */
interface Monitored {
  readonly path: string;
  readonly figure: string;
}

/** Whether the figures that are watched exist: the metric is measured, and validation figures have validation data. */
export function checkMonitors(config: Config, facts: ConfigFacts): ConfigProblem[] {
  const known = knownFigures(config, facts);
  const problems = monitored(config)
    .filter(({ figure }) => !known.includes(figure))
    .map(({ path, figure }) => ({
      path,
      message: `there is no figure ${JSON.stringify(figure)}; ${didYouMean(figure, known) || `there are ${known.join(", ")}`}`,
      hint: "A metric that is watched must be in train.metrics.",
    }));
  return problems.length > 0 || facts.hasValidation !== false ? problems : checkValidationMonitors(config);
}

/** A problem for each validation figure that is watched, for a run that has no validation data. */
export function checkValidationMonitors(config: Config): ConfigProblem[] {
  return monitored(config)
    .filter(({ figure }) => figure.startsWith("val_"))
    .map(({ path, figure }) => ({
      path,
      message: `${JSON.stringify(figure)} needs validation data, and there is none`,
      hint: `Set data.split.validation (0.1, say), or watch ${JSON.stringify(figure.slice("val_".length))}.`,
    }));
}

function knownFigures({ train }: Config, { task }: ConfigFacts): string[] {
  const metrics = (train.metrics ?? defaultMetrics(task)).map(metricName);
  const figures = ["loss", ...metrics];
  return [...figures, ...figures.map((figure) => `val_${figure}`)];
}

function monitored({ train }: Config): Monitored[] {
  const { earlyStopping, monitor, schedule } = train;
  const scheduleMonitor = schedule && "monitor" in schedule ? schedule.monitor : undefined;
  return [
    ...(earlyStopping ? [{ path: "train.earlyStopping.monitor", figure: earlyStopping.monitor }] : []),
    ...(monitor === undefined ? [] : [{ path: "train.monitor", figure: monitor }]),
    ...(typeof scheduleMonitor === "string" ? [{ path: "train.schedule.monitor", figure: scheduleMonitor }] : []),
  ];
}

/** Early stopping that never begins to watch. */
export function checkEarlyStopping({ train }: Config): ConfigProblem[] {
  const { earlyStopping, epochs } = train;
  if (earlyStopping?.startEpoch === undefined || earlyStopping.startEpoch <= epochs) return [];
  return [
    {
      path: "train.earlyStopping.startEpoch",
      message: `training ends after epoch ${epochs}, before epoch ${earlyStopping.startEpoch}`,
      hint: "Lower it, or raise train.epochs.",
    },
  ];
}
