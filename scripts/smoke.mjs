// The smallest proof that an installed dlctl works: doctor, a model declared by `init`, trained on a handful of pictures
// made here, and a prediction. Used by check-package and check-node-versions.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

const colours = { red: { r: 200, g: 30, b: 40 }, blue: { r: 30, g: 50, b: 210 } };
const picturesPerClass = 12;

/** One folder of small PNGs for each colour, each picture a little different. */
export async function makePictures(folder) {
  for (const [name, colour] of Object.entries(colours)) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let number = 0; number < picturesPerClass; number++) {
      const background = Object.fromEntries(
        Object.entries(colour).map(([channel, value]) => [channel, value + 3 * number]),
      );
      const picture = sharp({ create: { width: 32, height: 32, channels: 3, background } });
      await picture.png().toFile(join(folder, name, `${number}.png`));
    }
  }
}

/** Makes a function that runs dlctl with the given program and environment, and throws when it fails. */
export function dlctlRunner(program, { env, cwd }) {
  return (...args) => {
    const [command, ...leading] = program;
    const { status, stdout, stderr, error } = spawnSync(command, [...leading, ...args], { cwd, env, encoding: "utf8" });
    if (status === 0 && !/DeprecationWarning|oneDNN|cpu_feature_guard/.test(stderr)) return stdout;
    throw new Error(`dlctl ${args.join(" ")} ended with ${status}\n${error?.message ?? ""}${stdout}${stderr}`);
  };
}

/** Trains and predicts in `folder`; `device` is what `--device auto` must choose. Throws when anything is not as it should be. */
export async function smokeTest(dlctl, folder, device) {
  const doctor = JSON.parse(dlctl("doctor", "--json"));
  expect(doctor.device, device, "doctor's device");
  await makePictures(join(folder, "pictures"));
  dlctl("init", "project", "--template", "cnn");
  const overrides = [`data.path=${join(folder, "pictures")}`, "train.epochs=8", "train.batchSize=4"];
  const events = dlctl("train", join("project", "config.json"), "--out", "model", "--json", ...overrides);
  const done = JSON.parse(events.trim().split("\n").at(-1));
  expect(done.event, "done", "the last training event");
  expect(done.device, device, "the device of training");
  const [line] = dlctl("predict", "model", join("pictures", "red", "3.png"), "--json").split("\n");
  expect(JSON.parse(line).label, "red", "the label of a red picture");
  return doctor;
}

function expect(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what} is ${actual} and should be ${expected}`);
}
