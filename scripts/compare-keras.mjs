// `npm run compare:keras`: does dlctl compute what Python's Keras computes? Layers, activations, initializers, losses,
// metrics, optimizers, schedules, whole training steps, a trained model folder, and what `dlctl evaluate` prints, on every device of this machine.
// Ends with 1 when a figure is out of its tolerance. `--write-docs` renews docs/numerics.md; `--verbose` shows every
// figure; `--keep` leaves the files that passed between the two sides. Names of parts (losses, layers) choose
// some of them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { addActivationCases, addWeightRuleCases } from "./compare-keras/activation-cases.mjs";
import { CaseFile } from "./compare-keras/case-file.mjs";
import { addCudnnCases } from "./compare-keras/cudnn-cases.mjs";
import { dlctlModule, root } from "./compare-keras/dlctl-modules.mjs";
import { addEvaluationCases } from "./compare-keras/evaluation-cases.mjs";
import { addFolderCase } from "./compare-keras/folder-case.mjs";
import { addInitializerCases } from "./compare-keras/initializer-cases.mjs";
import { addLayerCases } from "./compare-keras/layer-cases.mjs";
import { addLossCases } from "./compare-keras/loss-cases.mjs";
import { addMetricCases } from "./compare-keras/metric-cases.mjs";
import { numericsPage } from "./compare-keras/numerics-page.mjs";
import { addOptimizerCases } from "./compare-keras/optimizer-cases.mjs";
import { addPrecisionCases } from "./compare-keras/precision-cases.mjs";
import { addResizeCase } from "./compare-keras/resize-case.mjs";
import { addScheduleCases } from "./compare-keras/schedule-cases.mjs";
import { addTrainingCases } from "./compare-keras/training-cases.mjs";
import { pythonWithKeras } from "./python-env.mjs";

const parts = {
  ...{
    layers: addLayerCases,
    activations: addActivationCases,
    weights: addWeightRuleCases,
    initializers: addInitializerCases,
  },
  ...{ losses: addLossCases, metrics: addMetricCases, optimizers: addOptimizerCases, schedules: addScheduleCases },
  ...{
    training: addTrainingCases,
    precision: addPrecisionCases,
    folder: addFolderCase,
    evaluation: addEvaluationCases,
    resize: addResizeCase,
    cudnn: addCudnnCases,
  },
};

const options = new Set(process.argv.slice(2).filter((argument) => argument.startsWith("--")));
const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const unknown = chosen.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) throw new Error(`Unknown part ${unknown.join(", ")}; known: ${Object.keys(parts).join(", ")}`);
const folder = mkdtempSync(join(tmpdir(), "dlctl-keras-"));
try {
  const python = pythonWithKeras();
  const { findInstalledRuntime } = dlctlModule("runtime/installed-runtime");
  const devices = findInstalledRuntime("cpu") ? ["js", "cpu"] : ["js"];
  if (devices.length === 1) console.error("libtensorflow is not set up (dlctl setup): only the js device is compared");
  const file = new CaseFile();
  for (const [name, add] of Object.entries(parts)) {
    if (chosen.length === 0 || chosen.includes(name)) await add(file, devices, folder);
  }
  file.save(folder);
  console.error(`${file.length} cases on ${devices.join(" and ")}; comparing with Keras`);
  const script = join(root, "scripts", "compare-keras", "compare.py");
  const { status, stderr } = spawnSync(python, [script, folder, ...options], {
    // libtensorflow's chatter can't be turned off; it is shown where something is wrong.
    stdio: ["ignore", "inherit", "pipe"],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    encoding: "utf8",
  });
  if (status !== 0) console.error(stderr);
  if (options.has("--write-docs")) {
    const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
    const machine = `Node ${process.version}, ${cpus()[0]?.model ?? process.arch}`;
    writeFileSync(
      join(root, "docs", "numerics.md"),
      numericsPage({ ...report, date: new Date().toISOString().slice(0, 10), machine }),
    );
  }
  process.exitCode = status ?? 1;
} finally {
  if (options.has("--keep")) console.error(`Kept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
