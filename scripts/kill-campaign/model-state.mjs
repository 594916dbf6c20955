// What is on disk of a model and its run, read by dlctl's own code from dist/, which must be built.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const dlctlModule = (path) => require(join("..", "..", "dist", path));

const read = (...path) => readFileSync(join(...path));
const without = (text, ...keys) =>
  JSON.stringify(JSON.parse(text, (key, value) => (keys.includes(key) ? null : value)));

/** All that two runs of the same config must have in common: weights, topology, history, and what dlctl.json says. */
export function fingerprint(model) {
  const history = read(model, "run", "history.jsonl").toString().trim().split("\n");
  return {
    weights: read(model, "weights.bin").toString("hex"),
    topology: read(model, "model.json").toString(),
    history: history.map((line) => without(line, "seconds")).join("\n"),
    description: without(read(model, "dlctl.json").toString(), "seconds", "finishedAt", "baseFolder"),
  };
}

/** Names of the parts in which two fingerprints differ. */
export const differences = (a, b) => Object.keys(a).filter((key) => a[key] !== b[key]);

/** `none`, `unfinished` or `finished`. */
export const runState = (model) => dlctlModule("checkpoint/model-files").findRun(model).state;

/**
 * Throws when the model folder is not whole: the finished model, where `hasModel` says that there was one, and every checkpoint with the
 * best weights that it refers to.
 */
export async function requireWhole(model, hasModel) {
  if (hasModel) await dlctlModule("checkpoint/model-folder").readModelFolder(model);
  const found = dlctlModule("checkpoint/model-files").findRun(model);
  if (found.state !== "unfinished") return;
  const folder = join(found.run, "checkpoints");
  const { listCheckpoints, readBestWeights, readCheckpoint } = dlctlModule("checkpoint/checkpoint");
  const names = await listCheckpoints(folder);
  if (names.length === 0) throw new Error(`${folder} has no checkpoint`);
  for (const name of names) {
    const { state } = await readCheckpoint(join(folder, name));
    if (state.best) await readBestWeights(folder, state.best.folder);
  }
}

/** Files and folders that have no place in a model folder that nobody works on. */
export function leftovers(model) {
  if (!existsSync(model)) return [];
  return readdirSync(model, { recursive: true }).filter((name) =>
    /\.tmp$|\.run-|replaced|^next|(^|\/)lock$/.test(name),
  );
}
