// `npm run larger-than-memory`: does memory stay where it is when there are more images? Trains a small model two epochs on flower
// photographs as 448 x 448 pixels, with a set and with one four times as large, and watches the process's memory. The
// pixels are on disk, or nowhere, as with a set that does not fit into memory. Exit 1 when the larger set takes more memory. Linux; needs
// data/flowers (npm run prepare-data).
//
//   npm run larger-than-memory -- [--images 720] [--times 4]
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, runProgram } from "./bench/processes.mjs";
import { freshCache } from "./bench/whole.mjs";

const { values } = parseArgs({ options: { images: { type: "string" }, times: { type: "string", default: "4" } } });
const photographs = join(root, "data", "flowers", "train");
const size = 448;
const bytesOfOne = size * size * 3;
/** Beside what a set of any size takes: an index of the images, and what an allocator keeps or not. */
const allowedGrowth = 100e6;

const cases = [
  { name: "disk, kept between runs", cache: "disk", limit: "100GB" },
  { name: "disk, for the run alone", cache: "disk", limit: "0" },
  { name: "none", cache: "none", limit: "0" },
];

const work = mkdtempSync(join(tmpdir(), "dlctl-larger-"));
try {
  const files = readdirSync(photographs).flatMap((name) =>
    readdirSync(join(photographs, name)).map((file) => ({ name, path: join(photographs, name, file) })),
  );
  const chosen = files.slice(0, Number(values.images ?? files.length));
  const sets = [1, Number(values.times)].map((copies) => makeSet(chosen, copies));
  console.log("| `data.cache` | images | as pixels | most memory | seconds |\n| --- | --- | --- | --- | --- |");
  for (const each of cases) {
    const peaks = [];
    for (const set of sets) peaks.push(await train(each, set));
    const [small = 0, large = 0] = peaks;
    if (large > small + allowedGrowth) {
      console.error(`${each.name}: ${megabytes(small)}, and ${megabytes(large)} with more images`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Copies of JPEG files, each with a comment of its own: equal contents would be kept once. */
function makeSet(files, copies) {
  const folder = join(work, `set-${copies}`);
  let count = 0;
  for (let copy = 0; copy < copies; copy++) {
    for (const { name, path } of files) {
      mkdirSync(join(folder, name), { recursive: true });
      const bytes = readFileSync(path);
      const number = Buffer.alloc(4);
      number.writeUInt32BE(count);
      const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 6]), number]);
      writeFileSync(
        join(folder, name, `${count++}.jpg`),
        Buffer.concat([bytes.subarray(0, 2), comment, bytes.subarray(2)]),
      );
    }
  }
  return { folder, count };
}

/** Most bytes that the process had in memory; prints a line of the table. */
async function train({ name, cache, limit }, { folder, count }) {
  const config = join(work, "config.json");
  writeFileSync(
    config,
    JSON.stringify({
      name: "larger",
      data: {
        source: "image-folder",
        path: folder,
        cache,
        split: { validation: 0.1 },
        preprocess: [
          { op: "resize", width: size, height: size },
          { op: "normalize", scale: 255 },
        ],
      },
      model: {
        layers: [
          { type: "averagePooling2d", poolSize: 16 },
          { type: "conv2d", filters: 8, kernelSize: 3, activation: "relu" },
          { type: "globalAveragePooling2d" },
          { type: "dense", units: "classes", activation: "softmax" },
        ],
      },
      train: { epochs: 2, batchSize: 32, optimizer: "adam", loss: "categoricalCrossentropy" },
    }),
  );
  const env = { XDG_CACHE_HOME: freshCache(work), DLCTL_CACHE_LIMIT: limit };
  const args = [join(root, "bin", "dlctl"), "train", config, "--out", join(work, "model"), "--overwrite", "--quiet"];
  const { peakMemory, seconds } = await runProgram(process.execPath, args, { env });
  const cells = [name, count, megabytes(count * bytesOfOne), megabytes(peakMemory), seconds.toFixed(1)];
  console.log(`| ${cells.join(" | ")} |`);
  return peakMemory;
}

function megabytes(bytes) {
  return `${Math.round(bytes / 1e6).toLocaleString("en-US")} MB`;
}
