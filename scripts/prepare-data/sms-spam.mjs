import { readFileSync, writeFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Divides the messages, which come in one file: every fifth line (the 5th, the 10th, ...) tests, the others train. Some messages stand
 * there several times: `test-new.tsv` holds the test rows whose text no training row has.
 */
export async function divideMessages(found, target, files) {
  for (const file of files) if (dirname(file) === dirname(found)) await copyFile(file, join(target, basename(file)));
  const rows = readFileSync(found, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  const test = rows.filter((_, index) => index % 5 === 4);
  const training = rows.filter((_, index) => index % 5 !== 4);
  const textOf = (row) => row.slice(row.indexOf("\t") + 1).trim();
  const known = new Set(training.map(textOf));
  const unseen = test.filter((row) => !known.has(textOf(row)));
  const write = (name, list) => writeFileSync(join(target, name), `label\ttext\n${list.join("\n")}\n`);
  write("train.tsv", training);
  write("test.tsv", test);
  write("test-new.tsv", unseen);
  return `${training.length} training and ${test.length} test messages, ${unseen.length} of which no training message repeats`;
}
