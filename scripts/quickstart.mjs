// What `npm start` shows: trains the quickstart CNN on the images in data/, measures it on images it was not trained
// on, and classifies a picture. Everything goes through the command line, as a user would do it.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const config = "configs/quick/quickstart.json";
const model = "models/quickstart";
const samples = "data/samples";

/** Without libtensorflow an epoch takes minutes instead of seconds. */
const jsOverrides = ["train.epochs=1", "train.batchSize=16"];

/** Runs one dlctl command, showing it first; ends this process when it fails. */
function dlctl(...args) {
  console.log(`\n$ dlctl ${args.join(" ")}`);
  const { status, signal } = spawnSync(process.execPath, ["bin/dlctl", ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? (signal === "SIGINT" ? 130 : 1));
}

function device() {
  const { status, stdout } = spawnSync(process.execPath, ["bin/dlctl", "doctor", "--json"], {
    cwd: root,
    encoding: "utf8",
  });
  return status === 0 ? JSON.parse(stdout).device : undefined;
}

function isTrained() {
  const description = join(root, model, "dlctl.json");
  return existsSync(description) && statSync(description).mtimeMs > statSync(join(root, config)).mtimeMs;
}

function train() {
  const isSlow = device() === "js";
  if (isSlow) {
    console.log(
      "\nThere is no libtensorflow here, so plain JavaScript trains: one epoch in a few minutes, and less accurate than 15.",
    );
  }
  dlctl("train", config, ...(isSlow ? jsOverrides : []), "--out", model, "--overwrite");
}

if (isTrained()) console.log(`\n${model} is trained already; to train it anew: bin/dlctl train ${config}`);
else train();

console.log("\nThe test images are no training images:");
dlctl("evaluate", model);
dlctl("predict", model, `${samples}/sneaker.png`);

console.log(`
Next:
  bin/dlctl predict ${model} ${samples}            classify all sample pictures
  bin/dlctl train ${config} train.epochs=3   change any value of the config on the command line
  bin/dlctl init my-model --template cnn           start a model of your own
  bin/dlctl doctor                                 what this machine computes with`);
