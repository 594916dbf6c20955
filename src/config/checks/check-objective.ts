import { statedLabels } from "../../data/source-config";
import { targetEncoding } from "../../objectives/loss-config";
import type { LossDefinition } from "../../objectives/losses/define-loss";
import { lossDefinitions } from "../../objectives/losses/loss-definitions";
import { type MetricConfig, metricTargets } from "../../objectives/metric-config";
import { metricDefinitions } from "../../objectives/metrics/metric-definitions";
import type { ConfigProblem } from "../../shared/errors";
import type { Config } from "../config-schema";
import type { ConfigFacts } from "./config-facts";
import { metricName } from "./metric-name";

const targetNames = { class: "classes", values: "numbers" } as const;

/** Whether the loss can take what the data gives to predict. */
export function checkLoss({ train }: Config, { targets }: ConfigFacts): ConfigProblem[] {
  if (!train.loss || targetEncoding(train.loss, targets)) return [];
  const fitting = Object.values(lossDefinitions)
    .filter((definition) => definition.targets.some((taken) => (taken === "values") === (targets === "values")))
    .map(({ type }) => type);
  return [
    {
      path: "train.loss",
      message: `${train.loss.type} can't be taken of ${targetNames[targets]}, which this data gives to predict`,
      hint: `Losses of ${targetNames[targets]}: ${fitting.join(", ")}.`,
    },
  ];
}

/** Whether the metrics measure what the data gives to predict; a metric may appear once. */
export function checkMetrics({ train, data }: Config, { targets }: ConfigFacts): ConfigProblem[] {
  const { metrics = [] } = train;
  const classes = statedLabels(data)?.length ?? Number.POSITIVE_INFINITY;
  return metrics.flatMap((metric, index) => {
    const path = `train.metrics[${index}]`;
    if (metricTargets(metric) !== targets) return [wrongMetric(metric, targets, path)];
    const first = metrics.findIndex((other) => metricName(other) === metricName(metric));
    if (first < index) return [{ path, message: `${metricName(metric)} is train.metrics[${first}] already` }];
    if (metric.type === "topKAccuracy" && metric.k >= classes) {
      return [{ path, message: `with ${classes} classes, one of the first ${metric.k} is always right` }];
    }
    return [];
  });
}

function wrongMetric({ type }: MetricConfig, targets: "class" | "values", path: string): ConfigProblem {
  const fitting = Object.values(metricDefinitions).filter((definition) => definition.targets === targets);
  return {
    path,
    message: `${type} does not measure ${targetNames[targets]}, which this data gives to predict`,
    hint: `Metrics of ${targetNames[targets]}: ${fitting.map((metric) => metric.type).join(", ")}.`,
  };
}

/** Whether the model's outputs are the probabilities that a loss of classes reads them as. */
export function checkOutputActivation({ model, train }: Config, { targets }: ConfigFacts): ConfigProblem[] {
  const index = model.layers.length - 1;
  const activation = outputActivation(model.layers[index]);
  if (activation === undefined || targets === "values") return [];
  const path = `model.layers[${index}].activation`;
  const units = (model.layers[index] as { units?: unknown } | undefined)?.units;
  if (activation === "softmax" && units === 1) {
    return [
      {
        path,
        message: "softmax over one unit is always 1",
        hint: 'For two classes take "sigmoid" with 1 unit, or "softmax" with "units": "classes".',
      },
    ];
  }
  const wanted = wantedActivation(train.loss);
  if (train.loss && wanted === "softmax" && units === 1) {
    return [
      {
        path: "train.loss",
        message: `${train.loss.type} needs an output for each class, and the last layer has 1 unit`,
        hint: 'For one sigmoid unit take "binaryCrossentropy"; else set "units": "classes".',
      },
    ];
  }
  if (wanted === undefined || activation === "softmax" || activation === "sigmoid") return [];
  return [
    {
      path,
      message: `${train.loss?.type ?? "classification"} needs probabilities, and the last layer's activation is ${activation}`,
      hint: `Set "activation": "${units === 1 ? "sigmoid" : wanted}" in the last layer.`,
    },
  ];
}

/** The activation that a loss needs, or classification's default losses do; undefined where any will do. */
function wantedActivation(loss: Config["train"]["loss"]): "softmax" | "sigmoid" | undefined {
  if (!loss) return "softmax";
  const definition: LossDefinition = lossDefinitions[loss.type];
  return definition.activation;
}

/** What the last layer applies to its outputs; undefined where that is not for its options to say. */
function outputActivation(layer: Config["model"]["layers"][number] | undefined): string | undefined {
  if (layer === undefined) return undefined;
  return "activation" in layer && typeof layer.activation === "string" ? layer.activation : undefined;
}

/** `"units": "classes"` where there are none. */
export function checkUnits({ model }: Config, { targets }: ConfigFacts): ConfigProblem[] {
  if (targets === "class") return [];
  return model.layers.flatMap((layer, index) =>
    "units" in layer && layer.units === "classes"
      ? [
          {
            path: `model.layers[${index}].units`,
            message: "there are no classes, as the data gives numbers to predict",
            hint: "Give the number of values: as many as data.columns.target names.",
          },
        ]
      : [],
  );
}
