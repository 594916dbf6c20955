import { join } from "node:path";
import { initProject } from "../init/init-project";
import { type TemplateName, templates } from "../init/templates";
import { UsageError } from "../shared/errors";
import { didYouMean } from "../shared/nearest-names";
import type { CommandContext } from "./context";

/** `dlctl init`: writes a config to begin with into `directory`, the current one by default. */
export async function initCommand(
  context: CommandContext,
  directory: string | undefined,
  { template }: { readonly template: string },
): Promise<void> {
  requireTemplate(template);
  const folder = directory ?? ".";
  const { files, data } = await initProject(folder, template);
  const config = join(folder, "config.json");
  context.print(`Wrote ${files.map((file) => join(folder, file)).join(", ")}`);
  context.print("");
  context.print(`1. ${data.replaceAll("`", "")}`);
  context.print(`2. dlctl validate ${config}`);
  context.print(`3. dlctl train ${config}`);
  await context.json({
    template,
    config,
    files: files.map((file) => join(folder, file)),
    next: `dlctl train ${config}`,
  });
}

function requireTemplate(name: string): asserts name is TemplateName {
  const known = Object.keys(templates);
  if (known.includes(name)) return;
  throw new UsageError(`Unknown template "${name}"; ${didYouMean(name, known) || `known: ${known.join(", ")}`}`, {
    hint: Object.entries(templates)
      .map(([template, { description }]) => `--template ${template.padEnd(6)} ${description}`)
      .join("\n  "),
  });
}
