// `node scripts/licences.mjs`: the licences of all packages that an installed dlctl brings: its dependencies, what those
// depend on, and the packages that are bundled into dist/. The exit code is 1 when one has no licence, or one that is not in
// the list below. `--check` prints only what is wrong, and checks the lock file: no entry names a host, and each
// has a sum but for those of other platforms that scripts/complete-lock.mjs adds, which npm adds when it installs them.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const readJson = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));

/** Licences that let dlctl be passed on under its own, Apache-2.0. */
const allowed = new Set([
  ...["0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Unlicense", "Zlib"],
  ...["CC0-1.0", "Python-2.0"],
]);

/** Allowed only for these: libraries that are loaded as they are and can be replaced. */
const allowedFor = new Map([["LGPL-3.0-or-later", /^@img\/sharp-/]]);

/** Development dependencies whose code is bundled into dist/. */
const bundled = ["@tensorflow/tfjs", "@tensorflow/tfjs-node", "@tensorflow/tfjs-node-gpu"];

const lock = readJson("package-lock.json").packages;

/** The lock's key of the package that `name` means for the package at `place`, as Node looks for it. */
function resolve(place, name) {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    const key = `${folder ? `${folder}/` : ""}node_modules/${name}`;
    if (lock[key]) return key;
    if (folder === "") return undefined;
  }
}

const reached = new Set();
function reach(place, names) {
  for (const name of names) {
    const key = resolve(place, name);
    if (!key || reached.has(key)) continue;
    reached.add(key);
    const { dependencies = {}, optionalDependencies = {} } = lock[key];
    reach(key, [...Object.keys(dependencies), ...Object.keys(optionalDependencies)]);
  }
}
reach("", [...Object.keys(lock[""].dependencies), ...bundled]);

/** Of the lock, else of the installed package: older ones state it in other ways. */
function licenceOf(key) {
  if (lock[key].license) return lock[key].license;
  try {
    const { license, licenses } = readJson(join(key, "package.json"));
    return license?.type ?? license ?? licenses?.map(({ type }) => type).join(" OR ");
  } catch {
    // A package of another platform, whose entry was made by name: it has the licence of its siblings, which are checked.
    return lock[key].optional && lock[key].os ? "of another platform" : undefined;
  }
}

/** "(MIT OR X)" needs one of them, "A AND B" both. */
function isAllowed(licence, name) {
  const plain = licence.replaceAll(/[()]/g, "");
  if (plain.includes(" OR ")) return plain.split(" OR ").some((each) => isAllowed(each, name));
  return plain.split(" AND ").every((each) => allowed.has(each) || allowedFor.get(each)?.test(name));
}

const problems = [];
const lines = [];
for (const key of [...reached].sort()) {
  const name = key.slice(key.lastIndexOf("node_modules/") + "node_modules/".length);
  const licence = licenceOf(key);
  if (licence === "of another platform") continue;
  lines.push(`${name}@${lock[key].version}  ${licence ?? "none"}`);
  if (licence === undefined) problems.push(`${name}@${lock[key].version} states no licence`);
  else if (!isAllowed(licence, name)) problems.push(`${name}@${lock[key].version}: ${licence} is not in the list`);
}

for (const [key, { resolved, integrity, optional, os, link }] of Object.entries(lock)) {
  if (key === "" || link) continue;
  if (resolved !== undefined) problems.push(`package-lock.json: ${key} names a host`);
  if (integrity === undefined && !(optional && os)) problems.push(`package-lock.json: ${key} has no sum`);
}

if (!process.argv.includes("--check")) for (const line of lines) console.log(line);
for (const problem of problems) console.error(problem);
console.error(
  `${lines.length} packages, ${problems.length === 0 ? "all licences allowed" : `${problems.length} problems`}`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
