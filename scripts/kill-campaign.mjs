// `npm run campaign -- --kills 300`: trainings are killed (SIGKILL) at random moments and in the midst of random writes,
// resumed and killed again, until they are done; each must then be, byte for byte, what a run that was never killed is. After every kill
// the model that was there before, each checkpoint, and the best weights must be whole.
//   --kills N     how many kills (100)
//   --seconds S   end after this time, whatever the number
//   --device D    what computes (auto)
//   --seed N      of the random choices
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { differences, fingerprint, leftovers, requireWhole, runState } from "./kill-campaign/model-state.mjs";
import { runDlctl } from "./kill-campaign/run-dlctl.mjs";
import { scenarios, writeScenarios } from "./kill-campaign/scenarios.mjs";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "100" },
    seconds: { type: "string", default: "86400" },
    device: { type: "string", default: "auto" },
    seed: { type: "string", default: String(Date.now() % 100_000) },
  },
});
const goal = { kills: Number(values.kills), seconds: Number(values.seconds) };
const random = randomNumbers(Number(values.seed));
const folder = mkdtempSync(join(tmpdir(), "dlctl-kills-"));
const counts = { kills: 0, inWrites: 0, runs: 0, replacements: 0, longest: 0 };
const startedAt = performance.now();

try {
  await writeScenarios(folder);
  const references = [];
  for (const [index, scenario] of scenarios.entries()) references.push(await makeReference(scenario, `whole-${index}`));
  while (!isOver()) {
    const index = Math.floor(random() * scenarios.length);
    await killUntilDone(scenarios[index], references[index], random() < 0.5);
  }
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(JSON.stringify({ ...counts, lost: 0, seconds, device: values.device, seed: Number(values.seed) }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function isOver() {
  return counts.kills >= goal.kills || performance.now() - startedAt > goal.seconds * 1000;
}

async function makeReference(scenario, model) {
  const { code, output, milliseconds } = await runDlctl(trainArguments(scenario, model), { cwd: folder });
  if (code !== 0) throw new Error(`${scenario.name} ended with ${code}: ${output}`);
  return { model, milliseconds, expected: fingerprint(join(folder, model)) };
}

function trainArguments({ config, options }, out) {
  return ["train", config, "--out", out, "--quiet", "--device", values.device, ...options];
}

/** One training, killed as often as luck will have it; in the place of a finished model, or of none. */
async function killUntilDone(scenario, reference, isReplacing) {
  const model = join(folder, "model");
  rmSync(model, { recursive: true, force: true });
  // Another scenario's, so that the old and the new one can be told apart.
  const other = reference.model === "whole-0" ? "whole-1" : "whole-0";
  if (isReplacing) cpSync(join(folder, other), model, { recursive: true });
  const story = [];
  let attempts = 0;
  while (!(await goOn(scenario, reference, { model, isReplacing, story }))) attempts += 1;
  counts.runs += 1;
  if (isReplacing) counts.replacements += 1;
  counts.longest = Math.max(counts.longest, attempts + 1);
}

/** Starts or resumes the training, kills it or not, and checks what is there; whether it has come to its end. */
async function goOn(scenario, { milliseconds, expected }, { model, isReplacing, story }) {
  const isResumed = runState(model) === "unfinished";
  const resume = ["train", "--resume", "model", "--quiet", "--device", values.device];
  const kill = isOver() ? {} : chooseKill(milliseconds, model);
  const ended = await runDlctl(isResumed ? resume : trainArguments(scenario, "model"), { cwd: folder, kill });
  const isKilled = ended.signal === "SIGKILL";
  if (isKilled) countKill(kill);
  story.push(`${isResumed ? "resumed" : "started"}, ${ended.signal ?? `exit ${ended.code}`} ${JSON.stringify(kill)}`);
  try {
    if (!isKilled && ended.code !== 0) throw new Error(`ended with ${ended.code}`);
    await requireWhole(model, isReplacing);
    return isDone(model, expected, { isKilled, isReplacing });
  } catch (error) {
    throw new Error(`${scenario.name}: ${error.message}\n${story.join("\n")}\n${ended.output}`, { cause: error });
  }
}

function countKill({ nth }) {
  counts.kills += 1;
  if (nth !== undefined) counts.inWrites += 1;
}

/** Whether the training has come to its end. Throws when it is not the end that it should have come to. */
function isDone(model, expected, { isKilled, isReplacing }) {
  if (runState(model) !== "finished") return false;
  const wrong = differences(fingerprint(model), expected);
  // Killed before it began anew: the model is still the old one.
  if (wrong.length > 0 && isReplacing && isKilled) return false;
  if (wrong.length > 0) throw new Error(`differs from a run that was not killed in: ${wrong.join(", ")}`);
  if (!isKilled && leftovers(model).length > 0) throw new Error(`left behind: ${leftovers(model).join(", ")}`);
  return true;
}

/** Half of the kills at a moment of the time that a whole run takes, half in a write. */
function chooseKill(milliseconds, model) {
  if (random() < 0.5) return { afterMilliseconds: Math.round(random() * milliseconds) };
  return { folder: model, nth: 1 + Math.floor(random() ** 2 * 180) };
}

/** Numbers from 0 to 1 (mulberry32), so that a campaign's choices can be repeated. */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
