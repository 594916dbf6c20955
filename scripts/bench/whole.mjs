// Whole runs, from photographs on disk to a trained model: the article's CNN on the flower photographs at 224 x 224, the
// process's start included. Cold: nothing is kept of an earlier run. Warm: what each tool keeps of decoded images is there.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { median } from "./figures.mjs";
import { root, runProgram } from "./processes.mjs";

const photographs = join(root, "data", "flowers", "train");
const config = join(root, "configs", "reference", "article-cnn.json");

/** A cache for dlctl in `folder`, with the native runtime of the user's, but without images; returns its `XDG_CACHE_HOME`. */
export function freshCache(folder) {
  const home = process.env.XDG_CACHE_HOME?.startsWith("/") ? process.env.XDG_CACHE_HOME : join(homedir(), ".cache");
  const target = join(folder, "cache", "dlctl");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(join(home, "dlctl"))) {
    if (name !== "pixels" && name !== "tokens") symlinkSync(join(home, "dlctl", name), join(target, name));
  }
  return join(folder, "cache");
}

const last = (lines) => JSON.parse(lines.at(-1));

function toolsFor(folder, pythons, epochs) {
  const model = join(folder, "model");
  const python = (name, script) => {
    const kept = join(folder, `kept-${name}`);
    return async () => {
      mkdirSync(kept, { recursive: true });
      const spec = { photographs, kept, epochs };
      const path = join(root, "scripts", "bench", script);
      const { lines, seconds } = await runProgram(pythons[name], [path, JSON.stringify(spec)], {
        env: { TF_CPP_MIN_LOG_LEVEL: "2", PYTHONDONTWRITEBYTECODE: "1" },
      });
      return { seconds, ...last(lines) };
    };
  };
  return {
    dlctl: async () => {
      const args = ["train", config, `train.epochs=${epochs}`, "--out", model, "--overwrite", "--json"];
      const env = { XDG_CACHE_HOME: join(folder, "cache") };
      const { seconds } = await runProgram(process.execPath, [join(root, "bin", "dlctl"), ...args], { env });
      const history = readFileSync(join(model, "run", "history.jsonl"), "utf8")
        .trim()
        .split("\n");
      const description = JSON.parse(readFileSync(join(model, "dlctl.json"), "utf8"));
      return { seconds, examples: description.training.examples.train, accuracy: last(history).metrics.accuracy };
    },
    keras: python("keras", "keras_whole.py"),
    torch: python("torch", "torch_whole.py"),
  };
}

/** Seconds of whole runs by tool, cold and warm, medians over the rounds; and the last run's accuracy in training. */
export async function measureWholeRuns(work, pythons, { epochs, rounds, tell }) {
  if (!existsSync(photographs)) {
    throw new Error("data/flowers is not there: npm run prepare-data -- <folder of downloads> flowers");
  }
  const figures = { dlctl: { cold: [], warm: [] }, keras: { cold: [], warm: [] }, torch: { cold: [], warm: [] } };
  const accuracies = {};
  for (let round = 0; round < rounds; round++) {
    const folder = join(work, `whole-${round}`);
    mkdirSync(folder);
    freshCache(folder);
    const tools = toolsFor(folder, pythons, epochs);
    for (const state of ["cold", "warm"]) {
      for (const [tool, run] of Object.entries(tools)) {
        const { seconds, examples, accuracy } = await run();
        figures[tool][state].push(seconds);
        accuracies[tool] = accuracy;
        tell(
          `whole run, round ${round + 1} of ${rounds}, ${state}: ${tool} ${seconds.toFixed(1)} s, ${examples} photographs, accuracy in training ${accuracy.toFixed(3)}`,
        );
      }
    }
    rmSync(folder, { recursive: true, force: true });
  }
  return Object.fromEntries(
    Object.entries(figures).map(([tool, { cold, warm }]) => [
      tool,
      { cold: median(cold), warm: median(warm), accuracy: accuracies[tool] },
    ]),
  );
}
