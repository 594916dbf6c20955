import { loadConfig } from "../config/load-config";
import { formatShape } from "../shared/shape";
import { type ValidationReport, validateConfig } from "../validate/validate-config";
import type { CommandContext } from "./context";
import { describeTargets, targetsJson } from "./describe-targets";

/** `dlctl validate`: all that can be found wrong with a config without training; with `data`, with its data too. */
export async function validateCommand(
  context: CommandContext,
  configPath: string,
  overrides: readonly string[],
  { data }: { readonly data: boolean },
): Promise<void> {
  const loaded = await loadConfig(configPath, overrides);
  const report = await validateConfig(loaded, { isWithData: data, signal: context.signal });
  for (const line of describe(configPath, report)) context.print(line);
  for (const warning of report.warnings) context.warn(warning);
  await context.json(toJson(report));
}

function describe(path: string, { name, model, data }: ValidationReport): string[] {
  const rows: [string, string][] = [["name", name]];
  if (model) rows.push(...describeTargets(model.facts));
  if (data) rows.push(["examples", `${describeSplits(data.examples)}; ${data.samplesRead} of them read as a sample`]);
  if (model) {
    rows.push(["input", formatShape([null, ...model.facts.inputShape])]);
    rows.push(["parameters", model.description.parameters.toLocaleString("en-US")]);
  }
  const title = `${path} is valid${data ? "" : " (its data was not looked at)"}`;
  return [title, ...rows.map(([label, text]) => `  ${label.padEnd(11)} ${text}`)];
}

function describeSplits(examples: Readonly<Record<string, number>>): string {
  return Object.entries(examples)
    .map(([split, count]) => `${count.toLocaleString("en-US")} ${split}`)
    .join(", ");
}

function toJson({ name, model, data, warnings }: ValidationReport): object {
  return {
    valid: true,
    name,
    ...targetsJson(model?.facts),
    inputShape: model?.facts.inputShape ?? null,
    parameters: model?.description.parameters ?? null,
    examples: data?.examples ?? null,
    warnings,
  };
}
