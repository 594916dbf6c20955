import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ModelFolderError } from "../shared/errors";
import { writeFileSynced } from "./atomic-file";
import { writing } from "./explain-write-error";
import { runFiles } from "./run-folder";
import { sha256 } from "./tensor-file";

const formatVersion = 1;

const runPlanSchema = z.strictObject({
  formatVersion: z.literal(formatVersion),
  /** With overrides and options of the command line applied, and all defaults filled in. */
  config: z.record(z.string(), z.unknown()),
  /** SHA-256 of the config: a run goes on with the one it began with. The first runs have none. */
  configSum: z.string().optional(),
  /** Absolute; relative paths in the config start here. */
  baseFolder: z.string(),
  configPath: z.string(),
  overrides: z.array(z.string()),
  /** The model whose weights the run began with. */
  initFrom: z.string().nullable(),
  /** What was fitted on the training split, for `restorePreprocessing`. */
  preprocessing: z.unknown(),
  /** Of the list of examples and their targets: a run can only go on with the data it began with. */
  dataFingerprint: z.string(),
  /** Threads that one operation was split among: with another number sums have other last bits. */
  threads: z.int().positive().optional(),
  versions: z.record(z.string(), z.string().nullable()),
});

/** All that a run needs to go on beside its checkpoints and its data. */
export type RunPlan = Omit<z.output<typeof runPlanSchema>, "formatVersion" | "configSum">;

/** Writes the config as given and the plan into the folder of a new run. */
export async function writeRunPlan(run: string, given: unknown, plan: RunPlan): Promise<void> {
  await writing(run, async () => {
    await writeFileSynced(join(run, runFiles.given), `${JSON.stringify(given, null, 2)}\n`);
    await writeFileSynced(
      join(run, runFiles.plan),
      `${JSON.stringify({ formatVersion, configSum: sumOf(plan.config), ...plan }, null, 2)}\n`,
    );
  });
}

/** Reads the plan of a run. Throws ModelFolderError when it is missing, damaged, or of another version. */
export async function readRunPlan(run: string): Promise<RunPlan> {
  const path = join(run, runFiles.plan);
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new ModelFolderError(`Can't read ${path}: ${(error as Error).message}`, { cause: error });
  }
  const version = (Object(content) as { formatVersion?: unknown }).formatVersion;
  if (typeof version === "number" && version > formatVersion) {
    throw new ModelFolderError(`${path} is of format ${version}, made by a newer dlctl`, { hint: "Update dlctl." });
  }
  const parsed = runPlanSchema.safeParse(content);
  if (parsed.success) return requireUnchanged(path, parsed.data);
  const [issue] = parsed.error.issues;
  throw new ModelFolderError(`${path} is damaged: ${issue?.path.join(".")}: ${issue?.message}`);
}

/** What the config file held when the run began. Undefined when that can't be read. */
export async function readGivenConfig(run: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(run, runFiles.given), "utf8"));
  } catch {
    return undefined;
  }
}

function requireUnchanged(path: string, { configSum, ...plan }: z.output<typeof runPlanSchema>): RunPlan {
  if (configSum === undefined || sumOf(plan.config) === configSum) return plan;
  throw new ModelFolderError(`The config in ${path} was changed since the run began`, {
    hint: "Bring it back as it was; more epochs: dlctl train --extend <model> --epochs <number>, once the run is finished; any other config: a new run, with --init-from for the weights.",
  });
}

const sumOf = (config: object): string => sha256(JSON.stringify(config));
