import { ConfigError, type ConfigProblem } from "../../shared/errors";

/** Throws ConfigError with all of the problems, where there are any. */
export function requireNoProblems(problems: readonly ConfigProblem[]): void {
  const hint = problems.find((problem) => problem.hint)?.hint;
  if (problems.length > 0) throw new ConfigError(problems, hint === undefined ? {} : { hint });
}
