import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ModelFolderError } from "../shared/errors";
import type { HostTensor } from "../shared/host-tensor";
import { syncFolder, writeFileSynced } from "./atomic-file";
import { type CheckpointState, checkpointStateSchema } from "./checkpoint-state";
import { writing } from "./explain-write-error";
import type { NamedTensor } from "./model-weights";
import { removeLeftover } from "./remove-leftover";
import { readTensorFile, tensorFileSchema, writeTensorFile } from "./tensor-file";

const formatVersion = 1;
const description = "checkpoint.json";

const checkpointSchema = z.strictObject({
  formatVersion: z.literal(formatVersion),
  state: checkpointStateSchema,
  weights: tensorFileSchema,
  slots: tensorFileSchema,
});

/** Everything needed to go on with a run as if it had not stopped. */
export interface Checkpoint {
  readonly state: CheckpointState;
  /** In the model's order. */
  readonly weights: readonly NamedTensor[];
  /** The optimizer's, by `<weight>/<slot>`. */
  readonly slots: Readonly<Record<string, HostTensor<Float32Array>>>;
}

const namePattern = /^step-(\d+)-epoch-(\d+)$/;

/** The epoch is in it as the state before an epoch's validation and the one after it are of the same step. */
const checkpointName = ({ step, epoch }: CheckpointState): string => `step-${step}-epoch-${epoch}`;

const isCheckpointName = (name: string): boolean => namePattern.test(name);

/** Writes a checkpoint into the folder of checkpoints and returns its path. */
export async function writeCheckpoint(folder: string, { state, weights, slots }: Checkpoint): Promise<string> {
  return writeFolder(folder, checkpointName(state), async (draft) => {
    const named = Object.entries(slots).map(([name, tensor]) => ({ name, ...tensor }));
    const content: z.input<typeof checkpointSchema> = {
      formatVersion,
      state,
      weights: await writeTensorFile(draft, "weights.bin", weights),
      slots: await writeTensorFile(draft, "slots.bin", named),
    };
    await writeFileSynced(join(draft, description), `${JSON.stringify(content, null, 1)}\n`);
  });
}

/** Reads one checkpoint. Throws ModelFolderError naming the damaged file. */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const { state, weights, slots } = await readDescription(join(path, description), checkpointSchema);
  const [weightTensors, slotTensors] = await Promise.all([readTensorFile(path, weights), readTensorFile(path, slots)]);
  return { state, weights: weightTensors, slots: Object.fromEntries(slotTensors.map((slot) => [slot.name, slot])) };
}

/** Names of the checkpoints in `folder`, oldest first. */
export async function listCheckpoints(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const positions = names.flatMap((name) => {
    const [, step, epoch] = namePattern.exec(name) ?? [];
    return step === undefined ? [] : [{ name, step: Number(step), epoch: Number(epoch) }];
  });
  return positions.sort((a, b) => a.step - b.step || a.epoch - b.epoch).map(({ name }) => name);
}

/**
 * The newest checkpoint that is whole; `onDamaged` is told of each newer one that is not, which is then removed, so that
 * rotation never keeps it in place of a good one. Throws ModelFolderError, and removes nothing, when there is none.
 */
export async function readLastCheckpoint(folder: string, onDamaged: (problem: string) => void): Promise<Checkpoint> {
  const damaged: string[] = [];
  for (const name of (await listCheckpoints(folder)).reverse()) {
    const path = join(folder, name);
    try {
      const checkpoint = await readCheckpoint(path);
      for (const other of damaged) await removeFolder(folder, other);
      return checkpoint;
    } catch (error) {
      if (!(error instanceof ModelFolderError)) throw error;
      onDamaged(error.message);
      damaged.push(name);
    }
  }
  throw new ModelFolderError(`There is no undamaged checkpoint in ${folder}`, {
    hint: "Start the run anew with --overwrite.",
  });
}

const bestSchema = z.strictObject({ formatVersion: z.literal(formatVersion), weights: tensorFileSchema });

/** Keeps the weights of the best epoch so far, apart from the checkpoints. Returns the folder's name. */
export async function writeBestWeights(
  folder: string,
  epoch: number,
  weights: readonly NamedTensor[],
): Promise<string> {
  const name = `best-${epoch}`;
  await writeFolder(folder, name, async (draft) => {
    const content = { formatVersion, weights: await writeTensorFile(draft, "weights.bin", weights) };
    await writeFileSynced(join(draft, description), `${JSON.stringify(content, null, 1)}\n`);
  });
  return name;
}

/** Reads what `writeBestWeights` wrote. Throws ModelFolderError naming the damaged file. */
export async function readBestWeights(folder: string, name: string): Promise<NamedTensor[]> {
  const path = join(folder, name);
  const { weights } = await readDescription(join(path, description), bestSchema);
  return readTensorFile(path, weights);
}

/**
 * Removes all but the `keepLast` newest checkpoints, best weights that none of those refers to, and what a killed
 * process left half written. The newest checkpoint always stays.
 */
export async function rotateCheckpoints(folder: string, keepLast: number): Promise<void> {
  const names = await listCheckpoints(folder);
  const kept = names.slice(-Math.max(1, keepLast));
  const referred = await Promise.all(kept.map((name) => bestOf(join(folder, name))));
  const present = await readdir(folder);
  // Checkpoints first: killed at any point, none is there whose best weights are not.
  const obsolete = [
    ...present.filter((name) => isCheckpointName(name) && !kept.includes(name)),
    ...present.filter((name) => /^best-\d+$/.test(name) && !referred.includes(name)),
  ];
  for (const name of obsolete) await removeFolder(folder, name);
  for (const name of present.filter((each) => each.startsWith("."))) {
    const path = join(folder, name);
    await writing(path, () => rm(path, { recursive: true, force: true }));
  }
}

/** Its name goes at once, and its files after that. */
async function removeFolder(parent: string, name: string): Promise<void> {
  const path = join(parent, name);
  const aside = temporaryName(parent, name);
  await writing(path, async () => {
    await rename(path, aside);
    await rm(aside, { recursive: true, force: true });
  });
}

const temporaryName = (parent: string, name: string) => join(parent, `.${name}.${randomBytes(4).toString("hex")}.tmp`);

async function bestOf(path: string): Promise<string | undefined> {
  const read = readDescription(join(path, description), checkpointSchema);
  return (await read.catch(() => undefined))?.state.best?.folder;
}

async function writeFolder(parent: string, name: string, fill: (draft: string) => Promise<void>): Promise<string> {
  const path = join(parent, name);
  const draft = temporaryName(parent, name);
  await writing(path, async () => {
    try {
      await mkdir(draft, { recursive: true });
      await fill(draft);
      await syncFolder(draft);
      // A folder can't be renamed onto a full one; one of this name holds the same state.
      await rm(path, { recursive: true, force: true });
      await rename(draft, path);
    } catch (error) {
      await removeLeftover(draft);
      throw error;
    }
    await syncFolder(parent);
  });
  return path;
}

async function readDescription<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new ModelFolderError(`${path} is damaged: ${(error as Error).message}`, { cause: error });
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ModelFolderError(`${path} is damaged: ${issue?.path.join(".")}: ${issue?.message}`);
}
