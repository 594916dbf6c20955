import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { unpackImages } from "./archives.mjs";

const splitNames = { train: "train", val: "test", validation: "test", test: "test" };
/** Of an archive that is not divided, every fifth picture of a class tests. */
const testEvery = 5;

/**
 * Unpacks an archive of pictures into `train` and `test` folders of classes in `target`. Its own division is kept, its
 * val folder becoming test; one without is divided here. Returns what was done, for people.
 */
export async function unpackClassFolders(archive, target) {
  const staging = await mkdtemp(join(target, "unpacking-"));
  const counts = { train: 0, test: 0 };
  const notes = new Set();
  for (const [name, paths] of byClass(await unpackImages(archive, staging))) {
    for (const [index, path] of paths.sort().entries()) {
      const given = path.split("/").at(-3) ?? "";
      const isDivided = Object.hasOwn(splitNames, given);
      const split = isDivided ? splitNames[given] : (index + 1) % testEvery === 0 ? "test" : "train";
      if (!isDivided) notes.add(`every ${testEvery}th picture of a class is in test/`);
      else if (given !== split) notes.add(`its ${given}/ is test/ here`);
      await moveInto(join(staging, path), join(target, split, name));
      counts[split]++;
    }
  }
  await rm(staging, { recursive: true });
  return [`${counts.train} training and ${counts.test} test pictures`, ...notes].join("; ");
}

/** Paths by the folder that holds each picture. */
function byClass(paths) {
  const classes = new Map();
  for (const path of paths) {
    const name = path.split("/").at(-2);
    if (!name) throw new Error(`${path} is in no class folder`);
    classes.set(name, [...(classes.get(name) ?? []), path]);
  }
  return classes;
}

async function moveInto(file, folder) {
  await mkdir(folder, { recursive: true });
  await rename(file, join(folder, basename(file)));
}
