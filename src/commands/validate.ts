import { loadConfig } from "../config/load-config";
import { formatShape } from "../shared/shape";
import { type ValidationReport, validateConfig } from "../validate/validate-config";
import type { CommandContext } from "./context";

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
  const facts = model?.facts;
  const examples =
    data && Object.entries(data.examples).map(([split, count]) => `${count.toLocaleString("en-US")} ${split}`);
  return [
    `${path} is valid${data ? "" : " (its data was not looked at)"}`,
    `  name        ${name}`,
    ...(facts ? [`  task        ${facts.task}`] : []),
    ...(facts?.labels ? [`  classes     ${list(facts.labels)}`] : []),
    ...(facts?.targets ? [`  values      ${list(facts.targets)}`] : []),
    ...(data && examples ? [`  examples    ${examples.join(", ")}; ${data.samplesRead} of them read as a sample`] : []),
    ...(facts ? [`  input       ${formatShape([null, ...facts.input.shape])}`] : []),
    ...(model ? [`  parameters  ${model.description.parameters.toLocaleString("en-US")}`] : []),
  ];
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(", ");
  return `${names.length}: ${shown}${names.length > 12 ? ", ..." : ""}`;
}

function toJson({ name, model, data, warnings }: ValidationReport): object {
  const { facts, description } = model ?? {};
  return {
    valid: true,
    name,
    task: facts?.task ?? null,
    labels: facts?.labels ?? null,
    targets: facts?.targets ?? null,
    inputShape: facts?.input.shape ?? null,
    parameters: description?.parameters ?? null,
    examples: data?.examples ?? null,
    warnings,
  };
}
