import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { writeFileAtomically } from "../checkpoint/atomic-file";
import { writing } from "../checkpoint/explain-write-error";
import { configJsonSchema } from "../config/json-schema";
import { UsageError } from "../shared/errors";
import { formatConfig } from "./format-config";
import { type TemplateName, templates } from "./templates";

export interface InitializedProject {
  /** Names of the files written. */
  readonly files: readonly string[];
  /** What the user has to provide before training. */
  readonly data: string;
}

/**
 * Writes a config, its JSON Schema for editors, and a README into `directory`, which is made if it is not there. Throws
 * UsageError when a config is there already; a README that is there stays.
 */
export async function initProject(directory: string, template: TemplateName): Promise<InitializedProject> {
  const { config, data } = templates[template];
  const name = modelName(directory);
  if (existsSync(join(directory, "config.json"))) {
    throw new UsageError(`${join(directory, "config.json")} is there already; it is not overwritten`, {
      hint: "Name another folder, or move the file away.",
    });
  }
  const files: Record<string, string> = {
    "config.schema.json": `${JSON.stringify(configJsonSchema())}\n`,
    "config.json": formatConfig({ $schema: "./config.schema.json", name, ...config }),
    ...(existsSync(join(directory, "README.md")) ? {} : { "README.md": readme(name, data) }),
  };
  await writing(directory, () => mkdir(directory, { recursive: true }));
  for (const [file, content] of Object.entries(files)) await writeFileAtomically(join(directory, file), content);
  return { files: Object.keys(files), data };
}

/** The folder's name as far as it can be a model's. */
function modelName(directory: string): string {
  const name = basename(resolve(directory))
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9_]+/, "")
    .slice(0, 100);
  return name || "model";
}

const readme = (name: string, data: string) => `# ${name}

${data}

\`\`\`sh
dlctl validate config.json      # checks the config, the shapes, and the data, without training
dlctl inspect config.json       # layers, output shapes, parameters
dlctl train config.json         # the model goes to models/${name}
dlctl predict models/${name} <input>
dlctl evaluate models/${name}
\`\`\`

Every key of \`config.json\` is described in \`config.schema.json\`, which editors such as VS Code show while you type. Any value
can be changed for one run on the command line: \`dlctl train config.json train.epochs=5\`.
`;
