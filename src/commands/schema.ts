import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { writeFileAtomically } from "../checkpoint/atomic-file";
import { writing } from "../checkpoint/explain-write-error";
import { configJsonSchema } from "../config/json-schema";
import type { CommandContext } from "./context";

/** `dlctl schema`: the JSON Schema of the config, for editors; on stdout, or into a file. */
export async function schemaCommand(context: CommandContext, { output }: { readonly output?: string }): Promise<void> {
  const schema = configJsonSchema();
  const text = JSON.stringify(schema, null, 2);
  if (output === undefined) {
    context.print(text);
    await context.json(schema);
    return;
  }
  const path = resolve(output);
  await writing(path, () => mkdir(dirname(path), { recursive: true }));
  await writeFileAtomically(path, `${text}\n`);
  context.print(`Wrote ${output}. Editors complete and check a config that names it: "$schema": "./${output}"`);
  await context.json({ output });
}
