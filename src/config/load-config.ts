import { dirname, resolve } from "node:path";
import { ConfigError, type ConfigProblem } from "../shared/errors";
import { anchorOverrides } from "./anchor-overrides";
import { applyOverrides } from "./apply-overrides";
import { checkConfig } from "./check-config";
import { type Config, configSchema } from "./config-schema";
import { formatReceived } from "./describe-issue";
import { checkAgainst } from "./find-problems";
import { placesOf } from "./places-of";
import { readConfigFile } from "./read-config-file";

export interface LoadedConfig {
  /** Valid, with overrides applied and all defaults filled in; `train.validationSplit` has become `data.split.validation`. */
  readonly config: Config;
  /** What the file holds, before overrides. */
  readonly given: unknown;
  /** The file, absolute. */
  readonly path: string;
  /** Relative paths in the config are relative to this folder: the file's, absolute. Those in overrides are absolute by now. */
  readonly baseFolder: string;
}

/**
 * Reads the config file, applies `key.path=value` overrides, checks it against the schema and across fields. Throws
 * ConfigError with every problem found.
 */
export async function loadConfig(path: string, overrides: readonly string[] = []): Promise<LoadedConfig> {
  const given = await readConfigFile(path);
  return {
    config: parseConfig(given, path, anchorOverrides(overrides, process.cwd())),
    given,
    path: resolve(path),
    baseFolder: dirname(resolve(path)),
  };
}

/** As loadConfig, for a config that is in memory; `origin` is what messages call it. */
export function parseConfig(given: unknown, origin: string, texts: readonly string[] = []): Config {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new ConfigError(`The config ${origin} is not an object {...} but ${formatReceived(given)}`);
  }
  const { config: overridden, overrides, problems } = applyOverrides(given, texts);
  const checked = checkAgainst(configSchema, overridden, { overrides, placesOf });
  if ("problems" in checked) throw invalid(origin, [...problems, ...checked.problems]);
  const found = [...problems, ...checkConfig(checked.value)];
  if (found.length > 0) throw invalid(origin, found);
  return withOneValidationSplit(checked.value);
}

function invalid(origin: string, problems: readonly ConfigProblem[]): ConfigError {
  return new ConfigError(problems, {
    hint: `The config is ${origin}; \`dlctl schema\` and docs/config.md describe every key.`,
  });
}

function withOneValidationSplit(config: Config): Config {
  const { validationSplit, ...train } = config.train;
  if (validationSplit === undefined) return config;
  return { ...config, train, data: { ...config.data, split: { ...config.data.split, validation: validationSplit } } };
}
