import { copyFile, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

const kinds = ["images-idx3-ubyte", "labels-idx1-ubyte"];

/** Copies the files of MNIST's kind that lie beside `testLabels`; where there is only the test part, divides that. */
export async function prepareIdx(testLabels, target) {
  const folder = dirname(testLabels);
  const ending = testLabels.endsWith(".gz") ? ".gz" : "";
  const copy = (name) => copyFile(join(folder, name), join(target, name));
  const [images, labels] = kinds.map((kind) => `train-${kind}${ending}`);
  if (await isThere(join(folder, images))) {
    for (const name of [images, labels, ...kinds.map((kind) => `t10k-${kind}${ending}`)]) await copy(name);
    return "the four official files";
  }
  for (const kind of kinds) await divide(join(folder, `t10k-${kind}${ending}`), kind, target);
  return `only ${basename(folder)}'s test part is there: its first 8,000 train, its last 2,000 test`;
}

const isThere = (path) =>
  readFile(path).then(
    () => true,
    () => false,
  );

const trainCount = 8000;

/** Writes the first 8,000 of an IDX file as the training part, the rest as the test part. */
async function divide(path, kind, target) {
  const packed = await readFile(path);
  const file = packed.readUInt16BE(0) === 0x1f8b ? gunzipSync(packed) : packed;
  const headerBytes = 4 + 4 * file[3];
  const count = file.readUInt32BE(4);
  const size = (file.length - headerBytes) / count;
  for (const [name, start, end] of [
    ["train", 0, trainCount],
    ["t10k", trainCount, count],
  ]) {
    const header = Buffer.from(file.subarray(0, headerBytes));
    header.writeUInt32BE(end - start, 4);
    const part = file.subarray(headerBytes + start * size, headerBytes + end * size);
    await writeFile(join(target, `${name}-${kind}.gz`), gzipSync(Buffer.concat([header, part])));
  }
}
