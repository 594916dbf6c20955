import type { ConfigProblem } from "../shared/errors";
import {
  checkAugmentation,
  checkClassWeights,
  checkLabels,
  checkPreprocessing,
  checkSplit,
  checkTask,
} from "./checks/check-data";
import { checkEarlyStopping, checkMonitors } from "./checks/check-monitors";
import { checkLoss, checkMetrics, checkOutputActivation, checkUnits } from "./checks/check-objective";
import { checkPrecision } from "./checks/check-precision";
import { checkWindow } from "./checks/check-window";
import { type ConfigFacts, configFacts } from "./checks/config-facts";
import type { Config } from "./config-schema";

type ConfigCheck = (config: Config, facts: ConfigFacts) => ConfigProblem[];

/** Every check across fields, in the order of the config's keys. */
const checks: readonly ConfigCheck[] = [
  checkTask,
  checkLabels,
  checkSplit,
  checkWindow,
  checkPreprocessing,
  checkAugmentation,
  checkUnits,
  checkOutputActivation,
  checkLoss,
  checkMetrics,
  checkClassWeights,
  checkMonitors,
  checkEarlyStopping,
  checkPrecision,
];

/** What is wrong with a config of the right form, as far as it can be told without the data and without building the model. */
export function checkConfig(config: Config): ConfigProblem[] {
  const facts = configFacts(config);
  // Where the task does not fit the source, all that follows from it would only repeat it.
  const task = checkTask(config, facts);
  return task.length > 0 ? task : checks.flatMap((check) => check(config, facts));
}
