// `npm run first-pass`: how fast photographs are decoded and made small the first time, with and without dlctl's own code, beside
// Keras's `image_dataset_from_directory`, in turns, each in a process of its own whose start is not counted. Right only where nothing else runs. Needs data/flowers
// (npm run prepare-data); makes large photographs of the flowers in a temporary folder.
//
//   npm run first-pass -- [--rounds 3] [--small 640] [--large 24]
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { median } from "./bench/figures.mjs";
import { root, runProgram } from "./bench/processes.mjs";
import { pythonWithKeras } from "./python-env.mjs";

const text = (value) => ({ type: "string", default: value });
const { values } = parseArgs({ options: { rounds: text("3"), small: text("640"), large: text("24") } });
const photographs = join(root, "data", "flowers", "train");
const size = 224;
const dlctlScript = new URL("./first-pass/decode.mjs", import.meta.url);
const kerasScript = new URL("./first-pass/decode.py", import.meta.url);

const work = mkdtempSync(join(tmpdir(), "dlctl-first-pass-"));
try {
  const files = readdirSync(photographs).flatMap((name) => {
    return readdirSync(join(photographs, name)).map((file) => join(photographs, name, file));
  });
  const sets = {
    "flowers, about 320 x 240": await makeSet("small", files.slice(0, Number(values.small)), (path) =>
      readFileSync(path),
    ),
    "the same, as PNG": await makeSet("png", files.slice(0, Number(values.small) / 2), (path) =>
      sharp(path).png().toBuffer(),
    ),
    "the same, 4000 x 3000": await makeSet("large", files.slice(0, Number(values.large)), enlarge),
  };
  const python = pythonWithKeras();
  console.log(
    `| photographs, to ${size} x ${size} | dlctl, a second | by sharp alone | Keras, a second | dlctl / Keras |\n| --- | --- | --- | --- | --- |`,
  );
  for (const [title, folder] of Object.entries(sets)) {
    const rates = { dlctl: [], sharp: [], keras: [] };
    for (let round = 0; round < Number(values.rounds); round++) {
      rates.dlctl.push(await rateOf(process.execPath, dlctlScript, folder));
      rates.sharp.push(await rateOf(process.execPath, dlctlScript, folder, { DLCTL_NATIVE_OPS: "off" }));
      rates.keras.push(await rateOf(python, kerasScript, folder));
    }
    const [dlctl, sharpAlone, keras] = [rates.dlctl, rates.sharp, rates.keras].map(median);
    const figures = [dlctl, sharpAlone, keras].map((rate) => rate.toFixed(0));
    console.log(`| ${title} | ${figures.join(" | ")} | ${(dlctl / keras).toFixed(2)} |`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** A folder of one class, as both sides read it. */
async function makeSet(name, files, bytesOf) {
  const folder = join(work, name);
  mkdirSync(join(folder, "flower"), { recursive: true });
  // Both sides go by what is in a file, not by its name.
  for (const [index, path] of files.entries())
    writeFileSync(join(folder, "flower", `${index}.jpg`), await bytesOf(path));
  return folder;
}

function enlarge(path) {
  return sharp(path).resize(4000, 3000, { kernel: "cubic" }).sharpen().jpeg({ quality: 92 }).toBuffer();
}

async function rateOf(command, script, folder, more = {}) {
  // As `dlctl` sets it when it starts; Node.js's own loader has begun to use the threads when a script could.
  const threads = String(Math.max(4, 2 * availableParallelism()));
  const env = { TF_CPP_MIN_LOG_LEVEL: "2", PYTHONDONTWRITEBYTECODE: "1", UV_THREADPOOL_SIZE: threads, ...more };
  const path = fileURLToPath(script);
  const { lines } = await runProgram(command, [path, folder, String(size)], { env });
  return JSON.parse(lines.at(-1)).rate;
}
