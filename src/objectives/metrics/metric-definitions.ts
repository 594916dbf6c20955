import { accuracy } from "./accuracy";
import { auc } from "./auc";
import { bitsPerCharacter } from "./bits-per-character";
import { f1 } from "./f1";
import { meanAbsoluteError } from "./mean-absolute-error";
import { meanAbsolutePercentageError } from "./mean-absolute-percentage-error";
import { meanSquaredError } from "./mean-squared-error";
import { perplexity } from "./perplexity";
import { precision } from "./precision";
import { r2 } from "./r2";
import { recall } from "./recall";
import { rootMeanSquaredError } from "./root-mean-squared-error";
import { topKAccuracy } from "./top-k-accuracy";

/** Every metric: a new one is a file beside this and a line here. */
export const metricDefinitions = {
  accuracy,
  topKAccuracy,
  precision,
  recall,
  f1,
  auc,
  perplexity,
  bitsPerCharacter,
  meanAbsoluteError,
  meanSquaredError,
  rootMeanSquaredError,
  meanAbsolutePercentageError,
  r2,
} as const;

export type MetricType = keyof typeof metricDefinitions;
