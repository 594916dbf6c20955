// Adds to package-lock.json the binary packages of other platforms that the registry in use did not offer when the lock
// was written: without an entry for each, `npm ci` refuses the whole lock, on every platform. To be run after
// `npm install <package>`. Entries get no sum; npm adds what it knows. `--check` changes nothing and exits with 1 if any
// is missing.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const path = join(dirname(fileURLToPath(import.meta.url)), "..", "package-lock.json");
const lock = JSON.parse(readFileSync(path, "utf8"));

const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const processors = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

/** os, cpu and libc as the package itself states them, read off its name: `@swc/core-linux-arm64-musl`. */
function platformOf(name) {
  const parts = name.split(/[-/]/);
  const os = systems.filter((system) => parts.includes(system));
  const cpu = processors.filter((processor) => parts.includes(processor));
  const libc = parts.some((part) => part.startsWith("musl"))
    ? ["musl"]
    : parts.some((part) => part.startsWith("gnu"))
      ? ["glibc"]
      : [];
  return { cpu, os, ...(os[0] === "linux" && libc.length > 0 ? { libc } : {}) };
}

/** Whether `name` is found from the package at `place`, as Node looks for it. */
function isLocked(place, name) {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    if (lock.packages[`${folder ? `${folder}/` : ""}node_modules/${name}`]) return true;
    if (folder === "") return false;
  }
}

const added = [];
for (const [place, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(optionalDependencies)) {
    const { os, cpu, libc } = platformOf(name);
    if (isLocked(place, name) || os.length === 0 || cpu.length === 0) continue;
    const version = range.replace(/^[\^~]/, "");
    const flags = { ...(dev ? { dev: true } : {}), ...(libc ? { libc } : {}) };
    lock.packages[`node_modules/${name}`] = { version, cpu, ...flags, optional: true, os };
    added.push(`${name}@${version}`);
  }
}

if (added.length === 0) {
  console.log("Nothing is missing.");
} else if (process.argv.includes("--check")) {
  console.log(`package-lock.json lacks ${added.length} packages of other platforms, so that npm ci fails.`);
  console.log("  Run: node scripts/complete-lock.mjs");
  process.exitCode = 1;
} else {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")));
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`Added ${added.length}:\n  ${added.join("\n  ")}`);
}
