import { readFile } from "node:fs/promises";
import { type RunPlan, readGivenConfig } from "../checkpoint/run-plan";
import { formatConfigPath } from "../config/config-path";
import { differingValues } from "../shared/differing-values";

/**
 * A sentence for people when the config file that the run in the folder `run` was started from now says something else; undefined when it does
 * not, or is gone.
 */
export async function describeConfigChange(run: string, { configPath }: RunPlan): Promise<string | undefined> {
  const [given, now] = [await readGivenConfig(run), await readNow(configPath)];
  if (given === undefined || now === undefined) return undefined;
  const keys = differingValues(given, now).map(({ path }) => formatConfigPath(path) || "all of it");
  if (keys.length === 0) return undefined;
  return `${configPath} has changed since the run began (${keys.join(", ")}); the run goes on with the config it began with`;
}

async function readNow(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
}
