// Unpacks and divides the data sets found in a folder of downloads into data/, which git ignores: what the configs in
// configs/reference read. A set that is there already is left as it is; delete its folder to prepare it anew.
//
//   npm run prepare-data -- <folder>            all sets found
//   npm run prepare-data -- <folder> flowers    only these
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { dataSets } from "./prepare-data/data-sets.mjs";

const data = process.env.DLCTL_DATA_FOLDER ?? join(dirname(fileURLToPath(import.meta.url)), "..", "data");

function fail(problem, advice) {
  console.error(`${problem}\n  ${advice}`);
  process.exit(2);
}

const [folder, ...names] = process.argv.slice(2);
const known = Object.keys(dataSets);
if (!folder)
  fail("Name the folder that holds the downloads.", `npm run prepare-data -- <folder> [${known.join("|")} ...]`);
if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
  fail(`There is no folder ${folder}.`, "Check the path.");
const unknown = names.find((name) => !known.includes(name));
if (unknown) fail(`There is no data set "${unknown}".`, `Known: ${known.join(", ")}`);

/** `data/<name>` appears whole or not at all. */
async function prepare(name, found, files) {
  const place = join(data, name);
  const staging = `${place}.partial`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  try {
    const done = await dataSets[name].prepare(found, staging, files);
    await rename(staging, place);
    console.log(`${name}: ${done}`);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .sort();
let failures = 0;
let foundAny = false;
for (const name of names.length > 0 ? names : known) {
  const found = dataSets[name].find(files);
  if (existsSync(join(data, name))) console.log(`${name}: is in data/ already`);
  else if (found) {
    await prepare(name, found, files).catch((error) => {
      console.error(`${name}: can't be prepared from ${found}: ${error.message}`);
      failures++;
    });
  } else if (names.length > 0) {
    console.error(`${name}: not found in ${folder}`);
    failures++;
  }
  foundAny ||= found !== undefined;
}
if (!foundAny && failures === 0) fail(`No known data set is in ${folder}.`, `Known: ${known.join(", ")}`);
process.exitCode = failures > 0 ? 4 : 0;
