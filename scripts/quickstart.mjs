// What `npm start` shows: trains the quickstart CNN on the images in data/, measures it on images it was not trained
// on, and classifies a picture. Everything goes through the command line, as a user would do it.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const config = "configs/quick/quickstart.json";
const model = "models/quickstart";
const samples = "data/samples";

/** Runs one dlctl command, showing it first; ends this process when it fails. */
function dlctl(...args) {
  console.log(`\n$ dlctl ${args.join(" ")}`);
  const { status, signal } = spawnSync(process.execPath, ["bin/dlctl", ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? (signal === "SIGINT" ? 130 : 1));
}

function isTrained() {
  const description = join(root, model, "dlctl.json");
  return existsSync(description) && statSync(description).mtimeMs > statSync(join(root, config)).mtimeMs;
}

if (isTrained()) console.log(`\n${model} is trained already; to train it anew: bin/dlctl train ${config}`);
else dlctl("train", config, "--out", model, "--overwrite");

dlctl("evaluate", model);

const pictures = readdirSync(join(root, samples))
  .filter((name) => /\.(png|jpe?g)$/i.test(name))
  .sort();
const [picture] = pictures;
if (picture) dlctl("predict", model, join(samples, picture));

console.log(`
Next:
  bin/dlctl predict ${model} ${samples}            classify all sample pictures
  bin/dlctl train ${config} train.epochs=3   change any value of the config on the command line
  bin/dlctl init my-model --template cnn           start a model of your own
  bin/dlctl doctor                                 what this machine computes with`);
