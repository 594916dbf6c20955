// Makes data/quickstart and data/samples from the four files of Fashion-MNIST: a class-balanced, seeded choice. It was
// run once; its results are in git, and data/README.md tells of them. Gives the same bytes each time.
//
//   node scripts/make-quickstart-data.mjs <folder of Fashion-MNIST> [target folder]
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import sharp from "sharp";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const classes = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle-boot"];
const side = 28;
const trainPerClass = 600;
const testPerClass = 100;

const [folder, target = join(root, "data")] = process.argv.slice(2);
if (!folder) {
  console.error("Name the folder of Fashion-MNIST: node scripts/make-quickstart-data.mjs <folder>");
  process.exit(2);
}

/** Images and labels of one of the official files. */
function readPart(name) {
  const images = gunzipSync(readFileSync(join(folder, `${name}-images-idx3-ubyte.gz`))).subarray(16);
  const labels = gunzipSync(readFileSync(join(folder, `${name}-labels-idx1-ubyte.gz`))).subarray(8);
  const image = (index) => images.subarray(index * side * side, (index + 1) * side * side);
  return { image, labels };
}

/** Indices in a random order: Mulberry32 (public domain) and Fisher and Yates. */
function shuffled(count, seed) {
  let state = seed;
  const draw = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** `perClass` examples of each class in a random order. */
function choose({ labels }, perClass, seed) {
  const taken = classes.map(() => 0);
  return shuffled(labels.length, seed).filter((index) => taken[labels[index]]++ < perClass);
}

/** Of each class the image that is nearest to the class's mean image, of those not in `taken`. */
function mostTypical({ image, labels }, taken) {
  const isTaken = new Set(taken);
  return classes.map((_, label) => {
    const own = Array.from(labels.keys()).filter((index) => labels[index] === label);
    const mean = new Float64Array(side * side);
    for (const index of own) for (const [at, value] of image(index).entries()) mean[at] += value / own.length;
    const distance = (index) => image(index).reduce((sum, value, at) => sum + (value - mean[at]) ** 2, 0);
    const free = own.filter((index) => !isTaken.has(index)).map((index) => ({ index, distance: distance(index) }));
    return free.reduce((nearest, other) => (other.distance < nearest.distance ? other : nearest)).index;
  });
}

function header(...sizes) {
  const bytes = Buffer.alloc(4 + 4 * sizes.length);
  bytes.writeUInt32BE(0x0800 + sizes.length, 0);
  for (const [axis, size] of sizes.entries()) bytes.writeUInt32BE(size, 4 + 4 * axis);
  return bytes;
}

function writePart(name, part, chosen) {
  const quickstart = join(target, "quickstart");
  mkdirSync(quickstart, { recursive: true });
  const images = Buffer.concat([header(chosen.length, side, side), ...chosen.map(part.image)]);
  const labels = Buffer.concat([header(chosen.length), Buffer.from(chosen.map((index) => part.labels[index]))]);
  writeFileSync(join(quickstart, `${name}-images.gz`), gzipSync(images, { level: 9 }));
  writeFileSync(join(quickstart, `${name}-labels.gz`), gzipSync(labels, { level: 9 }));
}

const train = readPart("train");
const test = readPart("t10k");
writePart("train", train, choose(train, trainPerClass, 1));
const chosen = choose(test, testPerClass, 2);
writePart("test", test, chosen);
mkdirSync(join(target, "samples"), { recursive: true });
for (const [label, index] of mostTypical(test, chosen).entries()) {
  const picture = sharp(test.image(index), { raw: { width: side, height: side, channels: 1 } });
  await picture.png({ compressionLevel: 9 }).toFile(join(target, "samples", `${classes[label]}.png`));
}
