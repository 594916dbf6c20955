import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { unpackClassFolders } from "./class-folders.mjs";
import { prepareIdx } from "./idx-files.mjs";
import { divideMessages } from "./sms-spam.mjs";

/** MNIST and Fashion-MNIST name their files alike; the published MD5 sums of the test labels tell them apart. */
const testLabelSums = {
  "fashion-mnist": "bb300cfdad3c16e7a12a480ee83cd310",
  mnist: "ec29112dd5afa0611ce80d1b7f02629c",
};

const md5 = (path) => createHash("md5").update(readFileSync(path)).digest("hex");

const archive = (pattern) => ({
  find: (files) => files.find((file) => pattern.test(basename(file))),
  prepare: unpackClassFolders,
});

const idx = (name) => ({
  find: (files) =>
    files.find((file) => basename(file) === "t10k-labels-idx1-ubyte.gz" && md5(file) === testLabelSums[name]),
  prepare: prepareIdx,
});

/** Text files that are used as they are: all files beside the one that tells the set. */
const copied = (tell) => ({
  find: (files) => files.find((file) => file.endsWith(tell)),
  prepare: async (found, target, files) => {
    const beside = files.filter((file) => dirname(file) === dirname(found));
    for (const file of beside) await copyFile(file, join(target, basename(file)));
    return `${beside.length} files`;
  },
});

/**
 * What becomes `data/<name>`: `find` picks the file of a download that tells that the set is there, `prepare` fills the
 * folder and says what it did.
 */
export const dataSets = {
  flowers: archive(/^flower[-_]photos\.(tar|tgz|tar\.gz)$/),
  cifar10: archive(/^cifar-?10-?(jpg|images)?\.(zip|tar|tgz|tar\.gz)$/i),
  "fashion-mnist": idx("fashion-mnist"),
  mnist: idx("mnist"),
  "ag-news": copied("ag-news/train.csv"),
  ecg5000: copied("ECG5000_TRAIN.csv"),
  "ett-h1": copied("ETTh1.csv"),
  "japanese-vowels": copied("japanese-vowels/train.csv"),
  "jbrownlee-series": copied("airline-passengers.csv"),
  "sms-spam": {
    find: (files) => files.find((file) => basename(file) === "SMSSpamCollection.tsv"),
    prepare: divideMessages,
  },
  sst2: copied("sst2/train.tsv"),
  tabular: copied("winequality-red.csv"),
  tinyshakespeare: copied("tinyshakespeare/input.txt"),
};
