import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const partBytes = 60e6;
const dataFiles = [
  ...["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz"].map(
    (name) => `fashion-mnist/${name}`,
  ),
  ...["fashion-mnist/t10k-labels-idx1-ubyte.gz", "ecg5000/ECG5000_TRAIN.csv", "ecg5000/ECG5000_TEST.csv"],
  "tinyshakespeare/input.txt",
];

/** Writes parts of an archive, their sums and run.sh into `folder`, which must be empty or of an earlier run. */
export async function prepare(folder) {
  const { findInstalledRuntime } = await load("runtime/installed-runtime.js");
  const { cacheFolder } = await load("runtime/cache-folder.js");
  const runtimes = ["gpu", "cpu"].map((device) => {
    const runtime = findInstalledRuntime(device);
    if (!runtime)
      throw new Error(`Set it up first: dlctl setup --device ${device}${device === "gpu" ? " --cuda pip" : ""}`);
    return runtime;
  });
  const missing = dataFiles.filter((file) => !existsSync(join(root, "data", file)));
  if (missing.length > 0)
    throw new Error(`Prepare the data first (npm run prepare-data): data/${missing.join(", data/")} missing`);

  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (/^part-\d+$|^(run\.sh|sums)$/.test(name)) rmSync(join(folder, name));
  }
  const cache = cacheFolder();
  const cached = runtimes.flatMap((runtime) => filesOf(runtime, cache));
  const lists = [
    { from: cache, to: "cache/dlctl", paths: [...new Set(cached)] },
    { from: root, to: "app", paths: appPaths() },
    { from: dirname(process.execPath), to: "node", paths: [basename(process.execPath)] },
  ];
  for (const [index, { from, to, paths }] of lists.entries()) pack(folder, index, from, to, paths);
  writeSums(folder);
  writeFileSync(join(folder, "run.sh"), runScript);
  const parts = readdirSync(folder).filter((name) => name.startsWith("part-"));
  const bytes = parts.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  console.log(
    `${parts.length} parts of at most ${partBytes / 1e6} MB, ${Math.round(bytes / 1e6)} MB in all, in ${folder}`,
  );
}

const load = (path) => import(join(root, "dist", path)).then((module) => module.default ?? module);

/** Of a runtime in the cache: its addon, the libtensorflow it is linked to, and the CUDA libraries, where these are in the cache too. */
function filesOf({ folder, device, libtensorflow, cuda }, cache) {
  const outside = cuda?.libraries.find(({ path }) => !path.startsWith(`${cache}/`));
  if (outside)
    throw new Error(
      `${outside.path} is of this system; dlctl setup --device gpu --cuda pip gets libraries that can be carried`,
    );
  const libraries = (cuda?.libraries ?? []).map(({ path }) => relative(cache, path).split("/")[0]);
  return [
    basename(folder),
    `libtensorflow-${device}-${process.platform}-${process.arch}-${libtensorflow}`,
    ...libraries,
  ];
}

/** What dlctl is run from: as built, and the packages that it needs. */
function appPaths() {
  const listed = execFileSync("npm", ["ls", "--omit=dev", "--all", "--parseable"], { cwd: root, encoding: "utf8" });
  const packages = listed
    .trim()
    .split("\n")
    .map((path) => relative(root, path))
    .filter((path) => path !== "");
  const own = ["package.json", "bin", "dist", "configs/reference", "scripts/gpu-check.mjs", "scripts/gpu-check"];
  return [...own, ...packages, ...dataFiles.map((file) => `data/${file}`)];
}

/** gzip at its fastest: two thirds of the time of a better one, and what is packed hardly gets smaller. */
function pack(folder, index, from, to, paths) {
  const prefix = join(folder, `part-${index}`);
  const script = `tar -C "$1" --transform "s,^,$2/,S" -chf - --files-from=- | gzip -1 | split -b ${partBytes} -a 3 -d - "$3"`;
  execFileSync("bash", ["-o", "pipefail", "-c", script, "pack", from, to, prefix], {
    input: paths.join("\n"),
    stdio: ["pipe", "inherit", "inherit"],
  });
}

function writeSums(folder) {
  const parts = readdirSync(folder)
    .filter((name) => name.startsWith("part-"))
    .sort();
  const lines = parts.map(
    (name) =>
      `${createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex")}  ${name}`,
  );
  writeFileSync(join(folder, "sums"), `${lines.join("\n")}\n`);
}

const runScript = `#!/bin/sh
# Checks the parts, unpacks them beside themselves (or into $WORK) and runs what is to be proven. No network, no settings.
set -e
here=$(cd "$(dirname "$0")" && pwd)
work=\${WORK:-$here/unpacked}
mkdir -p "$work"
if [ ! -f "$work/whole" ]; then
  (cd "$here" && sha256sum --quiet -c sums)
  for archive in 0 1 2; do cat "$here"/part-$archive[0-9][0-9][0-9] | tar -xzf - -C "$work"; done
  touch "$work/whole"
fi
exec "$work/node/node" "$work/app/scripts/gpu-check.mjs" --unpacked "$work" "$@"
`;
